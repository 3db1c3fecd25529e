"""Values of Jira Software's fields: a sprint is a number, an epic its key (jira.md 6.1)."""

from collections.abc import Callable, Mapping

from jirasim.site.agile_fields import EPIC_LINK, SPRINT
from jirasim.site.agile_model import SprintState
from jirasim.site.decode import BadValue, Target
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue
from jirasim.site.permissions import may_see
from jirasim.site.state import Site

NOT_A_SPRINT_ID = "Number value expected as the Sprint id."
NOT_OPEN = "Issue can be assigned only active or future sprints."
SPRINT_UNSEEN = "We could not find the sprint"


def with_open(site: Site, issue: Issue | None, sprint_id: str | None) -> tuple[str, ...]:
    """The sprints of an issue that goes into this one (None: into none): closed ones stay."""
    before = () if issue is None else issue.sprints
    closed = [one for one in before if site.state.sprints[one].state is SprintState.CLOSED]
    return tuple(closed if sprint_id is None else [*closed, sprint_id])


def _sprint(target: Target, raw: object) -> tuple[str, ...]:
    if raw is None or raw == "":
        return with_open(target.site, target.issue, None)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Refusal(400, NOT_A_SPRINT_ID)
    sprint = target.site.state.sprints.get(str(int(raw)))
    if sprint is None:
        raise Refusal(400, SPRINT_UNSEEN)
    if sprint.state is SprintState.CLOSED:
        raise Refusal(400, NOT_OPEN)
    return with_open(target.site, target.issue, sprint.id)


def _epic(target: Target, raw: object) -> str | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise BadValue("Epic link must be an issue key")
    found = target.site.find_issue(raw)
    if found is None or not may_see(target.site, target.actor, found):
        raise BadValue(f"Issue with key '{raw}' does not exist or you cannot see it.")
    if target.site.state.issue_types[found.type_id].hierarchy_level != 1:
        raise BadValue(f"Issue '{found.key}' is not an epic.")
    return found.id


DECODERS: Mapping[str, Callable[[Target, object], object]] = {EPIC_LINK: _epic, SPRINT: _sprint}
