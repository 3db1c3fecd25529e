"""What a Jira project offers, as it was when it was last read.  Pure; kept with the binding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from duolog.core import fields as slots
from duolog.core.properties import PropertyKind
from duolog.core.values import Slot
from duolog.jira.epics import Epics

JIRA_FIELD: Final[Mapping[str, str]] = {
    "title": "summary",
    "description": "description",
    "type": "issuetype",
    "priority": "priority",
    "assignee": "assignee",
    "due_on": "duedate",
    "estimate_seconds": "timetracking",
    "remaining_seconds": "timetracking",
    "parent": "parent",
}
JIRA_SET: Final[Mapping[str, str]] = {slots.COMPONENT: "components", slots.VERSION: "fixVersions"}
"""Our slots of kind `field` and Jira's names for them; status is no field but a transition."""
_CUSTOM_FIELD: Final = re.compile(r"customfield_\d+")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of either side, as a table shows it; `sort` is its category, level or stage."""

    id: str
    name: str
    sort: str = ""


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field that a property can stand for: of which kinds, and what it offers.

    `sort` is what Jira calls its kind, such as `grouppicker`.
    """

    id: str
    name: str
    kinds: tuple[PropertyKind, ...]
    options: tuple[Choice, ...] = ()
    sort: str = ""


@dataclass(frozen=True, slots=True)
class ProjectMeta:
    """What a Jira project offers: its types (sort = hierarchy level), statuses, priorities.

    `screens` holds the fields that can be given at creation, by type; `required` the names of
    those that must be, beyond the ones we always give.  `ways` are those in which
    its issues tell their links to others (sort = name of the type).
    `epic_link` and `epic_name` are the fields by which Server speaks of epics, `start` is the one
    for the day work begins; each site has its own ids for them.  `largest_file` is how many bytes
    a file may have, where the site says so.
    """

    types: tuple[Choice, ...] = ()
    statuses: tuple[Choice, ...] = ()
    priorities: tuple[Choice, ...] = ()
    screens: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ways: tuple[Choice, ...] = ()
    epic_link: str = ""
    epic_name: str = ""
    largest_file: int | None = None
    start: str = ""
    customs: tuple[CustomField, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> ProjectMeta:
        """What `to_json` wrote."""
        return cls(
            types=_choices(value.get("types")),
            statuses=_choices(value.get("statuses")),
            priorities=_choices(value.get("priorities")),
            screens=_lists(value.get("screens")),
            required=_lists(value.get("required")),
            ways=_choices(value.get("ways")),
            epic_link=str(value.get("epic_link") or ""),
            epic_name=str(value.get("epic_name") or ""),
            largest_file=size if isinstance(size := value.get("largest_file"), int) else None,
            start=str(value.get("start") or ""),
            customs=_customs(value.get("customs")),
        )

    def say(self, words: str) -> str:
        """Words of Jira's in which custom fields bear their names instead of their ids."""
        named = {each.id: each.name for each in self.customs}
        return _CUSTOM_FIELD.sub(lambda found: named.get(found[0], found[0]), words)

    def to_json(self) -> dict[str, object]:
        """For the binding's row."""
        return {
            "types": [[c.id, c.name, c.sort] for c in self.types],
            "statuses": [[c.id, c.name, c.sort] for c in self.statuses],
            "priorities": [[c.id, c.name, c.sort] for c in self.priorities],
            "screens": {key: list(names) for key, names in self.screens.items()},
            "required": {key: list(names) for key, names in self.required.items()},
            "ways": [[c.id, c.name, c.sort] for c in self.ways],
            "epic_link": self.epic_link,
            "epic_name": self.epic_name,
            "largest_file": self.largest_file,
            "start": self.start,
            "customs": [
                [it.id, it.name, [*it.kinds], [[o.id, o.name] for o in it.options], it.sort]
                for it in self.customs
            ],
        }

    @property
    def epics(self) -> Epics:
        """How an issue of this project says that it lies under an epic."""
        return Epics(
            link=self.epic_link,
            name=self.epic_name,
            kinds=frozenset(c.id for c in self.types if c.sort == "1"),
            subtasks=frozenset(c.id for c in self.types if c.sort == "-1"),
        )

    def level(self, kind: str) -> int:
        """How far above a plain issue this type stands: 1 for epics, -1 for sub-tasks."""
        return next((int(c.sort) for c in self.types if c.id == kind), 0)

    def left_out(self) -> frozenset[Slot]:
        """The slots this project has no field for, on any of its types."""
        no_start = set() if self.start else {slots.START_ON}
        if not self.screens:
            return frozenset(no_start)
        offered = self._offered()
        if self.epic_link in offered:
            offered.add("parent")
        fields = {Slot("field", ours) for ours, there in JIRA_FIELD.items() if there not in offered}
        sets = {slots.whole_of(kind) for kind, there in JIRA_SET.items() if there not in offered}
        return frozenset(fields | sets | no_start)

    def read_only(self) -> frozenset[Slot]:
        """The slots that can be seen in Jira, but that we may not set: who reported an issue."""
        is_closed = bool(self.screens) and "reporter" not in self._offered()
        return frozenset({slots.REPORTER}) if is_closed else frozenset()

    def has(self, field_id: str) -> bool:
        """Whether a custom field is on a screen of this project."""
        return any(custom.id == field_id for custom in self.customs)

    def is_on_screen(self, kind: str, name: str) -> bool:
        """Whether a field can be given when an issue of this type is created, as far as known."""
        return name in self.screens.get(kind, (name,))

    def _offered(self) -> set[str]:
        return {name for names in self.screens.values() for name in names}


def _choices(value: object) -> tuple[Choice, ...]:
    rows = value if isinstance(value, list) else []
    return tuple(Choice(*(str(part) for part in row)) for row in rows)


def _customs(value: object) -> tuple[CustomField, ...]:
    rows = value if isinstance(value, list) else []
    return tuple(
        CustomField(str(key), str(name), tuple(map(PropertyKind, kinds)), _choices(options), *sort)
        for key, name, kinds, options, *sort in rows  # what was kept before has no sort
    )


def _lists(value: object) -> dict[str, tuple[str, ...]]:
    table = value if isinstance(value, dict) else {}
    return {str(key): tuple(map(str, names)) for key, names in table.items()}


def texts(value: object) -> dict[str, str]:
    """A table of texts as it was stored, without its empty places."""
    table = value if isinstance(value, dict) else {}
    return {str(key): str(it) for key, it in table.items() if it}
