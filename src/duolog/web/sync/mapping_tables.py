"""The mapping of a binding as tables of choices, and back from a posted form.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from duolog.core.fields import FieldMap, ValueMap
from duolog.sync.mapping import Choice, ProjectMeta, team_of_table
from duolog.workplace.models import Priority, WorkItemType

PREFIX: Final = "map"
KINDS: Final = ("types", "statuses", "priorities", "users", "relations")
PROPERTIES: Final = "properties"
READ: Final = (*KINDS, "screens")
"""The tables that a form may send: screens and custom fields have tables of their own sort."""
TITLES: Final[Mapping[str, str]] = {
    "types": "Types",
    "statuses": "Statuses",
    "priorities": "Priorities",
    "users": "People",
    "relations": "Links between items",
}
UNLISTED: Final = "Somebody Jira did not list"

Tables = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One value and what it becomes on the other side; `field` names its select in the form.

    `suggested` is what it could become, by its name, where nothing was chosen.
    """

    field: str
    name: str
    value: str
    suggested: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of value: what ours become in Jira (`out`), and what Jira's become here (`into`)."""

    kind: str
    title: str
    out: tuple[Row, ...]
    into: tuple[Row, ...]
    here: tuple[Choice, ...]
    there: tuple[Choice, ...]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"map-{self.kind.replace(':', '-')}"

    @property
    def missing(self) -> int:
        """How many of our values have no counterpart yet."""
        return len(self.unmapped)

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Our values that have no counterpart yet."""
        return tuple(row.name for row in self.out if not row.value)


@dataclass(frozen=True, slots=True)
class OfTeam:
    """The statuses of a further team of a project, and what stands for them, or would by itself."""

    table: str
    team: str
    statuses: Sequence[Choice]
    values: ValueMap
    likely: ValueMap


@dataclass(frozen=True, slots=True)
class Here:
    """The values of our side that are the team's own, and those of further teams of a project."""

    statuses: Sequence[Choice]
    members: Sequence[Choice]
    readings: Sequence[Choice] = ()
    team: str = ""
    others: Sequence[OfTeam] = ()


def tables_of(
    fields: FieldMap,
    meta: ProjectMeta,
    here: Here,
    accounts: Sequence[Choice],
    *,
    suggested: FieldMap | None = None,
) -> tuple[Table, ...]:
    """All tables, each value with what it becomes now; what has no counterpart comes first."""
    likely = suggested or FieldMap()
    types = tuple(Choice(value, str(label)) for value, label in WorkItemType.choices)
    priorities = tuple(Choice(value, str(label)) for value, label in Priority.choices)
    people = with_unlisted(accounts, fields.users)
    return (
        _table("types", fields.types, likely.types, types, meta.types),
        _table(
            "statuses",
            fields.statuses,
            likely.statuses,
            here.statuses,
            meta.statuses,
            title=f"Statuses of {here.team}" if here.others else "",
        ),
        *(
            _table(
                each.table,
                each.values,
                each.likely,
                each.statuses,
                meta.statuses,
                title=f"Statuses of {each.team}",
            )
            for each in here.others
        ),
        _table("priorities", fields.priorities, likely.priorities, priorities, meta.priorities),
        _table("users", fields.users, likely.users, here.members, people),
        _table("relations", fields.relations, likely.relations, here.readings, meta.ways),
    )


def with_unlisted(accounts: Sequence[Choice], users: ValueMap) -> Sequence[Choice]:
    """The accounts, and those that are mapped although Jira did not list them this time."""
    listed = {account.id for account in accounts}
    mapped = {*users.outbound.values(), *users.inbound}
    return (*accounts, *(Choice(each, UNLISTED) for each in sorted(mapped - listed)))


def _table(
    kind: str,
    values: ValueMap,
    likely: ValueMap,
    here: Sequence[Choice],
    there: Sequence[Choice],
    *,
    title: str = "",
) -> Table:
    return Table(
        kind=kind,
        title=title or TITLES[kind],
        out=tuple(_rows(kind, "out", here, values.outbound, likely.outbound)),
        into=tuple(_rows(kind, "in", there, values.inbound, likely.inbound)),
        here=tuple(here),
        there=tuple(there),
    )


def _rows(
    kind: str,
    way: str,
    choices: Iterable[Choice],
    becomes: Mapping[str, str],
    likely: Mapping[str, str],
) -> Iterator[Row]:
    for choice in sorted(choices, key=lambda choice: bool(becomes.get(choice.id))):
        value = becomes.get(choice.id, "")
        suggested = "" if value else likely.get(choice.id, "")
        yield Row(f"{PREFIX}|{kind}|{way}|{choice.id}", choice.name, value, suggested)


def filled_in(tables: Tables, suggested: Mapping[str, Any]) -> dict[str, dict[str, dict[str, str]]]:
    """The tables with a suggestion wherever nothing was chosen."""
    return {
        kind: {
            way: {**suggested.get(kind, {}).get(way, {}), **{k: v for k, v in rows.items() if v}}
            for way, rows in ways.items()
        }
        for kind, ways in tables.items()
    }


def read_tables(posted: Mapping[str, str], before: Tables) -> dict[str, dict[str, dict[str, str]]]:
    """The tables as posted, laid over those before: what the form did not show stays as it was."""
    tables = {
        kind: {way: dict(before.get(kind, {}).get(way, {})) for way in ("out", "in")}
        for kind in dict.fromkeys((*READ, *before))
    }
    for kind, way, key, value in _places(posted):
        tables.setdefault(kind, {"out": {}, "in": {}})[way][key] = value
    if paired := tables.get(PROPERTIES):
        paired["out"] = {mine: theirs for theirs, mine in paired["in"].items() if mine}
    return tables


def stored_in(posted: Mapping[str, str], stored: Tables) -> dict[str, str]:
    """What is stored of each value that was posted, by the name of its control."""
    return {
        f"{PREFIX}|{kind}|{way}|{key}": stored.get(kind, {}).get(way, {}).get(key, "")
        for kind, way, key, _ in _places(posted)
    }


def _places(posted: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Table, way, key and value of what was posted; what else there is is not read."""
    for name, value in posted.items():
        prefix, *parts = name.split("|", 3)
        if (
            prefix == PREFIX
            and len(parts) == 3
            and (parts[0] in (*READ, PROPERTIES) or team_of_table(parts[0]) is not None)
            and parts[1] in ("out", "in")
        ):
            yield parts[0], parts[1], parts[2], value
