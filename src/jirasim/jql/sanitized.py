"""A query without the names of what its reader must not know of (`POST /jql/sanitize`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jirasim.jql.behaviour import Choice
from jirasim.jql.fields import find_field
from jirasim.jql.syntax import AllOf, AnyOf, Clause, Condition, Listing, Literal, Not, Operand

if TYPE_CHECKING:
    from jirasim.jql.context import Context
    from jirasim.jql.query import Query


def sanitized(query: Query, reader: Context) -> Query:
    """With ids in place of the values that exist, but not for the reader."""
    return query if query.where is None else replace(query, where=_safe(query.where, reader))


def users_resolved(query: Query, context: Context) -> tuple[Query, bool]:
    """With account ids in place of names of people; and whether one of them was not found."""
    changed = replace(query, where=None if query.where is None else _known(query.where, context))
    return changed, changed != query and UNKNOWN in repr(changed.where)


UNKNOWN = "unknown"


def _safe(condition: Condition, reader: Context) -> Condition:
    match condition:
        case AllOf(parts):
            return AllOf(tuple(_safe(part, reader) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_safe(part, reader) for part in parts))
        case Not(part):
            return Not(_safe(part, reader))
        case Clause(field=name, operand=operand):
            field = find_field(name, reader.state)
            if isinstance(field, Choice):
                return replace(condition, operand=_hidden(operand, field, reader))
            return condition
        case _:
            return condition


def _hidden(operand: Operand, field: Choice, reader: Context) -> Operand:
    match operand:
        case Listing(items):
            return Listing(tuple(_hidden(item, field, reader) for item in items))
        case Literal(text) if field.resolve(text, reader) is None:
            everything = replace(reader, visible_projects=None)
            found = field.resolve(text, everything)
            return operand if not found else Literal(min(found))
        case _:
            return operand


def _known(condition: Condition, context: Context) -> Condition:
    match condition:
        case AllOf(parts):
            return AllOf(tuple(_known(part, context) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_known(part, context) for part in parts))
        case Not(part):
            return Not(_known(part, context))
        case Clause(field=name, operand=operand):
            field = find_field(name, context.state)
            if isinstance(field, Choice) and "membersof" in (field.functions or {}):
                return replace(condition, operand=_account(operand, field, context))
            return condition
        case _:
            return condition


def _account(operand: Operand, field: Choice, context: Context) -> Operand:
    match operand:
        case Listing(items):
            return Listing(tuple(_account(item, field, context) for item in items))
        case Literal(text):
            found = field.resolve(text, context)
            return Literal(min(found) if found else UNKNOWN)
        case _:
            return operand
