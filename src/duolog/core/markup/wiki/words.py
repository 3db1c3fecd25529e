"""A line written over another one: only the words that changed, all others keep their bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import TypeAlias

from duolog.core.markup.tree import NO_MARKS, Inline, Inlines, Link, Mark, Text
from duolog.core.markup.wiki.read_line import Unit

_Cell: TypeAlias = tuple[str | Inline, frozenset[Mark], Link | None]
"""One character in its style, or something that is not text."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What is to be written between two places of a line."""

    start: int
    end: int
    inlines: Inlines


def changed(new: Inlines, old: Sequence[Unit], text: str) -> Changed | None:
    """What changed from the old line to the new one; None if nothing of the old one stays."""
    cells = list(_cells(new))
    before, start = _kept(cells, old, text)
    behind, end = _kept_behind(cells[before:], old, text, start)
    if not old or (before == 0 and behind == 0):
        return None
    return Changed(start, end, tuple(_inlines(cells[before : len(cells) - behind])))


def _kept(cells: Sequence[_Cell], old: Sequence[Unit], text: str) -> tuple[int, int]:
    """How many cells from the first on stay, and the place in the text behind them."""
    done = 0
    place = old[0].start if old else 0
    for unit in old:
        own = list(_cells(unit.inlines))
        same = _equal_cells(cells[done : done + len(own)], own)
        if same < len(own):
            words = _words_before(unit, own, same, text)
            return done + words, place + words
        done, place = done + same, unit.end
    return done, place


def _kept_behind(
    cells: Sequence[_Cell], old: Sequence[Unit], text: str, start: int
) -> tuple[int, int]:
    """How many cells up to the last one stay, and the place in the text before them."""
    done = 0
    place = old[-1].end if old else 0
    backwards = cells[::-1]
    for unit in reversed(old):
        own = list(_cells(unit.inlines))
        same = _equal_cells(backwards[done : done + len(own)], own[::-1])
        if unit.start < start or same < len(own):
            words = _words_behind(unit, own, same, text)
            words = max(min(words, place - start), 0)
            return done + words, place - words
        done, place = done + same, unit.start
    return done, place


def _equal_cells(one: Iterable[_Cell], other: Iterable[_Cell]) -> int:
    """How many cells are the same from the first on."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _is_plain(unit: Unit, own: Sequence[_Cell], text: str) -> bool:
    """Whether each character of the text is one of what is read."""
    return [cell[0] for cell in own] == list(text[unit.start : unit.end])


def _words_before(unit: Unit, own: Sequence[_Cell], same: int, text: str) -> int:
    """How many of the same characters are whole words with the blank behind them."""
    if not _is_plain(unit, own, text):
        return 0
    return text.rfind(" ", unit.start, unit.start + same) + 1 - unit.start if same else 0


def _words_behind(unit: Unit, own: Sequence[_Cell], same: int, text: str) -> int:
    if not same or not _is_plain(unit, own, text):
        return 0
    found = text.find(" ", unit.end - same, unit.end)
    return unit.end - found if found >= 0 else 0


def _cells(inlines: Iterable[Inline]) -> Iterator[_Cell]:
    for inline in inlines:
        if isinstance(inline, Text):
            yield from ((char, inline.marks, inline.link) for char in inline.text)
        else:
            yield inline, NO_MARKS, None


def _inlines(cells: Iterable[_Cell]) -> Iterator[Inline]:
    for style, group in groupby(cells, key=_style):
        if style is None:
            yield from (what for what, _, _ in group if not isinstance(what, str))
        else:
            yield Text("".join(str(char) for char, _, _ in group), *style)


def _style(cell: _Cell) -> tuple[frozenset[Mark], Link | None] | None:
    return (cell[1], cell[2]) if isinstance(cell[0], str) else None
