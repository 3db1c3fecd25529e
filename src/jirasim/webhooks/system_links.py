"""The link types by which Jira itself ties children to parents.  Users never see them.

Their names and styles are those of Jira's own database; the ids differ from site to site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jirasim.site.model import LinkType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jirasim.site.model import Issue
    from jirasim.site.state import Site


@dataclass(frozen=True, slots=True)
class SystemType(LinkType):
    """A link type with a style that marks it as Jira's own."""

    style: str = ""


SUBTASK: Final = SystemType(
    "10100",
    "jira_subtask_link",
    "jira_subtask_inward",
    "jira_subtask_outward",
    "jira_subtask",
)
EPIC: Final = SystemType("10200", "Epic-Story Link", "has Epic", "is Epic of", "jira_gh_epic_story")
SYSTEM_TYPES: Final[Mapping[str, SystemType]] = {one.id: one for one in (SUBTASK, EPIC)}


def system_type(site: Site, child: Issue) -> SystemType:
    """How an issue hangs at its parent."""
    return SUBTASK if site.state.issue_types[child.type_id].subtask else EPIC
