"""How Server says that an issue lies under an epic.  Facts of one project; nothing is sent here.

Cloud has one field `parent` for every level.  Server has it for sub-tasks alone; what lies under
an epic names the epic's key in a custom field, and an epic needs a name beside its summary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duolog.jira.jql import quote
from duolog.jira.wire import CreateField, Issue, Json

LINK_KIND: Final = "com.pyxis.greenhopper.jira:gh-epic-link"
NAME_KIND: Final = "com.pyxis.greenhopper.jira:gh-epic-label"
PARENT: Final = "parent"


@dataclass(frozen=True, slots=True)
class Epics:
    """The fields `link` and `name` of a Server project, and which of its types are on which level.

    Without a link field, as on Cloud, `parent` says it all.
    """

    link: str = ""
    name: str = ""
    kinds: frozenset[str] = frozenset()
    subtasks: frozenset[str] = frozenset()

    def parent_field(self, kind: str) -> str:
        """The field that names the parent of an issue of this type."""
        return self.link if self.link and kind not in self.subtasks else PARENT

    def key_above(self, issue: Issue) -> str | None:
        """The key of the epic that an issue lies under, where a field of its own says so."""
        key: Json = issue.fields.get(self.link) if self.link else None
        return key if isinstance(key, str) and key else None

    def below(self, issue_id: str, key: str) -> str:
        """The condition of JQL that an issue lies directly below an epic."""
        if not self.link:
            return f"parent = {int(issue_id)}"
        return f"cf[{self.link.removeprefix('customfield_')}] = {quote(key)}"

    def lies_below(self, issue: Issue, issue_id: str, key: str) -> bool:
        """Whether an issue lies directly below this epic."""
        parent = issue.known.parent
        return parent.id == issue_id if parent is not None else self.key_above(issue) == key

    def read_fields(self) -> tuple[str, ...]:
        """What must be read beside the usual fields."""
        return (self.link,) if self.link else ()


def is_kind(field: CreateField, kind: str) -> bool:
    """Whether a field is the one of this plugin's kind; its id differs from site to site."""
    return field.field_schema is not None and field.field_schema.custom == kind
