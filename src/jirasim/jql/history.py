"""WAS and CHANGED: what an issue's changelog says about status, assignee, priority ….

Compares ids; knows nothing of the values fields have now beyond the last one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from jirasim.jql.behaviour import Choice
from jirasim.jql.errors import JqlError
from jirasim.jql.functions import PEOPLE
from jirasim.jql.lookup import find_user
from jirasim.jql.operands import check_shape, instant, single, targets
from jirasim.jql.syntax import Changed, Clause, Comparison, Empty, Listing, Predicate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from jirasim.jql.behaviour import Behaviour
    from jirasim.jql.context import Context
    from jirasim.jql.operands import Targets
    from jirasim.jql.syntax import Call, Literal
    from jirasim.site.model import Issue

    Matches = Callable[[Issue], bool]

POSITIVE: Final = frozenset({Comparison.WAS, Comparison.WAS_IN})
EDGE: Final = timedelta(microseconds=1)
BY_USER: Final = Choice(lambda issue, _: (issue.creator,), find_user, functions=PEOPLE)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the field in question."""

    at: datetime
    author: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """A time during which the field had one value; `end` None: still."""

    value: str | None
    author: str
    start: datetime
    end: datetime | None


def with_history(name: str, field: Behaviour) -> Choice:
    if not isinstance(field, Choice) or field.history is None:
        raise JqlError(f"History searches do not support the '{name}' field.")
    return field


def changes(issue: Issue, field_id: str) -> Iterator[Change]:
    for entry in issue.history:
        for item in entry.items:
            if (item.field_id or item.field) == field_id:
                yield Change(entry.created, entry.author, item.from_id, item.to_id)


def spans(issue: Issue, field: Choice, context: Context) -> Iterator[Span]:
    """The values the field had, oldest first, from the creation of the issue to now."""
    start, author = issue.created, issue.creator
    current = next(iter(field.read(issue, context.state)), None)
    for change in changes(issue, field.history or ""):
        yield Span(change.before, author, start, change.at)
        start, author, current = change.at, change.author, change.after
    yield Span(current, author, start, None)


def compile_was(clause: Clause, field: Behaviour, context: Context) -> Matches:
    """Whether the field ever had (or never had) one of the values, as the predicates say."""
    choice = with_history(clause.field, field)
    check_shape(clause.field, clause.comparison, clause.operand)
    wanted = targets(clause.field, choice, clause.operand, context)
    tests = [span_test(predicate, context) for predicate in clause.predicates]
    positive = clause.comparison in POSITIVE

    def matches(issue: Issue) -> bool:
        had = any(
            named(span.value, wanted) and all(test(span) for test in tests)
            for span in spans(issue, choice, context)
        )
        return had is positive

    return matches


def compile_changed(changed: Changed, field: Behaviour, context: Context) -> Matches:
    """Whether the field has one change to which all the predicates apply."""
    choice = with_history(changed.field, field)
    tests = [
        change_test(changed.field, choice, predicate, context) for predicate in changed.predicates
    ]
    field_id = choice.history or ""
    return lambda issue: any(
        all(test(change) for test in tests) for change in changes(issue, field_id)
    )


def named(value: str | None, wanted: Targets) -> bool:
    return wanted.empty if value is None else value in wanted.ids


def span_test(predicate: Predicate, context: Context) -> Callable[[Span], bool]:
    if predicate.kind == "by":
        people = targets("by", BY_USER, predicate.operand, context)
        return lambda span: named(span.author, people)
    if predicate.kind in ("from", "to"):
        raise JqlError(
            f"The WAS operator does not support the use of the {predicate.kind} "
            f"{predicate.operand} predicate."
        )
    first, last = period(predicate, context)
    return lambda span: (
        (last is None or span.start < last)
        and (first is None or span.end is None or span.end > first)
    )


def change_test(
    name: str, field: Choice, predicate: Predicate, context: Context
) -> Callable[[Change], bool]:
    if predicate.kind == "by":
        people = targets("by", BY_USER, predicate.operand, context)
        return lambda change: named(change.author, people)
    if predicate.kind == "from":
        before = targets(name, field, predicate.operand, context)
        return lambda change: named(change.before, before)
    if predicate.kind == "to":
        after = targets(name, field, predicate.operand, context)
        return lambda change: named(change.after, after)
    first, last = period(predicate, context)
    return lambda change: (
        (last is None or change.at < last) and (first is None or change.at > first)
    )


def period(predicate: Predicate, context: Context) -> tuple[datetime | None, datetime | None]:
    """The open interval that AFTER, BEFORE, ON or DURING names; None: unlimited."""
    items = dates(predicate)
    moments = [instant(predicate.kind, item, context, what="predicate") for item in items]
    match predicate.kind:
        case "after":
            return moments[0], None
        case "before":
            return None, moments[0]
        case "on":
            day = moments[0].astimezone(context.zone)
            start = day.replace(hour=0, minute=0, second=0, microsecond=0)
            return start - EDGE, start + timedelta(days=1)
        case _:
            return moments[0] - EDGE, moments[1] + EDGE


def dates(predicate: Predicate) -> list[Literal | Call]:
    """The operands of a predicate of time, as many as it needs."""
    found = [item for item in single(predicate.operand) if not isinstance(item, Empty)]
    if predicate.kind == "during":
        if not isinstance(predicate.operand, Listing) or len(found) != 2:
            raise JqlError("The DURING predicate must be supplied with exactly 2 date values.")
    elif len(found) != 1:
        raise JqlError(
            f"The {predicate.kind.upper()} predicate must be supplied with only 1 date value."
        )
    return found
