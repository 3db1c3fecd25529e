"""Reading the answers to a query along an order that the index keeps, from any place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from jirasim.jql.order import Walk, sorted_by
from jirasim.site.index import ORDERS
from jirasim.site.model import Issue

if TYPE_CHECKING:
    from jirasim.jql.context import Context
    from jirasim.jql.plan import Span
    from jirasim.site.index import Entry, Index, Key

    Keep = Callable[[Iterable[int]], Iterator[Issue]]


@dataclass(frozen=True, slots=True)
class Walker:
    """One query on its way along an order, within a span of it, past a sieve."""

    walk: Walk
    span: Span | None
    keep: Keep
    context: Context
    index: Index

    def rows(self) -> Iterator[Issue]:
        """All answers, from the beginning."""
        for group in self._groups(*self._ends()):
            yield from self._settled(group)

    def follow(self, mark: str) -> Iterator[Issue]:
        """The answers behind the issue of this mark, wherever that issue is by now."""
        key, number = place_of(mark, self.walk)
        low, high = self._ends()
        ordered = self.index.order(self.walk.order)
        if self.walk.backwards:
            high = min(high, ordered.before(key, included=True))
        else:
            low = max(low, ordered.before(key))
        groups = self._groups(low, high)
        tied = next(groups, None)
        if tied is None:
            return
        if tied[0][0] == key:
            yield from self._past(tied, number)
        else:
            yield from self._settled(tied)
        for group in groups:
            yield from self._settled(group)

    def _ends(self) -> tuple[int, int]:
        if self.span is not None:
            return self.span.low, self.span.high
        return 0, len(self.index.order(self.walk.order).entries)

    def _groups(self, low: int, high: int) -> Iterator[list[Entry]]:
        """The entries between two places, those that tie together."""
        entries = self.index.order(self.walk.order).entries
        places = range(high - 1, low - 1, -1) if self.walk.backwards else range(low, high)
        group: list[Entry] = []
        for place in places:
            entry = entries[place]
            if group and group[0][0] != entry[0]:
                yield group
                group = []
            group.append(entry)
        if group:
            yield group

    def _settled(self, group: list[Entry]) -> list[Issue]:
        return settled(self.keep(number for _, number in group), self.walk, self.context)

    def _past(self, group: list[Entry], number: int) -> list[Issue]:
        return past(self._settled(group), number, self.walk, self.context)


def settled(tied: Iterable[Issue], walk: Walk, context: Context) -> list[Issue]:
    """Issues that tie, in the order that the other fields give them."""
    found = sorted(tied, key=lambda one: int(one.id))
    return sorted_by(walk.ties, found, context) if walk.ties else found


def past(tied: Iterable[Issue], number: int, walk: Walk, context: Context) -> list[Issue]:
    """What follows the issue of this number among those that tie, or tied when it was read."""
    rows = [one for one in tied if int(one.id) != number]
    gone = context.state.issues.get(str(number))
    if gone is None:
        return [one for one in rows if int(one.id) > number]
    return rows[settled([*rows, gone], walk, context).index(gone) :]


def resumed(rows: list[Issue], mark: str, walk: Walk, context: Context) -> list[Issue]:
    """What follows a mark among rows in this order."""
    key, number = place_of(mark, walk)
    keys = [ORDERS[walk.order](one)[0] for one in rows]
    tied = [one for one, its in zip(rows, keys, strict=True) if its == key]
    later = [
        one
        for one, its in zip(rows, keys, strict=True)
        if (its < key if walk.backwards else its > key)
    ]
    return [*past(tied, number, walk, context), *later]


def place_of(mark: str, walk: Walk) -> tuple[Key, int]:
    """The key and the number that a mark of this order holds.  ValueError for other marks."""
    number, _, written = mark.partition(" ")
    if walk.order == "id":
        return int(number), int(number)
    if walk.order == "key":
        project, _, of_project = written.rpartition("-")
        return (project, int(of_project)), int(number)
    if walk.order == "rank":
        return written, int(number)
    return datetime.fromisoformat(written), int(number)


def mark_of(issue: Issue, walk: Walk | None) -> str:
    """Where an issue stands in an order: its id, and what it is ordered by."""
    match walk:
        case None:
            return issue.id
        case Walk(order="key"):
            return f"{issue.id} {issue.key}"
        case Walk(order="rank"):
            return f"{issue.id} {issue.rank}"
        case Walk(order="created"):
            return f"{issue.id} {issue.created.isoformat()}"
        case Walk(order="updated"):
            return f"{issue.id} {issue.updated.isoformat()}"
        case _:
            return issue.id
