"""A wiki text with its macros found and its lines told apart; what a line says is read elsewhere."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duolog.core.markup.read_adf import Kept
from duolog.core.markup.wiki.macros import Macro, macros_of, masked
from duolog.core.markup.wiki.read_line import LineReader

BLANK = re.compile(r"[ \t]*\Z")
HEADING = re.compile(r"[ \t]*h([1-6])\.[ \t]*")
QUOTED = re.compile(r"[ \t]*bq\.[ \t]*")
RULE = re.compile(r"[ \t]*-{4,5}[ \t]*\Z")
ENTRY = re.compile(r"[ \t]*([*#]+-?|-)[ \t]+")
ROW = re.compile(r"[ \t]*\|")
_STARTS = (HEADING, QUOTED, RULE, ENTRY, ROW)
_STARTS_WITH = frozenset("hb-*#|")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text; macros in it may hold more lines."""

    start: int
    end: int


class Scan:
    """One text, ready to be read; `kept` gets what is behind each chip left in its place."""

    def __init__(self, text: str, kept: Kept) -> None:
        self.text = text
        self.kept = kept
        self._macros = macros_of(text)
        self._starts = [macro.start for macro in self._macros]
        self.masked = masked(text, self._macros)
        by_start = {macro.start: macro for macro in self._macros}
        self.inside = LineReader(text, self.masked, by_start, kept)

    def lines(self) -> Iterator[Line]:
        """All lines of the text."""
        start = 0
        while start <= len(self.masked):
            end = self.masked.find("\n", start)
            end = len(self.masked) if end < 0 else end
            yield Line(start, end)
            start = end + 1

    def match(self, pattern: re.Pattern[str], line: Line) -> re.Match[str] | None:
        """How the line begins, if it does so by the pattern."""
        return pattern.match(self.masked, line.start, line.end)

    def begins_entry(self, line: Line) -> re.Match[str] | None:
        """How the line begins an entry of a list, if it does."""
        return None if self.match(RULE, line) else self.match(ENTRY, line)

    def begins_block(self, line: Line) -> bool:
        """Whether the line begins a block that is no paragraph."""
        first = self.masked[line.start : line.end].lstrip(" \t")[:1]
        return first in _STARTS_WITH and any(self.match(pattern, line) for pattern in _STARTS)

    def run(self, lines: Sequence[Line], index: int) -> int:
        """The index behind the lines that go on without a blank line or the begin of a block."""
        index += 1
        while index < len(lines) and not self.match(BLANK, lines[index]):
            if self.begins_block(lines[index]):
                break
            index += 1
        return index

    def macros(self, start: int, end: int) -> Sequence[Macro]:
        """The macros between the two places."""
        first = bisect_left(self._starts, start)
        return self._macros[first : bisect_left(self._starts, end)]
