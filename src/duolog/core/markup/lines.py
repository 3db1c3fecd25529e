"""The inline tokens of markdown-it read as runs of text; blocks are read elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from duolog.core.markup.addresses import may_link
from duolog.core.markup.inlines import clean_text, one_line
from duolog.core.markup.tree import Break, Chip, Image, Inline, Link, Mark, Text

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARKS = {"em": Mark.EM, "strong": Mark.STRONG, "s": Mark.STRIKE}
_CHIP = re.compile(r"jira:(?P<kind>[A-Za-z][A-Za-z0-9]*)/(?P<digest>[0-9a-f]{8,64})")
_SPELLED_BREAK = re.compile(r"<br */?>", re.IGNORECASE)


def read_line(inline: Token, *, spells_breaks: bool = False) -> list[Inline]:
    """The runs of one inline token; where lines cannot break, `<br>` spells a break."""
    reader = _LineReader(spells_breaks=spells_breaks)
    for token in inline.children or ():
        reader.take(token)
    return reader.runs


class _LineReader:
    """Follows the tokens, knowing which emphasis and which link is open."""

    def __init__(self, *, spells_breaks: bool) -> None:
        self.runs: list[Inline] = []
        self._spells_breaks = spells_breaks
        self._open: Counter[Mark] = Counter()
        self._link: Link | None = None
        self._linked_from = 0

    def take(self, token: Token) -> None:
        match token.type:
            case "text" | "text_special":
                self.runs.extend(self._text(token.content))
            case "code_inline":
                self._add(token.content, Mark.CODE)
            case "softbreak":
                self._add("\n")
            case "hardbreak":
                self.runs.append(Break())
            case "image":
                self.runs.append(self._image(token))
            case "link_open":
                self._link = Link(str(token.attrs["href"]), _title(token))
                self._linked_from = len(self.runs)
            case "link_close":
                self._close_link()
            case _:
                self._open[_MARKS[token.tag]] += token.nesting

    def _add(self, text: str, *marks: Mark) -> None:
        cleaned = clean_text(text)
        if cleaned:
            self.runs.append(Text(cleaned, frozenset((*+self._open, *marks)), self._link))

    def _text(self, text: str) -> Iterator[Inline]:
        """The text, cut at the breaks spelled in it."""
        parts = _SPELLED_BREAK.split(text) if self._spells_breaks else [text]
        marks = frozenset(+self._open)
        for index, part in enumerate(parts):
            if index:
                yield Break()
            if cleaned := clean_text(part):
                yield Text(cleaned, marks, self._link)

    def _image(self, token: Token) -> Inline:
        url, alt = str(token.attrs["src"]), one_line(_visible(token))
        if not url or not may_link(url):
            return Text(alt or "!", frozenset(+self._open), self._link)
        return Image(url, alt, _title(token), self._link)

    def _close_link(self) -> None:
        """What the link held becomes a chip, loses a link that may not be, or stays."""
        link, self._link = self._link, None
        inside = self.runs[self._linked_from :]
        if link is None or _is_seen(inside, link):
            return
        label = one_line("".join(run.text for run in inside if isinstance(run, Text)))
        chip = _CHIP.fullmatch(link.href)
        if chip and label:
            self.runs[self._linked_from :] = [Chip(chip["kind"], chip["digest"], label)]
        elif may_link(link.href) and not label:
            name = Text(link.href or link.title or "[]", frozenset(+self._open), link)
            self.runs[self._linked_from :] = [name]
        else:
            self.runs[self._linked_from :] = list(_unlinked(inside, link))


def _is_seen(inside: list[Inline], link: Link) -> bool:
    """Whether the link may be and has something to click on."""
    seen = any(not isinstance(run, Text) or run.text.strip() for run in inside)
    return seen and may_link(link.href)


def _unlinked(inside: list[Inline], link: Link) -> Iterator[Inline]:
    for run in inside:
        if isinstance(run, Image) and run.link == link:
            yield Image(run.url, run.alt, run.title)
        elif isinstance(run, Text) and run.link == link:
            yield Text(run.text, run.marks)
        else:
            yield run


def _title(token: Token) -> str:
    return one_line(str(token.attrs.get("title", "")))


def _visible(token: Token) -> str:
    """The text of a picture's description, without its markup."""
    parts = []
    for child in token.children or ():
        if child.type == "image":
            parts.append(_visible(child))
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        else:
            parts.append(child.content)
    return "".join(parts)
