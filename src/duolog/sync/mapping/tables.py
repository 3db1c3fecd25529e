"""The tables of a binding as they are stored and asked for: JSON, and what is wrong with it.  Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Final

from duolog.core import fields as slots
from duolog.core.fields import FieldMap, ValueMap
from duolog.core.properties import PropertyKind
from duolog.sync.mapping.meta import Choice, ProjectMeta, texts
from duolog.sync.mapping.properties import properties_from_json, properties_to_json

_OF_TEAM: Final = "statuses:"


def fields_from_json(
    value: Mapping[str, object],
    meta: ProjectMeta,
    kinds: Mapping[str, PropertyKind] | None = None,
) -> FieldMap:
    """The field map that `fields_to_json` wrote, for a project as it is now.

    `kinds` are those of the properties in use, by id; of others the tables are not read.
    """
    properties = properties_from_json(value, kinds or {}, meta)
    gone = {slots.property_slot(key) for key, it in properties.items() if not meta.has(it.there)}
    return FieldMap(
        types=value_map(value.get("types")),
        statuses=value_map(value.get("statuses")),
        priorities=value_map(value.get("priorities")),
        users=value_map(value.get("users")),
        screens=value_map(value.get("screens")),
        relations=value_map(value.get("relations")),
        logins=value_map(value.get("logins")),
        properties=properties,
        custom={slots.START_ON: meta.start} if meta.start else {},
        left_out=meta.left_out() | gone,
        read_only=meta.read_only(),
    )


def fields_to_json(fields: FieldMap) -> dict[str, object]:
    """For the binding's row and the API."""
    tables = {
        "types": fields.types,
        "statuses": fields.statuses,
        "priorities": fields.priorities,
        "users": fields.users,
        "screens": fields.screens,
        "relations": fields.relations,
        "logins": fields.logins,
    }
    plain = {
        name: {"out": dict(table.outbound), "in": dict(table.inbound)}
        for name, table in tables.items()
    }
    return {**plain, **properties_to_json(fields.properties)}


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


def strangers(
    before: FieldMap, fields: FieldMap, names: Mapping[str, Mapping[str, str]], meta: ProjectMeta
) -> tuple[str, ...]:
    """What is new in these tables and names a value that its side does not have, in sentences.

    What stood there before stays: Jira may have lost it since, and the link doctor says so.
    """
    tables = {
        "type": (before.types, fields.types, meta.types),
        "status": (before.statuses, fields.statuses, meta.statuses),
        "priority": (before.priorities, fields.priorities, meta.priorities),
    }
    return tuple(
        sentence
        for name, (was, table, offered) in tables.items()
        for sentence in (
            *_strange(
                was.outbound, table.outbound, {it.id for it in offered}, f"Jira has no {name}"
            ),
            *_strange(was.inbound, table.inbound, names.get(name, {}), f"There is no {name} here"),
        )
    )


def _strange(
    was: Mapping[str, str], now: Mapping[str, str], known: Container[str], words: str
) -> Iterable[str]:
    fresh = sorted({value for key, value in now.items() if was.get(key) != value})
    return (f"{words} with the id {value}." for value in fresh if value not in known)


def unmapped(fields: FieldMap, used: Mapping[str, Iterable[Choice]]) -> tuple[str, ...]:
    """The values in use here that Jira has no counterpart for, in words.

    `used` lists them by kind: types, statuses, priorities, users, relations.
    """
    tables = {
        "types": fields.types,
        "statuses": fields.statuses,
        "priorities": fields.priorities,
        "users": fields.users,
        "relations": fields.relations,
    }
    return tuple(
        choice.name
        for name, choices in used.items()
        for choice in choices
        if tables[name].encode(choice.id) is None
    )


def table_of_team(team_id: int) -> str:
    """The name of the table of a further team's statuses; those of the binding's are `statuses`."""
    return f"{_OF_TEAM}{team_id}"


def team_of_table(name: str) -> int | None:
    """The team whose statuses a table holds; None for any other table."""
    team_id = name.removeprefix(_OF_TEAM)
    return int(team_id) if team_id != name and team_id.isdecimal() else None


def team_tables(mapping: Mapping[str, object]) -> dict[str, object]:
    """The tables of further teams' statuses among all tables, as they are to be stored."""
    return {
        name: {"out": dict(table.outbound), "in": dict(table.inbound)}
        for name in mapping
        if team_of_table(name) is not None
        for table in [value_map(mapping[name])]
    }


def value_map(value: object) -> ValueMap:
    """One table as it is stored."""
    table = value if isinstance(value, dict) else {}
    return ValueMap(texts(table.get("out")), texts(table.get("in")))
