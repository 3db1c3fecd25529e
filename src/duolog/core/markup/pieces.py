"""A Markdown text in the pieces that people change one at a time; pure, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from duolog.core.markup.read_markdown import starting_lines


def pieces_of(text: str) -> tuple[str, ...]:
    """Paragraphs, headings, items of lists, rows of tables, whole code blocks.

    Each with the blank lines before it, so that joined by line ends they are the text again.
    """
    return tuple("\n".join(lines) for lines in _pieces(text.split("\n"), starting_lines(text)))


def _pieces(lines: list[str], starting: frozenset[int]) -> Iterator[list[str]]:
    blank: list[str] = []
    for start, end in pairwise(sorted({0, *starting, len(lines)})):
        tail = end
        while tail > start and not lines[tail - 1].strip():
            tail -= 1
        if tail > start:
            yield blank + lines[start:tail]
            blank = []
        blank += lines[tail:end]
    if blank:
        yield blank
