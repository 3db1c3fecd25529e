"""A stretch of wiki text cut into its signs and the words between them; no meaning yet."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from duolog.core.markup.wiki.macros import Macro
from duolog.core.markup.wiki.notation import DASHES, EMOTICON, ENTITY, SOFT_BREAK, URL

_TOKEN = re.compile(
    r"(?P<macro>\x00)"
    r"|(?P<newline>\n)"
    r"|(?P<forced>\\\\(?:[ \t]*\n)?)"
    r"|\\(?P<escaped>[^\w\s\x00]|_)"
    r"|\{\{(?P<mono>(?:\\[^\s\x00]|(?!\{\{|\}\}(?!\}))[^\n\x00])+)\}\}"
    r"|\{(?P<braced>[*_+^~-]|\?\?)\}"
    r"|\[(?P<bracket>(?:[^\[\]\n\\]|\\[^\n])+)\]"
    rf"|(?<!\w)(?P<url>{URL})"
    r"|(?P<image>!(?=[^\s!|])[^!\n|\x00]*(?:\|[^!\n\x00]*)?!)"
    rf"|(?P<entity>{ENTITY})"
    rf"|(?P<emoticon>{EMOTICON})"
    rf"|(?P<soft>{SOFT_BREAK}+)"
    r"|(?P<sign>(?P<one>[*_+^~-])(?P=one)*|\?\?+)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `kind` is the group that found it, or "text"."""

    kind: str
    start: int
    end: int
    value: str = ""
    opens: bool = False
    closes: bool = False


def tokens_of(text: str, start: int, end: int, macros: Mapping[int, Macro]) -> list[Token]:
    """The tokens of the masked text between the two places."""
    return list(_tokens(text, start, end, macros))


def _tokens(text: str, start: int, end: int, macros: Mapping[int, Macro]) -> Iterator[Token]:
    done = place = start
    while found := _TOKEN.search(text, place, end):
        kind = found.lastgroup or ""
        kind = "sign" if kind == "one" else kind
        first, last = found.span()
        place = macros[first].end if kind == "macro" else last
        if kind == "emoticon" and not _stands_apart(text, first, last, start, end):
            place = first + 1
            continue
        if kind == "image" and _is_word(text, first - 1, start, end):
            place = first + 1
            continue
        if first > done:
            yield Token("text", done, first)
        done = place
        if kind == "sign":
            yield from _signs(text, first, last, start, end)
        elif kind == "braced":
            yield _braced(text, found, end)
        else:
            yield Token(kind, first, place, found[kind])
    if done < end:
        yield Token("text", done, end)


def _signs(text: str, first: int, last: int, start: int, end: int) -> Iterator[Token]:
    """A run of one sign: its first may end a phrase, its last may begin one."""
    sign = "??" if text[first] == "?" else text[first]
    ends = first > start and not text[first - 1].isspace()
    begins = last < end and not text[last].isspace() and not _is_word(text, first - 1, start, end)
    closes = ends and not _is_word(text, last, start, end)
    if last - first == len(sign):
        dash = sign == "-" and not ends and not begins
        kind = "text" if dash or not (begins or closes) else "sign"
        yield Token(kind, first, last, sign, opens=begins, closes=closes)
    elif sign == "-" and last - first <= 3 and not ends and (last == end or text[last].isspace()):
        yield Token("dash", first, last, DASHES[text[first:last]])
    elif sign == "??":
        yield Token("text", first, last)
    else:
        yield Token("sign", first, first + 1, sign, closes=ends)
        if last - first > 2:
            yield Token("text", first + 1, last - 1)
        yield Token("sign", last - 1, last, sign, opens=begins)


def _braced(text: str, found: re.Match[str], end: int) -> Token:
    opens = found.end() < end and not text[found.end()].isspace()
    closes = not text[found.start() - 1 : found.start()].isspace()
    sign = f"{{{found['braced']}}}"
    return Token("braced", found.start(), found.end(), sign, opens=opens, closes=closes)


def _is_word(text: str, place: int, start: int, end: int) -> bool:
    return start <= place < end and text[place].isalnum()


def _stands_apart(text: str, first: int, last: int, start: int, end: int) -> bool:
    return not (_is_word(text, first - 1, start, end) or _is_word(text, last, start, end))


class Phrases:
    """Finds the end of each phrase: a sign that closes, on the same line."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._closing: defaultdict[str, list[int]] = defaultdict(list)
        self._line: list[int] = []
        line = 0
        for index, token in enumerate(tokens):
            line += token.kind == "newline" or token.value.endswith("\n")
            self._line.append(line)
            if token.closes:
                self._closing[token.value].append(index)

    def end_of(self, index: int, limit: int) -> int | None:
        """The token before `limit` that ends the phrase which the token at `index` begins."""
        token = self._tokens[index]
        if not token.opens:
            return None
        places = self._closing.get(token.value, [])
        found = bisect_right(places, index)
        if found < len(places) and self._tokens[places[found]].start == token.end:
            found += 1
        if found == len(places) or places[found] >= limit:
            return None
        end = places[found]
        return end if self._line[end] == self._line[index] else None
