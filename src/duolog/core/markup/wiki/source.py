"""Wiki text as it is read, and where each part of it stands in what Jira holds; pure values."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from duolog.core.markup.inlines import clean_text

_PASSED_OVER = re.compile("\r(?=\n)|(?!\r)[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Source:
    """The text with plain newlines and without what no Jira stores, beside what Jira sent."""

    held: str
    text: str
    passed_over: tuple[int, ...]
    """For each character that is only in `held`, the place in `text` before which it stands."""

    def as_held(self, start: int, end: int) -> str:
        """What Jira holds from one place of the text to another."""
        return self.held[self._place(start) : self._place(end)]

    def as_held_from(self, start: int) -> str:
        """What Jira holds from a place of the text to its end."""
        return self.held[self._place(start) :]

    @property
    def newline(self) -> str:
        """How lines end where this text comes from."""
        return "\r\n" if "\r\n" in self.held else "\n"

    def in_its_lines(self, wiki: str) -> str:
        """Wiki text written anew, its lines ended as they end here."""
        return wiki.replace("\n", self.newline)

    def _place(self, index: int) -> int:
        return index + bisect_left(self.passed_over, index)


def source_of(held: str) -> Source:
    """The wiki text that Jira holds, ready to be read."""
    text = clean_text(held)
    if text == held:
        return Source(held, text, ())
    found = enumerate(match.start() for match in _PASSED_OVER.finditer(held))
    return Source(held, text, tuple(place - before for before, place in found))
