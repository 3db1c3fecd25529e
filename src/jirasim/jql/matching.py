"""The `~` operator: which texts a word query finds.  Knows no fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

TERM: Final = re.compile(r'[+-]?"[^"]*"(?:~\d*)?(?:\^\d+)?|[^\s"]+')
BOOST: Final = re.compile(r"\^[\d.]+$")
FUZZY: Final = re.compile(r"(\w+)~[\d.]*")
TOKEN: Final = re.compile(r"\w+")
WILD: Final = re.compile(r"[\w*?]+")
MOST_EDITS: Final = 2


def word_matcher(query: str) -> Callable[[str], bool]:
    """Whether a text holds every word and every "phrase" of the query, in any case.

    `*` and `?` are wildcards inside a word, `word~` finds words like it; a term that begins with
    `-` must be absent.  `^4` would only move answers forward, and changes nothing.
    """
    wanted: list[Callable[[str], object]] = []
    unwanted: list[Callable[[str], object]] = []
    for term in terms(query):
        test = term_test(term.lstrip("+-"))
        if test is not None:
            (unwanted if term.startswith("-") else wanted).append(test)

    def matches(text: str) -> bool:
        lowered = text.lower()
        return all(test(lowered) for test in wanted) and not any(test(lowered) for test in unwanted)

    return matches


def terms(query: str) -> list[str]:
    """The parts of a query, in lower case and without their weights."""
    return [BOOST.sub("", term) for term in TERM.findall(query.lower())]


def needed_words(query: str) -> frozenset[str]:
    """The whole words without which a text cannot match, in lower case."""
    wanted = [term.lstrip("+") for term in terms(query) if not term.startswith("-")]
    return frozenset(
        word
        for term in wanted
        if not FUZZY.fullmatch(term)
        for word in whole_words(term)
        if TOKEN.fullmatch(word)
    )


def whole_words(term: str) -> list[str]:
    if term.startswith('"'):
        return TOKEN.findall(term.rpartition('"')[0])
    return WILD.findall(term)


def term_test(term: str) -> Callable[[str], object] | None:
    """Whether a text in lower case holds one word or phrase; None when nothing is asked."""
    if fuzzy := FUZZY.fullmatch(term):
        return lambda text: any(alike(word, fuzzy[1]) for word in set(TOKEN.findall(text)))
    words = whole_words(term)
    if not words:
        return None
    inside = r"\W+".join(
        re.escape(word).replace(r"\*", r"\w*").replace(r"\?", r"\w") for word in words
    )
    return re.compile(rf"(?<!\w){inside}(?!\w)").search


def alike(one: str, other: str) -> bool:
    """Whether at most two letters have to be put in, taken out or changed."""
    if abs(len(one) - len(other)) > MOST_EDITS:
        return False
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        before, row[0] = row[0], place
        for column, wanted in enumerate(other, start=1):
            change = before + (letter != wanted)
            before, row[column] = row[column], min(change, row[column] + 1, row[column - 1] + 1)
    return row[-1] <= MOST_EDITS
