"""Reads to whom a comment or worklog shall be visible: a role or a group of the actor."""

from collections.abc import Mapping

from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User, Visibility
from jirasim.site.permissions import ROLE_IDS, is_among
from jirasim.site.state import Site


def read_visibility(
    site: Site, actor: User, issue: Issue, body: Mapping[str, object]
) -> Visibility | None:
    """The `visibility` of a request body; None: for all.

    Nobody can restrict to a role or group that they are not in.  Raises Refusal 400.
    """
    raw = body.get("visibility")
    if not isinstance(raw, Mapping):
        return None
    name = str(raw.get("identifier") or raw.get("value") or "")
    found = _group(site, name) if raw.get("type") == "group" else _role(name)
    if not is_among(actor, site.state.projects[issue.project_id], found):
        kind = "group" if found.kind == "group" else "project role"
        raise _refused(f"You are currently not a member of the {kind}: {found.value}.")
    return found


def _group(site: Site, name: str) -> Visibility:
    group = site.find_group(name)
    if group is None:
        raise _refused(f"Group: {name} does not exist.")
    return Visibility("group", group.name, group.id)


def _role(name: str) -> Visibility:
    found = next((one for one in ROLE_IDS.items() if name in one), None)
    if found is None:
        raise _refused(f"Role: {name} does not exist.")
    return Visibility("role", *found)


def _refused(why: str) -> Refusal:
    return Refusal(400, fields={"commentLevel": why})
