"""A line of text written as wiki markup; the blocks around it are written elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

from duolog.core.markup.addresses import bare_addresses
from duolog.core.markup.files import file_address, named_file
from duolog.core.markup.inlines import words
from duolog.core.markup.nesting import Delimiter, Span, delimited
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.spans import sets_apart, word_after
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
from duolog.core.markup.wiki.chips import marks_of, node_of, set_apart, wiki_of
from duolog.core.markup.wiki.escapes import (
    Around,
    escape_address,
    escape_code,
    escape_text,
    paired_signs,
)
from duolog.core.markup.wiki.notation import (
    OWN,
    SIGN_OF,
    address_in,
    is_address,
    is_file_name,
    is_target,
)

_NEWLINE = "\n"
_FORCED = "\\\\"
_CARDS = frozenset({"smart-link", "smart-card", "smart-embed"})


class Where(Enum):
    """What a line stands in."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class LineWriter:
    """Writes lines; what is behind chips comes from `kept`.

    A `careful` one escapes all that could ever mean something.
    """

    kept: Kept
    careful: bool = False

    def line(self, inlines: Inlines, where: Where = Where.PARAGRAPH) -> str:
        """The line as wiki markup."""
        if len(inlines) == 1 and isinstance(inlines[0], Image):
            return _picture(inlines[0])
        paired = paired_signs(_texts(inlines, self.kept))
        around = Around(paired=paired, bars=where is Where.CELL, careful=self.careful)
        line_break = _NEWLINE if where is Where.PARAGRAPH else _FORCED
        prepared = tuple(_around_chips(inlines, self.kept))
        spans = list(self._spans(prepared, line_break, around))
        return self._written(spans, around, in_paragraph=where is Where.PARAGRAPH)

    def _written(self, spans: Sequence[Span], around: Around, *, in_paragraph: bool) -> str:
        pieces = list(delimited(spans))
        texts: list[str] = []
        last = "\n" if in_paragraph else ""
        for index, piece in enumerate(pieces):
            after = pieces[index + 1] if index + 1 < len(pieces) else None
            texts.append(self._piece(piece, last, after, around, in_paragraph=in_paragraph))
            last = texts[-1][-1:] or last
        return "".join(self._with_signs(pieces, texts))

    def _piece(
        self,
        piece: Span | Delimiter,
        before: str,
        after: Span | Delimiter | None,
        around: Around,
        *,
        in_paragraph: bool,
    ) -> str:
        if isinstance(piece, Delimiter):
            return SIGN_OF[piece.mark]
        if piece.written:
            if piece.text == before == _NEWLINE:
                return _FORCED + _NEWLINE
            touches = before.isalnum() or _first(after).isalnum()
            return set_apart(piece.text) if touches else piece.text
        here = replace(
            around,
            before="" if before == _NEWLINE else before,
            after=_first(after),
            line_start=in_paragraph and before == _NEWLINE,
        )
        return escape_text(piece.text, here)

    def _with_signs(
        self, pieces: Sequence[Span | Delimiter], texts: Sequence[str]
    ) -> Iterator[str]:
        """The texts, with those ends of emphasis in curly brackets that touch a word."""
        opened: list[int] = []
        in_brackets: set[int] = set()
        for index, piece in enumerate(pieces):
            if not isinstance(piece, Delimiter):
                continue
            if piece.opens:
                opened.append(index)
                continue
            first = opened.pop()
            if self.careful or not (_may_open(texts, first) and _may_close(texts, index)):
                in_brackets |= {first, index}
        for index, text in enumerate(texts):
            yield f"{{{text}}}" if index in in_brackets else text

    def _spans(self, inlines: Inlines, line_break: str, around: Around) -> Iterator[Span]:
        """The line with links, code, chips and breaks already written."""
        position = 0
        for link, group in groupby(inlines, key=_link_of):
            runs = list(group)
            before = inlines[position - 1] if position else None
            position += len(runs)
            after = inlines[position : position + 2]
            if link is None:
                yield from (self._span(run, line_break, around) for run in runs)
            else:
                texts = [run for run in runs if isinstance(run, Text)]
                yield self._link_span(link, texts, before, after, around)

    def _span(self, inline: Inline, line_break: str, around: Around) -> Span:
        match inline:
            case Text(text=text, marks=marks) if Mark.CODE in marks:
                inside = replace(around, before="{", after="}")
                return Span(marks - {Mark.CODE}, f"{{{{{escape_code(text, inside)}}}}}")
            case Text(text=text, marks=marks):
                return Span(marks, text, written=False)
            case Break():
                return Span(NO_MARKS, line_break)
            case Chip():
                node = node_of(inline, self.kept)
                return Span(marks_of(node), wiki_of(node))
            case Image():
                return Span(NO_MARKS, _picture(inline))

    def _link_span(
        self,
        link: Link,
        runs: Sequence[Text],
        before: Inline | None,
        after: Inlines,
        around: Around,
    ) -> Span:
        shared = frozenset.intersection(*(run.marks for run in runs)) - {Mark.CODE}
        if len(runs) == 1 and runs[0].marks == shared and not link.title:
            short = self._short_link(link, runs[0], before, after)
            if short:
                return Span(shared, short)
        plain = [replace(run, marks=run.marks - shared, link=None) for run in runs]
        inside = replace(around, bars=True)
        spans = [self._span(run, "", inside) for run in plain]
        label = self._written(spans, inside, in_paragraph=False)
        return Span(shared, f"[{label}|{_target(link)}]")

    def _short_link(self, link: Link, run: Text, before: Inline | None, after: Inlines) -> str:
        """The link as a bare or bracketed address, if its text is its address."""
        if not self.careful and _stands_bare(link, run, before, after):
            return run.text
        alone = link.href == run.text and is_target(link.href) and "\n" not in run.text
        return f"[{escape_address(link.href)}]" if alone and is_address(link.href) else ""


def _around_chips(inlines: Inlines, kept: Kept) -> Iterator[Inline]:
    """A blank beside a chip is under the emphasis that the chip shares with what follows."""
    for index, inline in enumerate(inlines):
        beside = (*inlines[max(index - 1, 0) : index], *inlines[index + 1 : index + 2])
        chips = any(isinstance(other, Chip) for other in beside)
        if isinstance(inline, Text) and inline.text.isspace() and len(beside) == 2 and chips:
            shared = _marks(beside[0], kept) & _marks(beside[1], kept) - {Mark.CODE}
            yield replace(inline, marks=inline.marks | shared)
        else:
            yield inline


def _marks(inline: Inline, kept: Kept) -> frozenset[Mark]:
    if isinstance(inline, Text):
        return inline.marks
    return marks_of(node_of(inline, kept)) if isinstance(inline, Chip) else NO_MARKS


def _texts(inlines: Inlines, kept: Kept) -> Iterator[str]:
    """All text of the line, and the signs that its emphasis will need."""
    for inline in inlines:
        if isinstance(inline, Chip):
            yield wiki_of(node_of(inline, kept))
        else:
            yield words((inline,))
        if isinstance(inline, Text):
            yield from (SIGN_OF[mark] * 2 for mark in inline.marks if mark in SIGN_OF)


def _link_of(inline: Inline) -> Link | None:
    return inline.link if isinstance(inline, Text) else None


def _first(piece: Span | Delimiter | None) -> str:
    if piece is None:
        return ""
    return SIGN_OF[piece.mark] if isinstance(piece, Delimiter) else piece.text[:1]


def _may_open(texts: Sequence[str], index: int) -> bool:
    sign = texts[index]
    before = texts[index - 1][-1:] if index else ""
    after = texts[index + 1][:1]
    return not (before.isalnum() or before in {sign, "\\", "{"}) and after not in {sign, ""}


def _may_close(texts: Sequence[str], index: int) -> bool:
    sign = texts[index]
    before = texts[index - 1][-1:]
    after = texts[index + 1][:1] if index + 1 < len(texts) else ""
    return before not in {sign, "\\"} and not (after.isalnum() or after in {sign, "}"})


def _target(link: Link) -> str:
    """What stands behind the words of a link: the address, and a tip if there is one.

    A tip that begins as ours marks what Jira itself would not take for a link.
    """
    tip = escape_address(link.title)
    own = not is_target(link.href) or link.title.startswith(OWN) or link.title in _CARDS
    if own:
        return f"{escape_address(link.href)}|{OWN}{tip}"
    return f"{escape_address(link.href)}|{tip}" if tip else escape_address(link.href)


def _stands_bare(link: Link, run: Text, before: Inline | None, after: Inlines) -> bool:
    """Whether the address is found again, no more and no less, where it stands."""
    following = word_after(run, after)
    if following is None or not sets_apart(before):
        return False
    if is_address(run.text):
        return link.href == run.text and address_in(run.text + following) == run.text
    found = next(bare_addresses(run.text + following), None)
    around = Around(paired=paired_signs((run.text, run.text)))
    return found == (0, len(run.text), link.href) and escape_text(run.text, around) == run.text


def _picture(image: Image) -> str:
    said = [f"alt={_param(image.alt)}"] if image.alt else []
    if image.title:
        said.append(f"title={_param(image.title)}")
    address = _file_name(image.url) or image.url
    if address == image.url and not address.startswith(("http://", "https://")):
        said.insert(0, f"class={OWN}")
    params = f"|{','.join(said)}" if said else ""
    written = f"!{escape_address(address)}{params}!"
    return f"[{written}|{_target(image.link)}]" if image.link else written


def _param(text: str) -> str:
    return escape_address(text).replace(",", "\\,")


def _file_name(address: str) -> str | None:
    """The name of a file of the issue, where wiki text can say it."""
    name = named_file(address)
    return name if name and is_file_name(name) and file_address(name) == address else None
