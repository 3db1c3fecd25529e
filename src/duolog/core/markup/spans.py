"""A line of text written as Markdown; the blocks around it are written elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from duolog.core.markup.addresses import bare_addresses
from duolog.core.markup.escapes import (
    code_span,
    destination,
    entity,
    escape_text,
    is_blank,
    is_punctuation,
)
from duolog.core.markup.nesting import Delimiter, Span, delimited
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

_AUTOLINK = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^<>\x00-\x20]*")
_HOST = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_MAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_HOST}(?:\.{_HOST})*")


def write_line(inlines: Inlines, *, line_break: str = "\\\n") -> str:
    """The line as Markdown, without what its place in a block asks for."""
    spans = list(_spans(inlines, line_break))
    for index in range(1, len(spans) - 1):
        if spans[index].text == line_break and spans[index].written:
            shared = spans[index - 1].marks & spans[index + 1].marks
            spans[index] = replace(spans[index], marks=shared)
    return _written(spans, bracketed=False)


def _written(spans: Sequence[Span], *, bracketed: bool) -> str:
    pieces = list(delimited(spans))
    signs = _signs(pieces)
    coded = _to_encode(pieces)
    out: list[str] = []
    for index, piece in enumerate(pieces):
        if isinstance(piece, Delimiter):
            out.append(signs[index])
        elif piece.written:
            out.append(_apart(out, piece.text))
        else:
            first, last = (index, True) in coded, (index, False) in coded
            out.append(_escaped(piece.text, first=first, last=last, bracketed=bracketed))
    return "".join(out)


def _apart(out: list[str], text: str) -> str:
    """The written piece; an exclamation mark before a link must not make it a picture."""
    if text.startswith("[") and out and out[-1].endswith("!") and not out[-1].endswith("\\!"):
        out[-1] = out[-1][:-1] + "\\!"
    return text


def _escaped(text: str, *, first: bool, last: bool, bracketed: bool) -> str:
    head, tail = "", ""
    if first:
        head, text = entity(text[0]), text[1:]
    if last and text:
        text, tail = text[:-1], entity(text[-1])
    return head + escape_text(text, bracketed=bracketed) + tail


def _signs(pieces: Sequence[Span | Delimiter]) -> dict[int, str]:
    """The sign of each end; emphasis that touches a strong end takes the underscore."""
    signs: dict[int, str] = {}
    opened = 0
    for index, piece in enumerate(pieces):
        if not isinstance(piece, Delimiter):
            continue
        match piece.mark:
            case Mark.STRONG:
                signs[index] = "**"
            case Mark.STRIKE:
                signs[index] = "~~"
            case _ if piece.opens:
                opened = index
            case _:
                touching = _touches_strong(pieces, opened) or _touches_strong(pieces, index)
                signs[opened] = signs[index] = "_" if touching else "*"
    return signs


def _touches_strong(pieces: Sequence[Span | Delimiter], index: int) -> bool:
    beside = (*pieces[max(index - 1, 0) : index], *pieces[index + 1 : index + 2])
    return any(isinstance(piece, Delimiter) and piece.mark is Mark.STRONG for piece in beside)


def _to_encode(pieces: Sequence[Span | Delimiter]) -> set[tuple[int, bool]]:
    """Which text characters (index, first?) must count as punctuation for emphasis to work."""
    signs = _signs(pieces)
    found: set[tuple[int, bool]] = set()
    for index, piece in enumerate(pieces):
        if not isinstance(piece, Delimiter):
            continue
        step = 1 if piece.opens else -1
        inner, outer = index + step, index - step
        if not 0 <= outer < len(pieces) or not _in_the_way(pieces, signs, inner, outer, step):
            continue
        outside = pieces[outer]
        if isinstance(outside, Span) and not outside.written:
            found.add((outer, not piece.opens))
    return found


def _in_the_way(
    pieces: Sequence[Span | Delimiter],
    signs: dict[int, str],
    inner: int,
    outer: int,
    step: int,
) -> bool:
    """Whether the character outside an end keeps it from being read as that end."""
    outside = _edge(pieces, signs, outer, first=step < 0)
    if is_blank(outside) or is_punctuation(outside):
        return False
    within = _edge(pieces, signs, inner, first=step > 0)
    return signs[inner - step] == "_" or is_punctuation(within)


def _edge(
    pieces: Sequence[Span | Delimiter], signs: dict[int, str], index: int, *, first: bool
) -> str:
    piece = pieces[index]
    text = signs[index] if isinstance(piece, Delimiter) else piece.text
    return text[0] if first else text[-1]


def _spans(inlines: Inlines, line_break: str) -> Iterator[Span]:
    """The line with links, code, chips and breaks already written."""
    position = 0
    for link, group in groupby(inlines, key=_link_of):
        runs = list(group)
        before = inlines[position - 1] if position else None
        position += len(runs)
        if link is None:
            yield from (_span(run, line_break) for run in runs)
            continue
        texts = [run for run in runs if isinstance(run, Text)]
        yield _link_span(link, texts, before, inlines[position : position + 2])


def _link_of(inline: Inline) -> Link | None:
    return inline.link if isinstance(inline, Text) else None


def _span(inline: Inline, line_break: str) -> Span:
    match inline:
        case Text(text=text, marks=marks) if Mark.CODE in marks:
            return Span(marks - {Mark.CODE}, code_span(text))
        case Text(text=text, marks=marks):
            return Span(marks, text, written=False)
        case Break():
            return Span(NO_MARKS, line_break)
        case Chip(kind=kind, digest=digest, label=label):
            name = escape_text(label, bracketed=True)
            return Span(NO_MARKS, f"[{name}](jira:{kind}/{digest})")
        case Image():
            return Span(NO_MARKS, _picture(inline))


def _picture(image: Image) -> str:
    written = f"![{escape_text(image.alt, bracketed=True)}]({destination(image.url, image.title)})"
    if image.link is None:
        return written
    return f"[{written}]({destination(image.link.href, image.link.title)})"


def _link_span(link: Link, runs: Sequence[Text], before: Inline | None, after: Inlines) -> Span:
    shared = frozenset.intersection(*(run.marks for run in runs)) - {Mark.CODE}
    if len(runs) == 1 and Mark.CODE not in runs[0].marks and not link.title:
        short = _short_link(link, runs[0], before, after)
        if short:
            return Span(shared, short)
    inner = [_span(replace(run, marks=run.marks - shared, link=None), "") for run in runs]
    label = _written(inner, bracketed=True)
    return Span(shared, f"[{label}]({destination(link.href, link.title)})")


def _short_link(link: Link, run: Text, before: Inline | None, after: Inlines) -> str | None:
    """The link as a bare or bracketed address, if its text is its address."""
    if _stands_bare(link, run, before, after):
        return run.text
    if link.href == run.text and _AUTOLINK.fullmatch(run.text):
        return f"<{run.text}>"
    if link.href == f"mailto:{run.text}" and _MAIL.fullmatch(run.text):
        return f"<{run.text}>"
    return None


def _stands_bare(link: Link, run: Text, before: Inline | None, after: Inlines) -> bool:
    """Whether the address is found again, no more and no less, where it stands."""
    if not sets_apart(before):
        return False
    following = word_after(run, after)
    if following is None:
        return False
    written = run.text + following
    alone = next(bare_addresses(written), None) == (0, len(run.text), link.href)
    return alone and escape_text(written).startswith(run.text)


def word_after(run: Text, after: Inlines) -> str | None:
    """What directly follows the text in its own style, or None if something else does.

    `after` holds the next two inlines: a word that ends with its run may go on in the next one.
    """
    match after:
        case () | (Break(), *_):
            return ""
        case (Text() as follows, *more):
            if follows.text[0].isspace():
                return ""
            word = follows.text.split(maxsplit=1)[0]
            goes_on = bool(more) and len(word) == len(follows.text)
            return None if follows.link or follows.marks != run.marks or goes_on else word
        case _:
            return None


def sets_apart(before: Inline | None) -> bool:
    """Whether an address may begin behind the neighbour."""
    if before is None or isinstance(before, Break):
        return True
    plain = isinstance(before, Text) and Mark.CODE not in before.marks and before.link is None
    return plain and isinstance(before, Text) and before.text[-1] in " \n\t("
