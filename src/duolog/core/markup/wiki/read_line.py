"""The inside of a paragraph of wiki text read as runs; what Markdown lacks becomes a chip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from duolog.core.markup.addresses import clean_address, may_link
from duolog.core.markup.files import file_address
from duolog.core.markup.inlines import canonical, one_line, words
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.tree import (
    NO_MARKS,
    Break,
    Chip,
    Image,
    Inline,
    Inlines,
    Link,
    Mark,
    Text,
)
from duolog.core.markup.wiki.chips import chip_for, excerpt, macro_kind, macro_label, visible
from duolog.core.markup.wiki.macros import Macro
from duolog.core.markup.wiki.notation import (
    EMOTICONS,
    KIND_OF,
    MARK_OF,
    OWN,
    is_file_name,
    is_target,
    spelled,
    unescaped,
)
from duolog.core.markup.wiki.tokens import Phrases, Token, tokens_of

_BAR = re.compile(r"(?<!\\)\|")
_PICTURE_FIRST = re.compile(r"![^\s!|][^!|]*\|[^!]*!(?=\|)")
_CARDS = frozenset({"smart-link", "smart-card", "smart-embed"})
_PARAMS = re.compile(r"(?<!\\),")
_SAYABLE = re.compile(r"(?P<name>alt|title|class)=(?P<value>(?:[^,\\]|\\.)*)")


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture Markdown can say, and the chip it is where it does not stand alone."""

    image: Image
    chip: Chip


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of markup, or text between two, and what is read as it."""

    start: int
    end: int
    inlines: Inlines


_Run: TypeAlias = Inline | _Picture


class LineReader:
    """Reads stretches of one text, and keeps what is behind each chip it leaves."""

    def __init__(self, text: str, masked: str, macros: Mapping[int, Macro], kept: Kept) -> None:
        self._text = text
        self._masked = masked
        self._macros = macros
        self._kept = kept

    def line(
        self, start: int, end: int, *, single_line: bool = False, picture: bool = True
    ) -> Inlines:
        """The inline content between the two places."""
        runs = list(self._runs(start, end, NO_MARKS))
        return canonical(
            self._with_pictures(runs, picture=picture), single_line=single_line, picture=picture
        )

    def chip(
        self, kind: str, label: str, start: int, end: int, marks: frozenset[Mark] = NO_MARKS
    ) -> Chip:
        """A chip for the text between the two places."""
        chip, node = chip_for(kind, label, self._text[start:end], marks)
        self._kept.inlines.setdefault(chip, node)
        return chip

    def _with_pictures(self, runs: list[_Run], *, picture: bool) -> list[Inline]:
        """A picture stays one where it stands alone; elsewhere it is a chip."""
        seen = [run for run in runs if not (isinstance(run, Text) and not run.text.strip())]
        if picture and len(seen) == 1 and isinstance(seen[0], _Picture):
            return [seen[0].image]
        return [run.chip if isinstance(run, _Picture) else run for run in runs]

    def _runs(self, start: int, end: int, marks: frozenset[Mark]) -> Iterator[_Run]:
        tokens = tokens_of(self._masked, start, end, self._macros)
        yield from self._read(tokens, Phrases(tokens), 0, len(tokens), marks)

    def units(self, start: int, end: int) -> Iterator[Unit]:
        """The outermost pieces of markup between the two places, and the text between them."""
        tokens = tokens_of(self._masked, start, end, self._macros)
        for first, last, runs in self._units(tokens, Phrases(tokens), 0, len(tokens), NO_MARKS):
            shown = tuple(run.chip if isinstance(run, _Picture) else run for run in runs)
            yield Unit(first, last, shown)

    def _read(
        self,
        tokens: Sequence[Token],
        phrases: Phrases,
        first: int,
        last: int,
        marks: frozenset[Mark],
    ) -> Iterator[_Run]:
        for _start, _end, runs in self._units(tokens, phrases, first, last, marks):
            yield from runs

    def _units(
        self,
        tokens: Sequence[Token],
        phrases: Phrases,
        first: int,
        last: int,
        marks: frozenset[Mark],
    ) -> Iterator[tuple[int, int, Iterable[_Run]]]:
        index = first
        while index < last:
            token = tokens[index]
            mark = MARK_OF.get(token.value.strip("{}"))
            end = None if mark in marks else phrases.end_of(index, last)
            if end is None:
                yield token.start, token.end, self._one(token, marks)
            elif mark is None:
                chip = self._phrase(token, tokens[end], marks)
                yield token.start, tokens[end].end, (chip,)
            else:
                inside = self._read(tokens, phrases, index + 1, end, marks | {mark})
                yield token.start, tokens[end].end, inside
            index = index + 1 if end is None else end + 1

    def _phrase(self, first: Token, last: Token, marks: frozenset[Mark]) -> Chip:
        """A phrase in a style that Markdown lacks."""
        label = excerpt(visible(self._text[first.end : last.start]), 1_000)
        kind = KIND_OF[first.value.strip("{}")]
        return self.chip(kind, label, first.start, last.end, marks)

    def _one(self, token: Token, marks: frozenset[Mark]) -> Iterator[_Run]:
        match token.kind:
            case "newline" | "forced":
                yield Break()
            case "soft":
                yield Text("\n", marks)
            case "escaped" | "dash":
                yield Text(token.value, marks)
            case "entity":
                yield Text(spelled(token.value), marks)
            case "mono":
                yield Text(unescaped(token.value), frozenset({Mark.CODE}))
            case "emoticon":
                label = EMOTICONS[token.value]
                yield self.chip("emoji", label, token.start, token.end, marks)
            case "macro" | "image" | "bracket" | "url":
                yield from self._object(token, marks)
            case _:
                yield Text(self._text[token.start : token.end], marks)

    def _object(self, token: Token, marks: frozenset[Mark]) -> Iterator[_Run]:
        match token.kind:
            case "macro":
                yield self._macro(self._macros[token.start], marks)
            case "image":
                yield self._image(token, marks)
            case "url":
                yield self._address(token, marks)
            case _:
                yield from self._bracket(token, marks)

    def _macro(self, macro: Macro, marks: frozenset[Mark]) -> _Run:
        """The macro; colour around blanks is nothing that anybody sees."""
        if macro.name == "color" and not self._text[macro.body : macro.body_end].strip():
            return Text(" " if macro.body < macro.body_end else "")
        label = macro_label(macro, self._text)
        return self.chip(macro_kind(macro), label, macro.start, macro.end, marks)

    def _address(self, token: Token, marks: frozenset[Mark]) -> _Run:
        address = token.value
        if not may_link(address) or clean_address(address) != address:
            return self.chip("link", address, token.start, token.end, marks)
        return Text(address.removeprefix("mailto:"), marks, Link(address))

    def _image(self, token: Token, marks: frozenset[Mark]) -> _Run:
        name, _, params = token.value.strip("!").partition("|")
        name = unescaped(name.strip())
        chip = self.chip("image", f"Image {name}", token.start, token.end, marks)
        image = None if marks else _sayable_image(name, params)
        return _Picture(image, chip) if image else chip

    def _bracket(self, token: Token, marks: frozenset[Mark]) -> Iterator[_Run]:
        """A link, a person, a file, or just brackets around more text."""
        parts = _parts(token.value)
        target = unescaped((parts[0] if len(parts) == 1 else parts[1]).strip())
        label_length = len(parts[0]) if len(parts) > 1 else 0
        label = (token.start + 1, token.start + 1 + label_length)
        tip = unescaped("|".join(parts[2:])).strip()
        if len(parts) <= 2 and target.startswith("~") and len(target) > 1:
            person = target[1:].removeprefix("accountid:")
            yield self.chip("mention", f"@{person}", token.start, token.end, marks)
        elif len(parts) <= 2 and target.startswith("^") and len(target) > 1:
            yield self.chip("attachment", f"File {target[1:]}", token.start, token.end, marks)
        elif tip in _CARDS:
            yield self.chip("inlineCard", target, token.start, token.end, marks)
        elif is_target(target) or tip.startswith(OWN):
            yield from self._link(
                token, label, Link(target, one_line(tip.removeprefix(OWN))), marks
            )
        else:
            yield Text("[", marks)
            yield from self._runs(token.start + 1, token.end, marks)

    def _link(
        self, token: Token, label: tuple[int, int], link: Link, marks: frozenset[Mark]
    ) -> Iterator[_Run]:
        inside = list(self._runs(*label, marks))
        shown = "".join(map(_words, inside))
        if not inside or not shown.strip():
            inside = [Text(link.href.removeprefix("mailto:"), marks)]
        chips = any(isinstance(run, Chip | _Picture) for run in inside)
        if len(inside) == 1 and isinstance(inside[0], _Picture) and _may_stand(link):
            image = replace(inside[0].image, link=link)
            chip = self.chip("image", inside[0].chip.label, token.start, token.end, marks)
            yield _Picture(image, chip)
        elif chips or not _may_stand(link):
            label_words = shown.strip() or link.href
            yield self.chip("link", label_words, token.start, token.end, marks)
        else:
            yield from (_linked(run, link) for run in inside)


def _parts(bracket: str) -> list[str]:
    """What stands between the bars; those of a picture in front do not count."""
    picture = _PICTURE_FIRST.match(bracket)
    start = picture.end() if picture else 0
    first, *rest = _BAR.split(bracket[start:])
    return [bracket[:start] + first, *rest]


def _may_stand(link: Link) -> bool:
    return may_link(link.href) and clean_address(link.href) == link.href


def _linked(run: _Run, link: Link) -> _Run:
    return replace(run, link=link) if isinstance(run, Text) else run


def _words(run: _Run) -> str:
    return words((run.chip if isinstance(run, _Picture) else run,))


def _sayable_image(name: str, params: str) -> Image | None:
    """The picture, if it is a file by its name or from outside, and Markdown can say all of it."""
    said: dict[str, str] = {}
    for param in _PARAMS.split(params) if params else ():
        found = _SAYABLE.fullmatch(param.strip())
        if found is None or found["name"] in said:
            return None
        said[found["name"]] = one_line(unescaped(found["value"]))
    is_ours = said.pop("class", "") == OWN
    if not is_ours and is_file_name(name):
        name = file_address(name)
    elif not is_ours and not name.startswith(("http://", "https://")):
        return None
    if not may_link(name) or clean_address(name) != name:
        return None
    return Image(name, said.get("alt", ""), said.get("title", ""))
