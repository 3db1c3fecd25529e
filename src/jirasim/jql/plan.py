"""How the index narrows a search.  An optimisation: never narrower than what is true."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final

from jirasim.jql.behaviour import Choice, Days, Moment, Text
from jirasim.jql.evaluate import whole_day
from jirasim.jql.fields import find_field
from jirasim.jql.matching import needed_words
from jirasim.jql.operands import instant, targets
from jirasim.jql.syntax import AllOf, AnyOf, Call, Clause, Comparison, Condition, Literal
from jirasim.site.index import NONE, utc

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from jirasim.jql.context import Context
    from jirasim.site.index import Index

POSITIVE: Final = frozenset({Comparison.EQUALS, Comparison.IN, Comparison.IS})
RANGES: Final = frozenset(
    {Comparison.LESS, Comparison.AT_MOST, Comparison.GREATER, Comparison.AT_LEAST}
)
MANIFOLD: Final = "worklogs"
"""The order in which an issue stands at many places: it may be in two spans and in no overlap."""


@dataclass(frozen=True, slots=True)
class Members:
    """The issues of any of these sets."""

    sets: tuple[AbstractSet[int], ...]

    @property
    def size(self) -> int:
        """How many there are at most."""
        return sum(map(len, self.sets))

    def ids(self, index: Index) -> AbstractSet[int]:
        """All of them."""
        del index
        return self.sets[0] if len(self.sets) == 1 else frozenset().union(*self.sets)

    def holds(self, number: int) -> bool:
        """Whether the issue is one of them."""
        return any(number in one for one in self.sets)


@dataclass(frozen=True, slots=True)
class Span:
    """The issues that stand between two places of an order of the index."""

    order: str
    low: int
    high: int

    @property
    def size(self) -> int:
        """How many there are at most."""
        return max(0, self.high - self.low)

    def ids(self, index: Index) -> AbstractSet[int]:
        """All of them."""
        return {number for _, number in index.order(self.order).entries[self.low : self.high]}


Term = Members | Span


@dataclass(frozen=True, slots=True)
class Plan:
    """Every answer is in all the terms; `exact`: and whatever is in all of them is an answer."""

    terms: tuple[Term, ...] = ()
    exact: bool = False


ANYTHING: Final = Plan()


def plan_of(condition: Condition | None, context: Context, index: Index) -> Plan:
    """What the index knows of a condition that has been found to be without mistakes."""
    match condition:
        case None:
            return Plan(exact=True)
        case AllOf(parts):
            return reduce(both, (plan_of(part, context, index) for part in parts), Plan(exact=True))
        case AnyOf(parts):
            return either([plan_of(part, context, index) for part in parts], index)
        case Clause():
            return plan_of_clause(condition, context, index)
        case _:
            return ANYTHING


def both(one: Plan, other: Plan) -> Plan:
    """What is in both; two spans of an order in which issues stand but once overlap in one."""
    terms = list(one.terms)
    for term in other.terms:
        for place, known in enumerate(terms):
            shared = overlap(known, term)
            if shared is not None:
                terms[place] = shared
                break
        else:
            terms.append(term)
    return Plan(tuple(terms), one.exact and other.exact)


def overlap(one: Term, other: Term) -> Span | None:
    """The one span that says what two say together, if there is one."""
    if isinstance(one, Members) or isinstance(other, Members):
        return None
    if one.order != other.order or one.order == MANIFOLD:
        return None
    low = max(one.low, other.low)
    return Span(one.order, low, max(low, min(one.high, other.high)))


def either(plans: list[Plan], index: Index) -> Plan:
    """The union of what is smallest in each, unless that is much to collect."""
    if not all(plan.terms for plan in plans):
        return ANYTHING
    smallest = [min(plan.terms, key=lambda term: term.size) for plan in plans]
    if any(isinstance(term, Span) and term.size > index.many for term in smallest):
        return ANYTHING
    exact = all(plan.exact and len(plan.terms) == 1 for plan in plans)
    return Plan((Members(tuple(term.ids(index) for term in smallest)),), exact)


def plan_of_clause(clause: Clause, context: Context, index: Index) -> Plan:
    field = find_field(clause.field, context.state)
    match field:
        case Choice() if clause.comparison in POSITIVE:
            return plan_of_choice(clause, field, context, index)
        case Moment(order=str(order)) if clause.comparison in RANGES:
            return plan_of_moment(clause, order, context, index)
        case Days() if clause.comparison in RANGES or clause.comparison is Comparison.EQUALS:
            return plan_of_days(clause, field, context, index)
        case Text() if clause.comparison is Comparison.LIKE:
            return plan_of_words(clause, field, index)
        case _:
            return ANYTHING


def plan_of_choice(clause: Clause, field: Choice, context: Context, index: Index) -> Plan:
    if field.index is None:
        return ANYTHING
    wanted = targets(clause.field, field, clause.operand, context)
    if field.index == "id":
        numbers = frozenset(map(int, wanted.ids)) & index.numbers()
        return Plan((Members((numbers,)),), exact=True)
    values = (*wanted.ids, NONE) if wanted.empty else tuple(wanted.ids)
    sets = tuple(index.having(field.index, value) for value in values)
    return Plan((Members(sets or (frozenset(),)),), exact=True)


def plan_of_moment(clause: Clause, order: str, context: Context, index: Index) -> Plan:
    operand = clause.operand
    if not isinstance(operand, Literal | Call):
        return ANYTHING
    bound = utc(instant(clause.field, operand, context))
    entries = index.order(order)
    if clause.comparison in (Comparison.LESS, Comparison.AT_MOST):
        reached = entries.before(bound, included=clause.comparison is Comparison.AT_MOST)
        return Plan((Span(order, 0, reached),), exact=True)
    passed = entries.before(bound, included=clause.comparison is Comparison.GREATER)
    return Plan((Span(order, passed, len(entries.entries)),), exact=True)


def plan_of_days(clause: Clause, field: Days, context: Context, index: Index) -> Plan:
    """Days are compared whole: each lasts from midnight to midnight in the caller's zone."""
    operand = clause.operand
    if not isinstance(operand, Literal | Call):
        return ANYTHING
    entries = index.order(field.order)
    day = whole_day(instant(clause.field, operand, context), context)
    first, after = map(entries.before, day)
    low, high = {
        Comparison.EQUALS: (first, after),
        Comparison.LESS: (0, first),
        Comparison.AT_MOST: (0, after),
        Comparison.GREATER: (after, len(entries.entries)),
        Comparison.AT_LEAST: (first, len(entries.entries)),
    }[clause.comparison]
    return Plan((Span(field.order, low, high),), exact=True)


def plan_of_words(clause: Clause, field: Text, index: Index) -> Plan:
    operand = clause.operand
    if not isinstance(operand, Literal):
        return ANYTHING
    name = clause.field.lower()
    words = sorted(needed_words(operand.text))
    return Plan(tuple(Members((index.with_word(name, field.read, word),)) for word in words))
