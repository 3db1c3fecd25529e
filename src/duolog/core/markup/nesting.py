"""Spans of a line under emphasis, and the ends of that emphasis, properly nested; pure values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duolog.core.markup.tree import Mark


@dataclass(frozen=True, slots=True)
class Span:
    """Something that stands in the line under some emphasis."""

    marks: frozenset[Mark]
    text: str
    written: bool = True
    """Whether `text` is markup already, not plain text to be escaped."""


@dataclass(frozen=True, slots=True)
class Delimiter:
    """One end of an emphasis."""

    mark: Mark
    opens: bool


def delimited(spans: Sequence[Span]) -> Iterator[Span | Delimiter]:
    """The spans between the opening and closing ends of their emphasis."""
    open_marks: list[Mark] = []
    for index, span in enumerate(spans):
        keep = next(
            (depth for depth, mark in enumerate(open_marks) if mark not in span.marks),
            len(open_marks),
        )
        while len(open_marks) > keep:
            yield Delimiter(open_marks.pop(), opens=False)
        fresh = span.marks.difference(open_marks)
        for mark in sorted(fresh, key=lambda mark: (-_reach(spans, index, mark), mark.value)):
            open_marks.append(mark)
            yield Delimiter(mark, opens=True)
        yield span
    while open_marks:
        yield Delimiter(open_marks.pop(), opens=False)


def _reach(spans: Sequence[Span], start: int, mark: Mark) -> int:
    """How many spans from the start carry the mark without a gap."""
    end = start
    while end < len(spans) and mark in spans[end].marks:
        end += 1
    return end - start
