"""What narrows a binding, as its form offers it, and back: fields, filters, JQL.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.http import QueryDict

from duolog.core.directions import NEEDED, SlotDirection
from duolog.core.fields import FIELDS
from duolog.people.errors import Invalid
from duolog.sync.basis.scopes import FilterHere
from duolog.sync.binding.rules import Rules
from duolog.sync.link.words import slot_name
from duolog.workplace.models import WorkItemType

DIRECTIONS_OF_FIELDS: Final = (
    (SlotDirection.BOTH.value, "Both ways"),
    (SlotDirection.HERE_TO_JIRA.value, "Here to Jira"),
    (SlotDirection.JIRA_TO_HERE.value, "Jira to here"),
    (SlotDirection.OFF.value, "Not at all"),
)
_KINDS: Final[Mapping[str, str]] = {
    "label": "Labels",
    "component": "Components",
    "version": "Fix versions",
    "comment": "Comments",
    "attachment": "Attachments",
    "relation": "Relations",
    "worklog": "Worklogs",
    "property": "Properties",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One field with its direction."""

    name: str
    words: str
    value: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The narrowing parts of the rules as the form stands."""

    fields: Mapping[str, str] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    labels: str = ""
    statuses: tuple[str, ...] = ()
    jql: str = ""
    restricted_comments: bool = False

    @classmethod
    def of(cls, given: QueryDict) -> Narrowing:
        """What was sent."""
        return cls(
            {name: str(given.get(f"field-{name}", SlotDirection.BOTH.value)) for name in names()},
            tuple(given.getlist("only_type")),
            str(given.get("only_labels", "")),
            tuple(given.getlist("only_status")),
            str(given.get("jql", "")),
            "restricted_comments" in given,
        )

    @classmethod
    def of_rules(cls, rules: Rules) -> Narrowing:
        """What a binding goes by."""
        taken = rules.filter_here
        return cls(
            {name: way.value for name, way in rules.fields.items()},
            taken.types,
            ", ".join(taken.labels),
            taken.statuses,
            rules.jql,
            rules.restricted_comments,
        )

    def applied(self, rules: Rules) -> Rules:
        """The rules, narrowed so; rules the form does not draw stay.  Raises Invalid."""
        try:
            chosen = {name: SlotDirection(value) for name, value in self.fields.items()}
            types = tuple(WorkItemType(it).value for it in self.types)
            statuses = tuple(str(int(it)) for it in self.statuses)
        except ValueError:
            raise Invalid({"fields": "Choose one of the options."}) from None
        labels = tuple(label for it in self.labels.split(",") if (label := it.strip()))
        return replace(
            rules,
            fields={**rules.fields, **chosen},
            filter_here=FilterHere(types, labels, statuses),
            jql=self.jql.strip(),
            restricted_comments=self.restricted_comments,
        )

    def context(self, statuses: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """For `web/jira/narrow_fields.html`; the statuses as (id, name)."""
        drawn = [
            Line(name, words, self.fields.get(name, SlotDirection.BOTH.value))
            for name, words in names().items()
        ]
        return {
            "narrow": self,
            "narrow_lines": drawn,
            "narrowed": sum(line.value != SlotDirection.BOTH.value for line in drawn),
            "field_directions": DIRECTIONS_OF_FIELDS,
            "types": WorkItemType.choices,
            "statuses": list(statuses),
        }


def names() -> Mapping[str, str]:
    """The fields and kinds that may be narrowed, in the order in which they are drawn."""
    fields = [slot for slot in FIELDS if slot not in NEEDED]
    return {**{slot.key: slot_name(slot.kind, slot.key) for slot in fields}, **_KINDS}
