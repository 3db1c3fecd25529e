"""The `~` operator: which texts a word query finds.  Knows no fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

TERM: Final = re.compile(r'[+-]?"[^"]*"|[^\s"]+')
TOKEN: Final = re.compile(r"\w+")
WILD: Final = re.compile(r"[\w*?]+")


def word_matcher(query: str) -> Callable[[str], bool]:
    """Whether a text holds every word and every "phrase" of the query, in any case.

    `*` and `?` are wildcards inside a word; a term that begins with `-` must be absent.
    """
    wanted: list[re.Pattern[str]] = []
    unwanted: list[re.Pattern[str]] = []
    for term in TERM.findall(query.lower()):
        pattern = term_pattern(term.lstrip("+-"))
        if pattern is not None:
            (unwanted if term.startswith("-") else wanted).append(pattern)

    def matches(text: str) -> bool:
        lowered = text.lower()
        return all(pattern.search(lowered) for pattern in wanted) and not any(
            pattern.search(lowered) for pattern in unwanted
        )

    return matches


def needed_words(query: str) -> frozenset[str]:
    """The whole words without which a text cannot match, in lower case."""
    wanted = [term.lstrip("+") for term in TERM.findall(query.lower()) if not term.startswith("-")]
    return frozenset(
        word
        for term in wanted
        for word in (TOKEN if term.startswith('"') else WILD).findall(term)
        if TOKEN.fullmatch(word)
    )


def term_pattern(term: str) -> re.Pattern[str] | None:
    quoted = term.startswith('"')
    words = (TOKEN if quoted else WILD).findall(term)
    if not words:
        return None
    inside = r"\W+".join(
        re.escape(word).replace(r"\*", r"\w*").replace(r"\?", r"\w") for word in words
    )
    return re.compile(rf"(?<!\w){inside}(?!\w)")
