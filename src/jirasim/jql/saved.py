"""`filter = …`: the conditions of saved filters in place of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jirasim.jql.errors import JqlError
from jirasim.jql.operands import check_shape, single
from jirasim.jql.syntax import AllOf, AnyOf, Clause, Comparison, Condition, Literal, Not

if TYPE_CHECKING:
    from jirasim.jql.context import Context

NAMES: Final = frozenset({"filter", "request", "savedfilter", "searchrequest"})
POSITIVE: Final = frozenset({Comparison.EQUALS, Comparison.IN})
NEGATIVE: Final = frozenset({Comparison.NOT_EQUALS, Comparison.NOT_IN})
NO_FILTER: Final = "A value with ID '{}' does not exist for the field '{}'."
NO_NAME: Final = "The value '{}' does not exist for the field '{}'."
LOOP: Final = "Field '{}' with value '{}' matches filter '{}' and causes a cyclical reference, this query can not be executed and should be edited."


def spelled_out(
    condition: Condition | None, context: Context, within: tuple[str, ...] = ()
) -> Condition | None:
    """The condition without `filter =`.  Raises JqlError for filters that are not there."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(inner(part, context, within) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(inner(part, context, within) for part in parts))
        case Not(part):
            return Not(inner(part, context, within))
        case Clause(field) if field.lower() in NAMES:
            return of_filters(condition, context, within)
        case _:
            return condition


def inner(part: Condition, context: Context, within: tuple[str, ...]) -> Condition:
    return spelled_out(part, context, within) or EVERYTHING


def of_filters(clause: Clause, context: Context, within: tuple[str, ...]) -> Condition:
    if clause.comparison not in POSITIVE | NEGATIVE:
        raise JqlError(
            f"The operator '{clause.comparison.value}' is not supported "
            f"by the '{clause.field}' field."
        )
    check_shape(clause.field, clause.comparison, clause.operand)
    parts = tuple(
        of_filter(clause.field, item.text, context, within)
        for item in single(clause.operand)
        if isinstance(item, Literal)
    )
    return AnyOf(parts) if clause.comparison in POSITIVE else Not(AnyOf(parts))


def of_filter(field: str, text: str, context: Context, within: tuple[str, ...]) -> Condition:
    """What one filter asks, by id, or by name in any case."""
    filters = context.state.filters.values()
    found = next((one for one in filters if one.id == text), None) or next(
        (one for one in filters if one.name.lower() == text.lower()), None
    )
    if found is None or context.parse is None:
        raise JqlError((NO_FILTER if text.isdigit() else NO_NAME).format(text, field))
    if found.id in within:
        raise JqlError(LOOP.format(field, text, found.name))
    where = context.parse(found.jql).where
    return spelled_out(where, context, (*within, found.id)) or EVERYTHING


EVERYTHING: Final = AllOf(())
"""What a filter without a condition asks."""
