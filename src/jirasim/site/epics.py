"""Epics: what they are called, what is in them, and moving issues into and out of them."""

from collections.abc import Mapping, Sequence

from jirasim.site.agile_catalog import (
    COLOR_FIELD_PREFIX,
    COLORS,
    EPIC_DONE,
    EPIC_TO_DO,
)
from jirasim.site.agile_fields import agile_fields
from jirasim.site.agile_model import Sprint
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.permissions import may, may_see
from jirasim.site.state import Site

EPIC_UNSEEN = (
    "The requested epic cannot be viewed because it either does not exist or you do not have "
    "permission to view it."
)


def is_epic(site: Site, issue: Issue) -> bool:
    """Whether other issues belong to it without being its sub-tasks."""
    return site.state.issue_types[issue.type_id].hierarchy_level == 1


def epic_of(site: Site, issue: Issue) -> Issue | None:
    """The epic that an issue is in."""
    parent = site.state.issues.get(issue.parent_id or "")
    return parent if parent is not None and is_epic(site, parent) else None


def sprints_of(site: Site, issue: Issue) -> tuple[Sprint, ...]:
    """Its sprints; a sub-task is in those of its parent."""
    parent = site.state.issues.get(issue.parent_id or "")
    subtask = site.state.issue_types[issue.type_id].subtask
    holder = parent if subtask and parent is not None else issue
    return tuple(site.state.sprints[one] for one in holder.sprints)


def name(site: Site, epic: Issue) -> str:
    """Its Epic Name, or its summary where it has none, as on newer Cloud sites."""
    return str(epic.custom.get(agile_fields(site.product).epic_name) or epic.summary)


def color(site: Site, epic: Issue) -> str:
    """One of `COLORS`."""
    stored = str(epic.custom.get(agile_fields(site.product).epic_color) or "")
    number = stored.removeprefix(COLOR_FIELD_PREFIX) or "1"
    return f"color_{number}"


def done(site: Site, epic: Issue) -> bool:
    """Whether it was marked as done on the board, which its status does not say."""
    return epic.custom.get(agile_fields(site.product).epic_status) == EPIC_DONE.id


def visible_epic(site: Site, user: User | None, id_or_key: str) -> Issue:
    """The epic.  Raises Refusal 404; epics of team-managed projects are none here, as documented."""
    found = site.find_issue(id_or_key)
    if found is None or not may_see(site, user, found) or not is_epic(site, found):
        raise Refusal(404, EPIC_UNSEEN)
    if site.product.cloud and site.state.projects[found.project_id].team_managed:
        raise Refusal(400, "Epics of team-managed projects are not supported here.")
    return found


def editable_epic(site: Site, user: User, id_or_key: str) -> Issue:
    """The same, for one who may edit it."""
    found = visible_epic(site, user, id_or_key)
    if not may(user, "EDIT_ISSUES", site.state.projects[found.project_id]):
        raise Refusal(403, "You do not have permission to edit this epic.")
    return found


def read_update(site: Site, body: Mapping[str, object]) -> dict[str, object]:
    """The new values that a partial update asks for.  Raises Refusal 400."""
    mine = agile_fields(site.product)
    values: dict[str, object] = {}
    for given, field_id in (("name", mine.epic_name), ("summary", "summary")):
        if isinstance(body.get(given), str) and str(body[given]).strip():
            values[field_id] = str(body[given])
        elif body.get(given) is not None:
            raise Refusal(400, f"The {given} of an epic must be a text.")
    if isinstance(body.get("done"), bool):
        values[mine.epic_status] = EPIC_DONE.id if body["done"] else EPIC_TO_DO.id
    shade = body.get("color")
    if shade is not None:
        key = shade.get("key") if isinstance(shade, Mapping) else None
        if key not in COLORS:
            raise Refusal(400, f"The color of an epic must be one of {', '.join(COLORS)}.")
        values[mine.epic_color] = str(key).replace("color_", COLOR_FIELD_PREFIX)
    return values


def check_movable(site: Site, user: User, issues: Sequence[Issue]) -> None:
    """Raise Refusal unless each may be edited and can be in an epic."""
    for issue in issues:
        if not may(user, "EDIT_ISSUES", site.state.projects[issue.project_id]):
            raise Refusal(403, f"You do not have permission to edit issue '{issue.key}'.")
        if site.state.issue_types[issue.type_id].hierarchy_level != 0:
            raise Refusal(400, f"Issue '{issue.key}' can not be in an epic.")
