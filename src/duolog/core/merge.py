"""Merges two edits of one text, piece by piece.  Pure; gives up rather than guess.

An edit replaces a range of the base's pieces.  Two edits fit together when their ranges share no
piece and they do not both insert at the same place: then neither undoes nor repeats the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from duolog.core.markup import normalise, pieces_of
from duolog.core.values import Pair

LONGEST: Final = 500
"""Pieces beyond which a person is asked: comparing takes the square of their number."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The base's pieces from `start` up to `end` become `pieces`."""

    start: int
    end: int
    pieces: tuple[str, ...]

    def fits(self, other: Edit) -> bool:
        """Whether both can be carried out, in an order that the places tell."""
        if self.start == self.end == other.start == other.end:
            return False
        return self.end <= other.start or other.end <= self.start


def merge_texts(was: Pair, now: Pair) -> str | None:
    """The base with the edits of both sides, as canonical Markdown; None where they do not fit.

    None as well where the sides did not hold the same text before, since edits of one have then
    no place in the other.
    """
    base, local, remote = was.local, now.local, now.remote
    if not (isinstance(base, str) and isinstance(local, str) and isinstance(remote, str)):
        return None
    if was.local != was.remote:
        return None
    # The line before makes the first piece look like any other: what moves down stays equal.
    pieces, here, there = (pieces_of(f"\n{text}") for text in (base, local, remote))
    if max(len(pieces), len(here), len(there)) > LONGEST:
        return None
    ours, theirs = frozenset(_edits(pieces, here)), frozenset(_edits(pieces, there))
    if not _fit(ours, theirs):
        return None
    carried = tuple(_carried_out(pieces, ours | theirs))
    merged = normalise("\n".join(carried))
    return merged if _says(carried) == _says(pieces_of(merged)) else None


def _fit(ours: frozenset[Edit], theirs: frozenset[Edit]) -> bool:
    """Whether the edits of one side leave those of the other alone; what both did counts once."""
    only_ours, only_theirs = ours - theirs, theirs - ours
    return all(one.fits(other) for one in only_ours for other in theirs) and all(
        one.fits(other) for one in only_theirs for other in ours
    )


def _says(pieces: Iterable[str]) -> list[str]:
    """The pieces without the blank lines between them: equal where no piece changed its meaning."""
    return [said for piece in pieces if (said := piece.strip("\n"))]


def _edits(before: Sequence[str], after: Sequence[str]) -> Iterator[Edit]:
    """What turns one text into the other; pieces rewritten one for one are an edit each."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, from_, to in matcher.get_opcodes():
        if tag == "replace" and end - start == to - from_:
            yield from (Edit(n, n + 1, (after[from_ + n - start],)) for n in range(start, end))
        elif tag != "equal":
            yield Edit(start, end, tuple(after[from_:to]))


def _carried_out(pieces: Sequence[str], edits: frozenset[Edit]) -> Iterator[str]:
    position = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        yield from pieces[position : edit.start]
        yield from edit.pieces
        position = edit.end
    yield from pieces[position:]
