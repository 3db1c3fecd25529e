"""Rows of a wiki table cut into cells; what is in a cell is read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PART = re.compile(
    r"(?P<bar>\|\|?)|\[(?:[^\[\]\n\\]|\\[^\n])*\]|\{\{(?:(?!\{\{|\}\})[^\n])*\}\}"
    r"|\\.|![^!\s|][^!\n]*!|[^|\\\[{!]+|.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where the content of a cell stands; `bar` is what stands before it."""

    bar: str
    start: int
    end: int


def cells_of(text: str, start: int, end: int) -> list[Cell]:
    """The cells of the row; behind its last bar there is none."""
    return list(_cells(text, start, end))


def _cells(text: str, start: int, end: int) -> Iterator[Cell]:
    bar, since = "", start
    for part in _PART.finditer(text, start, end):
        if part["bar"] is None:
            continue
        if bar:
            yield Cell(bar, *trimmed(text, since, part.start()))
        bar, since = part["bar"], part.end()
    if bar and text[since:end].strip(" \t\n"):
        yield Cell(bar, *trimmed(text, since, end))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the blanks at its ends."""
    inner = text[start:end]
    core = inner.strip(" \t\n")
    first = start + (len(inner) - len(inner.lstrip(" \t\n")))
    return (first, first + len(core)) if core else (start, start)
