"""A line of text written as Markdown; the blocks around it are written elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
_MAIL = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class _Span:
    """Something that stands in the line under some emphasis."""

    marks: frozenset[Mark]
    text: str
    written: bool = True
    """Whether `text` is Markdown already, not plain text to be escaped."""


@dataclass(frozen=True, slots=True)
class _Delimiter:
    """One end of an emphasis."""

    mark: Mark
    opens: bool


def write_line(inlines: Inlines, *, line_break: str = "\\\n") -> str:
    """The line as Markdown, without what its place in a block asks for."""
    spans = list(_spans(inlines, line_break))
    for index in range(1, len(spans) - 1):
        if spans[index].text == line_break and spans[index].written:
            shared = spans[index - 1].marks & spans[index + 1].marks
            spans[index] = replace(spans[index], marks=shared)
    return _written(spans, bracketed=False)


def _written(spans: Sequence[_Span], *, bracketed: bool) -> str:
    pieces = list(_delimited(spans))
    signs = _signs(pieces)
    coded = _to_encode(pieces)
    out: list[str] = []
    for index, piece in enumerate(pieces):
        if isinstance(piece, _Delimiter):
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


def _delimited(spans: Sequence[_Span]) -> Iterator[_Span | _Delimiter]:
    """The spans between the opening and closing ends of their emphasis, properly nested."""
    open_marks: list[Mark] = []
    for index, span in enumerate(spans):
        keep = next(
            (depth for depth, mark in enumerate(open_marks) if mark not in span.marks),
            len(open_marks),
        )
        while len(open_marks) > keep:
            yield _Delimiter(open_marks.pop(), opens=False)
        fresh = span.marks.difference(open_marks)
        for mark in sorted(fresh, key=lambda mark: (-_reach(spans, index, mark), mark.value)):
            open_marks.append(mark)
            yield _Delimiter(mark, opens=True)
        yield span
    while open_marks:
        yield _Delimiter(open_marks.pop(), opens=False)


def _reach(spans: Sequence[_Span], start: int, mark: Mark) -> int:
    """How many spans from the start carry the mark without a gap."""
    end = start
    while end < len(spans) and mark in spans[end].marks:
        end += 1
    return end - start


def _signs(pieces: Sequence[_Span | _Delimiter]) -> dict[int, str]:
    """The sign of each end; emphasis that touches a strong end takes the underscore."""
    signs: dict[int, str] = {}
    opened = 0
    for index, piece in enumerate(pieces):
        if not isinstance(piece, _Delimiter):
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


def _touches_strong(pieces: Sequence[_Span | _Delimiter], index: int) -> bool:
    beside = (*pieces[max(index - 1, 0) : index], *pieces[index + 1 : index + 2])
    return any(isinstance(piece, _Delimiter) and piece.mark is Mark.STRONG for piece in beside)


def _to_encode(pieces: Sequence[_Span | _Delimiter]) -> set[tuple[int, bool]]:
    """Which text characters (index, first?) must count as punctuation for emphasis to work."""
    signs = _signs(pieces)
    found: set[tuple[int, bool]] = set()
    for index, piece in enumerate(pieces):
        if not isinstance(piece, _Delimiter):
            continue
        step = 1 if piece.opens else -1
        inner, outer = index + step, index - step
        if not 0 <= outer < len(pieces) or not _in_the_way(pieces, signs, inner, outer, step):
            continue
        outside = pieces[outer]
        if isinstance(outside, _Span) and not outside.written:
            found.add((outer, not piece.opens))
    return found


def _in_the_way(
    pieces: Sequence[_Span | _Delimiter],
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
    pieces: Sequence[_Span | _Delimiter], signs: dict[int, str], index: int, *, first: bool
) -> str:
    piece = pieces[index]
    text = signs[index] if isinstance(piece, _Delimiter) else piece.text
    return text[0] if first else text[-1]


def _spans(inlines: Inlines, line_break: str) -> Iterator[_Span]:
    """The line with links, code, chips and breaks already written."""
    position = 0
    for link, group in groupby(inlines, key=_link_of):
        runs = list(group)
        before = inlines[position - 1] if position else None
        position += len(runs)
        if link is None:
            yield from (_span(run, line_break) for run in runs)
            continue
        after = inlines[position] if position < len(inlines) else None
        texts = [run for run in runs if isinstance(run, Text)]
        yield _link_span(link, texts, before, after)


def _link_of(inline: Inline) -> Link | None:
    return inline.link if isinstance(inline, Text) else None


def _span(inline: Inline, line_break: str) -> _Span:
    match inline:
        case Text(text=text, marks=marks) if Mark.CODE in marks:
            return _Span(marks - {Mark.CODE}, code_span(text))
        case Text(text=text, marks=marks):
            return _Span(marks, text, written=False)
        case Break():
            return _Span(NO_MARKS, line_break)
        case Chip(kind=kind, digest=digest, label=label):
            name = escape_text(label, bracketed=True)
            return _Span(NO_MARKS, f"[{name}](jira:{kind}/{digest})")
        case Image():
            return _Span(NO_MARKS, _picture(inline))


def _picture(image: Image) -> str:
    written = f"![{escape_text(image.alt, bracketed=True)}]({destination(image.url, image.title)})"
    if image.link is None:
        return written
    return f"[{written}]({destination(image.link.href, image.link.title)})"


def _link_span(
    link: Link, runs: Sequence[Text], before: Inline | None, after: Inline | None
) -> _Span:
    shared = frozenset.intersection(*(run.marks for run in runs)) - {Mark.CODE}
    if len(runs) == 1 and Mark.CODE not in runs[0].marks and not link.title:
        short = _short_link(link, runs[0], before, after)
        if short:
            return _Span(shared, short)
    inner = [_span(replace(run, marks=run.marks - shared, link=None), "") for run in runs]
    label = _written(inner, bracketed=True)
    return _Span(shared, f"[{label}]({destination(link.href, link.title)})")


def _short_link(link: Link, run: Text, before: Inline | None, after: Inline | None) -> str | None:
    """The link as a bare or bracketed address, if its text is its address."""
    if _stands_bare(link, run, before, after):
        return run.text
    if link.href == run.text and _AUTOLINK.fullmatch(run.text):
        return f"<{run.text}>"
    if link.href == f"mailto:{run.text}" and _MAIL.fullmatch(run.text):
        return f"<{run.text}>"
    return None


def _stands_bare(link: Link, run: Text, before: Inline | None, after: Inline | None) -> bool:
    """Whether the address is found again, no more and no less, where it stands."""
    if not _sets_apart(before):
        return False
    written = run.text
    if isinstance(after, Text) and not after.text[0].isspace():
        if after.link or after.marks != run.marks:
            return False
        written += after.text.split(maxsplit=1)[0]
    elif not (after is None or isinstance(after, Text | Break)):
        return False
    alone = next(bare_addresses(written), None) == (0, len(run.text), link.href)
    return alone and escape_text(written).startswith(run.text)


def _sets_apart(before: Inline | None) -> bool:
    """Whether an address may begin behind the neighbour."""
    if before is None or isinstance(before, Break):
        return True
    plain = isinstance(before, Text) and Mark.CODE not in before.marks and before.link is None
    return plain and isinstance(before, Text) and before.text[-1] in " \n\t("
