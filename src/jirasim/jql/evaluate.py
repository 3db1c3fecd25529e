"""Conditions to functions over issues.  Everything is looked up once, before the first issue."""

from __future__ import annotations

import operator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from jirasim.jql.behaviour import Behaviour, Choice, Days, Moment, Number, Text
from jirasim.jql.errors import JqlError
from jirasim.jql.fields import find_field
from jirasim.jql.history import compile_changed, compile_was
from jirasim.jql.matching import word_matcher
from jirasim.jql.operands import (
    EMPTINESS,
    Targets,
    check_shape,
    instant,
    known_function,
    single,
    targets,
)
from jirasim.jql.syntax import (
    AllOf,
    AnyOf,
    Call,
    Changed,
    Clause,
    Comparison,
    Condition,
    Empty,
    Literal,
    Not,
)
from jirasim.site.index import utc

if TYPE_CHECKING:
    from collections.abc import Callable

    from jirasim.jql.context import Context
    from jirasim.site.model import Issue

    Matches = Callable[[Issue], bool]

EQUALITY: Final = frozenset(
    {
        Comparison.EQUALS,
        Comparison.NOT_EQUALS,
        Comparison.IN,
        Comparison.NOT_IN,
        Comparison.IS,
        Comparison.IS_NOT,
    }
)
ORDERED: Final[dict[Comparison, Callable[[Any, Any], bool]]] = {
    Comparison.LESS: operator.lt,
    Comparison.GREATER: operator.gt,
    Comparison.AT_MOST: operator.le,
    Comparison.AT_LEAST: operator.ge,
}
NEGATIVE: Final = frozenset({Comparison.NOT_EQUALS, Comparison.NOT_IN, Comparison.IS_NOT})
WORDS: Final = frozenset({Comparison.LIKE, Comparison.NOT_LIKE})
HISTORY: Final = frozenset(
    {Comparison.WAS, Comparison.WAS_NOT, Comparison.WAS_IN, Comparison.WAS_NOT_IN}
)


def compile_condition(condition: Condition | None, context: Context) -> Matches:
    """Whether an issue fulfils the condition.  JqlError names everything that is wrong."""
    match condition:
        case None:
            return lambda _: True
        case AllOf(parts):
            return conjunction(compile_all(parts, context))
        case AnyOf(parts):
            return disjunction(compile_all(parts, context))
        case Not(part):
            inner = compile_condition(part, context)
            return lambda issue: not inner(issue)
        case Changed():
            return compile_changed(condition, known_field(condition.field, context), context)
        case Clause():
            return compile_clause(condition, context)


def compile_all(parts: tuple[Condition, ...], context: Context) -> tuple[Matches, ...]:
    compiled: list[Matches] = []
    complaints: list[str] = []
    for part in parts:
        try:
            compiled.append(compile_condition(part, context))
        except JqlError as error:
            complaints.extend(error.messages)
    if complaints:
        raise JqlError(*dict.fromkeys(complaints))
    return tuple(compiled)


def conjunction(parts: tuple[Matches, ...]) -> Matches:
    return lambda issue: all(part(issue) for part in parts)


def disjunction(parts: tuple[Matches, ...]) -> Matches:
    return lambda issue: any(part(issue) for part in parts)


def known_field(name: str, context: Context) -> Behaviour:
    field = find_field(name, context.state)
    if field is None:
        raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
    return field


def compile_clause(clause: Clause, context: Context) -> Matches:
    field = known_field(clause.field, context)
    if clause.comparison in HISTORY:
        return compile_was(clause, field, context)
    check_supported(clause, field)
    check_shape(clause.field, clause.comparison, clause.operand)
    match field:
        case Choice():
            return compile_choice(clause, field, context)
        case Text():
            return compile_text(clause, field)
        case Moment():
            return compile_moment(clause, field, context)
        case Number():
            return compile_number(clause, field)
        case Days():
            return compile_days(clause, field, context)


def check_supported(clause: Clause, field: Behaviour) -> None:
    if clause.comparison not in supported(field):
        raise JqlError(
            f"The operator '{clause.comparison.value}' is not supported "
            f"by the '{clause.field}' field."
        )


def supported(field: Behaviour) -> frozenset[Comparison]:
    """The operators that make sense for such a field."""
    match field:
        case Text(may_be_empty=filled):
            return WORDS | EMPTINESS if filled else WORDS
        case Choice(only_emptiness=True):
            return EMPTINESS
        case Choice(rank=None):
            return EQUALITY
        case _:
            return EQUALITY | frozenset(ORDERED)


def compile_choice(clause: Clause, field: Choice, context: Context) -> Matches:
    wanted = targets(clause.field, field, clause.operand, context)
    state, read = context.state, field.read
    if clause.comparison in ORDERED:
        return compile_rank(clause, field, wanted, context)
    if clause.comparison in NEGATIVE:
        return lambda issue: bool(ids := read(issue, state)) and wanted.ids.isdisjoint(ids)
    if wanted.empty:
        return lambda issue: not (ids := read(issue, state)) or not wanted.ids.isdisjoint(ids)
    return lambda issue: not wanted.ids.isdisjoint(read(issue, state))


def compile_rank(clause: Clause, field: Choice, wanted: Targets, context: Context) -> Matches:
    """Ordered comparison; keys of different projects are never in order."""
    compare, rank, state = ORDERED[clause.comparison], field.rank, context.state
    if rank is None:
        return lambda _: False
    bounds = [rank(identity, state) for identity in wanted.ids]

    def matches(issue: Issue) -> bool:
        ranks = [rank(identity, state) for identity in field.read(issue, state)]
        return any(
            comparable(one, bound) and compare(one, bound) for one in ranks for bound in bounds
        )

    return matches


def comparable(one: object, other: object) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return bool(one[0] == other[0])
    return one is not None and other is not None


def compile_text(clause: Clause, field: Text) -> Matches:
    read = field.read
    if clause.comparison in EMPTINESS:
        wanted = clause.comparison is Comparison.IS
        return lambda issue: (not read(issue).strip()) is wanted
    query = clause.operand
    if isinstance(query, Call):
        known_function(query)
    if not isinstance(query, Literal):
        raise JqlError(f"The value '{query}' is not valid for the field '{clause.field}'.")
    if not query.text.strip():
        raise JqlError(
            f"The field '{clause.field}' does not support searching for an empty string."
        )
    found = word_matcher(query.text)
    if clause.comparison is Comparison.NOT_LIKE:
        return lambda issue: bool(text := read(issue)) and not found(text)
    return lambda issue: found(read(issue))


def compile_moment(clause: Clause, field: Moment, context: Context) -> Matches:
    read = field.read
    items = tuple(single(clause.operand))
    moments = [
        instant(clause.field, item, context) for item in items if not isinstance(item, Empty)
    ]

    def matches(issue: Issue) -> bool:
        value = read(issue)
        if value is None:
            return clause.comparison not in NEGATIVE and len(moments) < len(items)
        return any_holds(clause.comparison, value, [like(value, one, context) for one in moments])

    return matches


def compile_days(clause: Clause, field: Days, context: Context) -> Matches:
    """Whether any of the days fits: other conditions may be met by another one (jira.md 4.5)."""
    items = tuple(single(clause.operand))
    spans = [
        whole_day(instant(clause.field, item, context), context)
        for item in items
        if not isinstance(item, Empty)
    ]
    negative, read = clause.comparison in NEGATIVE, field.read
    holds = DAYS.get(clause.comparison, within)

    def matches(issue: Issue) -> bool:
        moments = read(issue)
        if not moments:
            return not negative and len(spans) < len(items)
        return any(holds(one, span) for one in moments for span in spans) is not negative

    return matches


def whole_day(moment: datetime, context: Context) -> tuple[datetime, datetime]:
    """The first instants of the caller's day in which this is, and of the day after."""
    day = moment.astimezone(context.zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=context.zone)
    return utc(midnight), utc(midnight + timedelta(days=1))


def within(moment: datetime, day: tuple[datetime, datetime]) -> bool:
    return day[0] <= moment < day[1]


DAYS: Final[dict[Comparison, Callable[[datetime, tuple[datetime, datetime]], bool]]] = {
    Comparison.LESS: lambda moment, day: moment < day[0],
    Comparison.AT_MOST: lambda moment, day: moment < day[1],
    Comparison.GREATER: lambda moment, day: moment >= day[1],
    Comparison.AT_LEAST: lambda moment, day: moment >= day[0],
}


def like(value: datetime | date, moment: datetime, context: Context) -> datetime | date:
    """The instant in the form of the value: days are compared with days of the caller."""
    return moment if isinstance(value, datetime) else moment.astimezone(context.zone).date()


def any_holds(comparison: Comparison, value: object, bounds: list[datetime | date]) -> bool:
    if comparison in ORDERED:
        return any(ORDERED[comparison](value, bound) for bound in bounds)
    return (value in bounds) is not (comparison in NEGATIVE)


def compile_number(clause: Clause, field: Number) -> Matches:
    read = field.read
    items = tuple(single(clause.operand))
    bounds = [number(clause.field, field, item) for item in items if not isinstance(item, Empty)]

    def matches(issue: Issue) -> bool:
        value = read(issue)
        if value is None:
            return clause.comparison not in NEGATIVE and len(bounds) < len(items)
        if clause.comparison in ORDERED:
            return any(ORDERED[clause.comparison](value, bound) for bound in bounds)
        return (value in bounds) is not (clause.comparison in NEGATIVE)

    return matches


def number(name: str, field: Number, item: Literal | Call) -> float:
    if isinstance(item, Call):
        known_function(item)
        raise JqlError(
            f"A value provided by the function '{item.name}' is invalid for the field '{name}'."
        )
    found = field.parse(item.text)
    if found is None:
        raise JqlError(field.wrong.format(value=item.text, field=name))
    return found
