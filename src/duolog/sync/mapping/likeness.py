"""Which names are the same, or nearly so.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from duolog.sync.mapping.meta import Choice

LIKE_ENOUGH: Final = 0.8


def is_same(one: str, other: str) -> bool:
    """Whether two names differ in nothing but case, blanks and signs."""
    return _plain(one) == _plain(other)


def by_name(name: str, choices: Sequence[Choice]) -> Choice | None:
    """The choice of this name."""
    return next((c for c in choices if is_same(c.name, name)), None)


def like(name: str, choices: Sequence[Choice]) -> Choice | None:
    """The choice whose name is most like this one, if it is like it at all."""
    scored = [(SequenceMatcher(None, _plain(name), _plain(c.name)).ratio(), c) for c in choices]
    best = max(scored, key=lambda each: each[0], default=(0.0, None))
    return best[1] if best[0] >= LIKE_ENOUGH else None


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
