"""Which words an item is found by.  Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 40
_WORD: Final = re.compile(r"\w+")
_KEY: Final = re.compile(r"[^\W\d_]\w*+-\d+")
_KEYS: Final = re.compile(rf"(?<!\w)[\d_]*+({_KEY.pattern})")
"""Looked for at the beginnings of words only: a text may be one word of a hundred thousand letters."""


def words_of(texts: Iterable[str]) -> frozenset[bytes]:
    """Every distinct word of the texts, folded, as stored; a key such as PLAT-142 is one too."""
    folded = " ".join(_folded(text) for text in texts)
    found = (*_WORD.findall(folded), *_KEYS.findall(folded))
    return frozenset(_stored(word) for word in found)


def terms_of(text: str) -> tuple[bytes, ...]:
    """The beginnings of words that a search asks for, each once, the longest first."""
    terms: set[bytes] = set()
    for part in _folded(text).split():
        found = [part] if _KEY.fullmatch(part) else _WORD.findall(part)
        terms.update(_stored(word) for word in found)
    return tuple(sorted(terms, key=lambda term: (-len(term), term)))


def end_of(term: bytes) -> bytes:
    """The first value after every word that begins with the term: UTF-8 has no byte 0xFF."""
    return term + b"\xff"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _stored(word: str) -> bytes:
    return word[:LONGEST].encode()
