"""Running a query over the index: lazily where the index has its order, else all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from sys import maxsize
from typing import TYPE_CHECKING, overload

from jirasim.jql.order import sorted_by
from jirasim.jql.plan import MANIFOLD, Members, Plan, Span
from jirasim.jql.walk import Walker, resumed
from jirasim.site.model import Issue

if TYPE_CHECKING:
    from jirasim.jql.context import Context
    from jirasim.jql.plan import Term
    from jirasim.jql.query import Query
    from jirasim.site.index import Index

Follow = Callable[[str], Iterator[Issue] | None]


class Hits(Sequence[Issue]):
    """What a query found, in order.  Looks no further than it is asked to.

    Valid until the index changes: use it under the site's lock.
    """

    def __init__(
        self, rows: Iterable[Issue], follow: Follow, count: Callable[[], int] | None = None
    ) -> None:
        self._found: list[Issue] = []
        self._rest = iter(rows)
        self._follow = follow
        self._count = count
        self._length: int | None = None

    def __len__(self) -> int:
        if self._length is None:
            self._length = self._count() if self._count is not None else self._read_all()
        return self._length

    @overload
    def __getitem__(self, place: int) -> Issue: ...
    @overload
    def __getitem__(self, place: slice) -> list[Issue]: ...
    def __getitem__(self, place: int | slice) -> Issue | list[Issue]:
        stop = place.stop if isinstance(place, slice) else place + 1
        if stop is None or stop < 0:
            self._read_all()
        else:
            self._found.extend(islice(self._rest, min(max(0, stop - len(self._found)), maxsize)))
        return self._found[place]

    def __iter__(self) -> Iterator[Issue]:
        self._read_all()
        return iter(self._found)

    def _read_all(self) -> int:
        self._found.extend(self._rest)
        return len(self._found)

    def after(self, mark: str) -> Hits | None:
        """The rows behind the one with this mark; None when nobody knows where that was."""
        rest = self._follow(mark)
        return None if rest is None else Hits(rest, self._follow)


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is still to be asked of issues that come from the index."""

    index: Index
    holds: tuple[Callable[[int], bool], ...]
    matches: Callable[[Issue], bool] | None

    def kept(self, numbers: Iterable[int]) -> Iterator[Issue]:
        """Those that pass."""
        for number in numbers:
            if all(hold(number) for hold in self.holds):
                issue = self.index.numbered(number)
                if self.matches is None or self.matches(issue):
                    yield issue


def find(
    query: Query, context: Context, index: Index, *, reconcile: frozenset[str] = frozenset()
) -> Hits:
    """The answers.  Raises JqlError.  `reconcile`: ids of issues to be taken from the state."""
    matches = unhidden(query.matcher(context), context)
    plan = seen(query.plan(context, index), context, index)
    if context.hidden:
        plan = replace(plan, exact=False)
    driver = min(plan.terms, key=lambda term: term.size, default=None)
    walk = query.walked(context)
    if walk is not None and not reconcile and (driver is None or driver.size > index.few):
        spans = (one for one in plan.terms if isinstance(one, Span))
        span = next((one for one in spans if one.order == walk.order), None)
        sieve = sieve_of(plan, span, matches, index)
        walker = Walker(walk, span, sieve.kept, context, index)
        count = None if sieve.matches is not None else lambda: count_of(plan, index)
        return Hits(walker.rows(), walker.follow, count)
    numbers = index.numbers() if driver is None else driver.ids(index)
    rows = list(sieve_of(plan, driver, matches, index).kept(numbers))
    if reconcile:
        rows = [one for one in rows if one.id not in reconcile]
        rows += [one for one in current(reconcile, context) if matches(one)]
    ordered = sorted_by(query.order, rows, context)
    if walk is not None:
        return Hits(ordered, lambda mark: iter(resumed(ordered, mark, walk, context)))
    return Hits(ordered, lambda mark: following(ordered, mark))


def unhidden(matches: Callable[[Issue], bool], context: Context) -> Callable[[Issue], bool]:
    """The same question, to which issues of a hidden security level are no answer."""
    hidden = context.hidden
    return (lambda issue: issue.id not in hidden and matches(issue)) if hidden else matches


def seen(plan: Plan, context: Context, index: Index) -> Plan:
    """The plan, kept to the projects that the caller may browse."""
    visible = context.visible_projects
    if visible is None or visible.issuperset(context.state.projects):
        return plan
    sets = tuple(index.having("project", project_id) for project_id in visible)
    return replace(plan, terms=(*plan.terms, Members(sets)))


def sieve_of(
    plan: Plan, done: Term | None, matches: Callable[[Issue], bool], index: Index
) -> Sieve:
    """What remains of a plan when the term that is `done` has chosen the issues."""
    rest = [term for term in plan.terms if term is not done]
    quick = [term for term in rest if isinstance(term, Members) or term.size <= index.many]
    holds = tuple(
        term.holds if isinstance(term, Members) else term.ids(index).__contains__ for term in quick
    )
    settled = plan.exact and len(quick) == len(rest)
    return Sieve(index, holds, None if settled else matches)


def count_of(plan: Plan, index: Index) -> int:
    """How many answers an exact plan has."""
    match plan.terms:
        case ():
            return len(index.numbers())
        case (Span(order, _, _) as span,) if order != MANIFOLD:
            return span.size
        case terms:
            smallest, *others = sorted((term.ids(index) for term in terms), key=len)
            return len(frozenset(smallest).intersection(*others))


def current(ids: frozenset[str], context: Context) -> Iterator[Issue]:
    """The issues as they are now, as far as the caller may see them."""
    for issue_id in ids:
        issue = context.state.issues.get(issue_id)
        if issue is not None and context.sees(context.state.projects[issue.project_id]):
            yield issue


def following(rows: list[Issue], mark: str) -> Iterator[Issue] | None:
    """The rows behind the one with this mark, if it is among them."""
    place = next((place for place, one in enumerate(rows) if one.id == mark), None)
    return None if place is None else iter(rows[place + 1 :])
