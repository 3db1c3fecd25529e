"""The mapping of a binding: which type, status, priority and person stands for which.  Pure.

Suggested by name, then by meaning, then by likeness; people correct it in a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, TypeVar

from duolog.core.fields import FieldMap, ValueMap
from duolog.core.values import Slot
from duolog.jira.epics import Epics
from duolog.workplace.models import Priority, Stage, WorkItemType

T = TypeVar("T")

LIKE_ENOUGH: Final = 0.8

CATEGORY_OF_STAGE: Final[Mapping[str, str]] = {
    Stage.DRAFT: "new",
    Stage.TO_DO: "new",
    Stage.IN_PROGRESS: "indeterminate",
    Stage.DONE: "done",
    Stage.CANCELED: "done",
}
STAGE_OF_CATEGORY: Final[Mapping[str, str]] = {
    "new": Stage.TO_DO,
    "indeterminate": Stage.IN_PROGRESS,
    "done": Stage.DONE,
}
JIRA_FIELD: Final[Mapping[str, str]] = {
    "title": "summary",
    "description": "description",
    "type": "issuetype",
    "priority": "priority",
    "assignee": "assignee",
    "due_on": "duedate",
    "parent": "parent",
}
"""Our slots of kind `field` and Jira's names for them; status is no field but a transition."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of either side, as a table shows it; `sort` is its category, level or stage."""

    id: str
    name: str
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """Where issues of one type begin, and the transitions that lead on from there, by status."""

    start: str
    to: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProjectMeta:
    """What a Jira project offers: its types (sort = hierarchy level), statuses, priorities.

    `screens` holds the fields that can be given at creation, by type; `required` the names of
    those that must be, beyond the ones we always give; `steps` the first steps of each type.
    `epic_link` and `epic_name` are the fields by which Server speaks of epics.
    """

    types: tuple[Choice, ...] = ()
    statuses: tuple[Choice, ...] = ()
    priorities: tuple[Choice, ...] = ()
    screens: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    steps: Mapping[str, Steps] = field(default_factory=dict)
    epic_link: str = ""
    epic_name: str = ""

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> ProjectMeta:
        """What `to_json` wrote."""
        return cls(
            types=_choices(value.get("types")),
            statuses=_choices(value.get("statuses")),
            priorities=_choices(value.get("priorities")),
            screens=_lists(value.get("screens")),
            required=_lists(value.get("required")),
            steps=_steps(value.get("steps")),
            epic_link=str(value.get("epic_link") or ""),
            epic_name=str(value.get("epic_name") or ""),
        )

    def to_json(self) -> dict[str, object]:
        """For the binding's row."""
        return {
            "types": [[c.id, c.name, c.sort] for c in self.types],
            "statuses": [[c.id, c.name, c.sort] for c in self.statuses],
            "priorities": [[c.id, c.name, c.sort] for c in self.priorities],
            "screens": {key: list(names) for key, names in self.screens.items()},
            "required": {key: list(names) for key, names in self.required.items()},
            "steps": {key: [it.start, dict(it.to)] for key, it in self.steps.items()},
            "epic_link": self.epic_link,
            "epic_name": self.epic_name,
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
        if not self.screens:
            return frozenset()
        offered = {name for names in self.screens.values() for name in names}
        if self.epic_link in offered:
            offered.add("parent")
        return frozenset(
            Slot("field", ours) for ours, theirs in JIRA_FIELD.items() if theirs not in offered
        )


def fields_from_json(value: Mapping[str, object], meta: ProjectMeta) -> FieldMap:
    """The field map that `fields_to_json` wrote, for a project as it is now."""
    return FieldMap(
        types=_value_map(value.get("types")),
        statuses=_value_map(value.get("statuses")),
        priorities=_value_map(value.get("priorities")),
        users=_value_map(value.get("users")),
        left_out=meta.left_out(),
    )


def fields_to_json(fields: FieldMap) -> dict[str, object]:
    """For the binding's row and the API."""
    tables = {
        "types": fields.types,
        "statuses": fields.statuses,
        "priorities": fields.priorities,
        "users": fields.users,
    }
    return {
        name: {"out": dict(table.outbound), "in": dict(table.inbound)}
        for name, table in tables.items()
    }


def suggest(
    meta: ProjectMeta, *, statuses: Sequence[Choice], people: Mapping[str, str]
) -> FieldMap:
    """A field map to start from.

    `statuses` are the team's own (sort = stage); `people` says which account is which member.
    """
    return FieldMap(
        types=_suggest_types(meta.types),
        statuses=_suggest_statuses(statuses, meta.statuses),
        priorities=_suggest_priorities(meta.priorities),
        users=ValueMap({member: account for account, member in people.items()}, dict(people)),
        left_out=meta.left_out(),
    )


def problems(fields: FieldMap, names: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Why this map cannot be used: a value would not come to rest.  Empty when it can.

    `names` are those of the local values, by kind (`type`, `status`, `priority`) and id.
    """
    tables = {"type": fields.types, "status": fields.statuses, "priority": fields.priorities}
    return tuple(
        f"The {name} {names.get(name, {}).get(value, value)} would come back from Jira as "
        "something else: send it to the value that it comes from."
        for name, table in tables.items()
        for value in table.restless()
    )


def unmapped(fields: FieldMap, used: Mapping[str, Iterable[Choice]]) -> tuple[str, ...]:
    """The values in use here that Jira has no counterpart for, in words.

    `used` lists them by kind: types, statuses, priorities, users.
    """
    tables = {
        "types": fields.types,
        "statuses": fields.statuses,
        "priorities": fields.priorities,
        "users": fields.users,
    }
    return tuple(
        choice.name
        for name, choices in used.items()
        for choice in choices
        if tables[name].encode(choice.id) is None
    )


def _suggest_types(offered: Sequence[Choice]) -> ValueMap:
    outbound: dict[str, str] = {}
    standard = [c for c in offered if c.sort == "0"]
    by_level = {
        WorkItemType.EPIC: [c for c in offered if c.sort == "1"],
        WorkItemType.SUB_TASK: [c for c in offered if c.sort == "-1"],
    }
    for ours in WorkItemType:
        candidates = by_level.get(ours, standard)
        found = _by_name(ours.label, candidates) or _first(candidates)
        if found is not None:
            outbound[ours.value] = found.id
    inbound = {theirs.id: _type_here(theirs, outbound) for theirs in offered}
    return ValueMap(outbound, inbound)


def _type_here(theirs: Choice, outbound: Mapping[str, str]) -> str:
    named = [ours for ours, remote in outbound.items() if remote == theirs.id]
    exact = next((o for o in named if _same(WorkItemType(o).label, theirs.name)), None)
    by_level = {"1": WorkItemType.EPIC.value, "-1": WorkItemType.SUB_TASK.value}
    return exact or _first(named) or by_level.get(theirs.sort, WorkItemType.TASK.value)


def _suggest_statuses(ours: Sequence[Choice], theirs: Sequence[Choice]) -> ValueMap:
    outbound: dict[str, str] = {}
    for status in ours:
        category = CATEGORY_OF_STAGE[status.sort]
        alike = [c for c in theirs if c.sort == category]
        found = _by_name(status.name, theirs) or _like(status.name, alike) or _first(alike)
        if found is not None:
            outbound[status.id] = found.id
    inbound: dict[str, str] = {}
    for status in theirs:
        senders = [c for c in ours if outbound.get(c.id) == status.id]
        stage = STAGE_OF_CATEGORY.get(status.sort, Stage.TO_DO)
        here = (
            _by_name(status.name, ours)
            or _first([c for c in senders if c.sort == stage])
            or _first(senders)
            or _first([c for c in ours if c.sort == stage])
        )
        if here is not None:
            inbound[status.id] = here.id
    return ValueMap(outbound, inbound)


def _suggest_priorities(offered: Sequence[Choice]) -> ValueMap:
    """By name where the names agree, the rest by their order: most pressing first."""
    ours = [Choice(p.value, p.label) for p in Priority]
    if len(offered) == len(ours):
        outbound = {mine.id: theirs.id for mine, theirs in zip(ours, offered, strict=True)}
        return ValueMap(outbound, {theirs: mine for mine, theirs in outbound.items()})
    outbound = {}
    for place, mine in enumerate(ours):
        if offered:
            scaled = round(place * (len(offered) - 1) / (len(ours) - 1))
            outbound[mine.id] = (_by_name(mine.name, offered) or offered[scaled]).id
    inbound = {
        theirs.id: (
            _first([m.id for m in ours if _same(m.name, theirs.name)])
            or _first([m.id for m in ours if outbound.get(m.id) == theirs.id])
            or Priority.NONE.value
        )
        for theirs in offered
    }
    return ValueMap(outbound, inbound)


def match_people(
    accounts: Iterable[tuple[str, str | None, str]], members: Iterable[tuple[str, str, str]]
) -> dict[str, str]:
    """Which account is which member: by e-mail, else by a display name that only one bears.

    Accounts are (id, e-mail if shown, display name); members (id, e-mail, name).
    """
    members = list(members)
    by_email = {email.casefold(): key for key, email, _ in members}
    names: dict[str, list[str]] = {}
    for key, _, name in members:
        names.setdefault(name.casefold(), []).append(key)
    found: dict[str, str] = {}
    for account, email, name in accounts:
        same_name = names.get(name.casefold(), [])
        member = by_email.get((email or "").casefold()) or (
            same_name[0] if len(same_name) == 1 else None
        )
        if member is not None and member not in found.values():
            found[account] = member
    return found


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _by_name(name: str, choices: Sequence[Choice]) -> Choice | None:
    return next((c for c in choices if _same(c.name, name)), None)


def _like(name: str, choices: Sequence[Choice]) -> Choice | None:
    scored = [(SequenceMatcher(None, _plain(name), _plain(c.name)).ratio(), c) for c in choices]
    best = max(scored, key=lambda each: each[0], default=(0.0, None))
    return best[1] if best[0] >= LIKE_ENOUGH else None


def _first(choices: Sequence[T]) -> T | None:
    return choices[0] if choices else None


def _choices(value: object) -> tuple[Choice, ...]:
    rows = value if isinstance(value, list) else []
    return tuple(Choice(*(str(part) for part in row)) for row in rows)


def _lists(value: object) -> dict[str, tuple[str, ...]]:
    table = value if isinstance(value, dict) else {}
    return {str(key): tuple(map(str, names)) for key, names in table.items()}


def _steps(value: object) -> dict[str, Steps]:
    table = value if isinstance(value, dict) else {}
    return {str(key): Steps(str(start), _texts(to)) for key, (start, to) in table.items()}


def _value_map(value: object) -> ValueMap:
    table = value if isinstance(value, dict) else {}
    return ValueMap(_texts(table.get("out")), _texts(table.get("in")))


def _texts(value: object) -> dict[str, str]:
    table = value if isinstance(value, dict) else {}
    return {str(key): str(it) for key, it in table.items() if it}
