"""A query with other values in the place of some: for readers who must not know all of them.

`POST /jql/sanitize` hides what the reader cannot see, `POST /jql/pdcleaner` names people by id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jirasim.jql.behaviour import Choice
from jirasim.jql.fields import find_field
from jirasim.jql.syntax import AllOf, AnyOf, Clause, Condition, Listing, Literal, Not, Operand

if TYPE_CHECKING:
    from jirasim.jql.context import Context
    from jirasim.jql.query import Query

Change = Callable[[Literal, Choice], Literal]
UNKNOWN: Final = Literal("unknown")


def sanitized(query: Query, reader: Context) -> Query:
    """With ids in place of the values that exist, but not for the reader."""
    everything = replace(reader, visible_projects=None)

    def hide(literal: Literal, field: Choice) -> Literal:
        if field.resolve(literal.text, reader) is not None:
            return literal
        found = field.resolve(literal.text, everything)
        return Literal(min(found)) if found else literal

    return _with_values(query, reader, hide)


def users_resolved(query: Query, context: Context) -> tuple[Query, bool]:
    """With account ids in place of names of people; and whether one of them was not found."""
    missed: list[str] = []

    def identify(literal: Literal, field: Choice) -> Literal:
        if "membersof" not in (field.functions or {}):
            return literal
        found = field.resolve(literal.text, context)
        if found:
            return Literal(min(found))
        missed.append(literal.text)
        return UNKNOWN

    return _with_values(query, context, identify), bool(missed)


def _with_values(query: Query, context: Context, change: Change) -> Query:
    if query.where is None:
        return query
    return replace(query, where=_condition(query.where, context, change))


def _condition(condition: Condition, context: Context, change: Change) -> Condition:
    match condition:
        case AllOf(parts):
            return AllOf(tuple(_condition(part, context, change) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_condition(part, context, change) for part in parts))
        case Not(part):
            return Not(_condition(part, context, change))
        case Clause(field=name, operand=operand):
            field = find_field(name, context.state)
            if isinstance(field, Choice):
                return replace(condition, operand=_operand(operand, field, change))
            return condition
        case _:
            return condition


def _operand(operand: Operand, field: Choice, change: Change) -> Operand:
    match operand:
        case Listing(items):
            return Listing(tuple(_operand(item, field, change) for item in items))
        case Literal():
            return change(operand, field)
        case _:
            return operand
