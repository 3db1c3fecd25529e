"""The canonical form of a line of text: one tree for all ways to write the same; pure values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from duolog.core.markup.addresses import bare_addresses
from duolog.core.markup.tree import (
    Break,
    Chip,
    Image,
    Inline,
    Inlines,
    Link,
    Mark,
    Text,
)

_UNTEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_AROUND_NEWLINE = re.compile(r"[ \t]*\n[ \t\n]*")
_BLANKS = re.compile(r"\s+")
_CODE_ONLY = frozenset({Mark.CODE})
_EMPTY = Text("")


def clean_text(text: str) -> str:
    """The text with plain newlines and without characters that no Jira stores."""
    return _UNTEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The text on one line, single blanks between its words."""
    return _BLANKS.sub(" ", clean_text(text)).strip()


def words(inlines: Inlines) -> str:
    """What a reader sees of the line, without any markup."""
    return "".join(map(_words_of, inlines))


def _words_of(inline: Inline) -> str:
    match inline:
        case Text(text=text):
            return text
        case Break():
            return "\n"
        case Image(alt=alt, url=url):
            return alt or url
        case Chip(label=label):
            return label


def canonical(
    inlines: Iterable[Inline], *, single_line: bool = False, picture: bool = True
) -> Inlines:
    """The same line in its one form.

    Bare addresses are links, blanks carry no emphasis at its edges, neighbours of one style
    are one run, and nothing blank stands at the ends of a line.  A picture stays one only
    where it stands alone and may be a `picture`; elsewhere it becomes a link.
    """
    line = [part for part in inlines if part != _EMPTY]
    if picture and len(line) == 1 and isinstance(line[0], Image):
        return (line[0],)
    runs = [run for part in line for run in _as_runs(part, single_line=single_line)]
    if len(runs) == 1 and isinstance(runs[0], Text) and runs[0] == Text(runs[0].text):
        return _canonical_text(runs[0].text)
    settled = _merged(_settled(_merged(runs)))
    return tuple(_merged(_linked(_merged(_trimmed(settled)))))


def _canonical_text(text: str) -> Inlines:
    """The canonical form of a line that is nothing but plain text."""
    trimmed = _AROUND_NEWLINE.sub("\n", text).strip(" \t\n")
    return tuple(_linked([Text(trimmed)])) if trimmed else ()


def _as_runs(part: Inline, *, single_line: bool) -> Iterator[Inline]:
    match part:
        case Text(text=text, marks=marks) if Mark.CODE in marks:
            yield Text(text.replace("\n", " "), _CODE_ONLY, part.link)
        case Text(text=text, marks=marks) if single_line and "\n" in text:
            yield Text(text.replace("\n", " "), marks, part.link)
        case Image():
            yield from _as_links(part)
        case _:
            yield part


def _as_links(image: Image) -> Iterator[Text]:
    """A picture in the middle of a line, said with links."""
    name = one_line(image.alt) or image.url
    yield Text(name, link=image.link or Link(image.url, image.title))
    if image.link:
        yield Text(" ")
        yield Text(image.url, link=Link(image.url, image.title))


def _merged(runs: Iterable[Inline]) -> list[Inline]:
    """The runs, neighbours of one style made one."""
    merged: list[Inline] = []
    alike: list[Text] = []
    for run in runs:
        if isinstance(run, Text) and (not alike or _same_style(run, alike[0])):
            alike.append(run)
            continue
        merged.extend(_joined(alike))
        alike.clear()
        if isinstance(run, Text):
            alike.append(run)
        else:
            merged.append(run)
    merged.extend(_joined(alike))
    return merged


def _same_style(run: Text, other: Text) -> bool:
    return run.marks == other.marks and run.link == other.link


def _joined(runs: list[Text]) -> Iterator[Text]:
    if len(runs) == 1:
        yield runs[0]
    elif runs:
        yield Text("".join(run.text for run in runs), runs[0].marks, runs[0].link)


def _settled(runs: Iterable[Inline]) -> Iterator[Inline]:
    """Blanks between two runs carry only the emphasis that both runs have."""
    pieces = [piece for run in runs for piece in _split_blanks(run)]
    groups = [(blank, list(group)) for blank, group in groupby(pieces, key=_is_blank)]
    for index, (blank, group) in enumerate(groups):
        if not blank:
            yield from group
            continue
        before = groups[index - 1][1][-1] if index else None
        after = groups[index + 1][1][0] if index + 1 < len(groups) else None
        yield _shared(group, before, after)


def _shared(blanks: list[Inline], before: Inline | None, after: Inline | None) -> Text:
    texts = [blank for blank in blanks if isinstance(blank, Text)]
    text = _AROUND_NEWLINE.sub("\n", "".join(blank.text for blank in texts))
    if not (isinstance(before, Text) and isinstance(after, Text)):
        return Text(text)
    around = [before, after, *texts]
    marks = frozenset.intersection(*(run.marks for run in around)) - _CODE_ONLY
    links = {run.link for run in around}
    return Text(text, marks, links.pop() if len(links) == 1 else None)


def _is_blank(inline: Inline) -> bool:
    return isinstance(inline, Text) and Mark.CODE not in inline.marks and inline.text.isspace()


def _split_blanks(run: Inline) -> Iterator[Inline]:
    """The run as blanks, core, blanks."""
    if not isinstance(run, Text) or Mark.CODE in run.marks:
        yield run
        return
    core = run.text.strip()
    if not core:
        yield run
        return
    start = run.text.index(core[0])
    for text in (run.text[:start], core, run.text[start + len(core) :]):
        if text:
            yield Text(_AROUND_NEWLINE.sub("\n", text), run.marks, run.link)


def _trimmed(runs: list[Inline]) -> list[Inline]:
    """Without blanks at the ends of lines, and without breaks at the end."""
    kept: list[Inline] = []
    for index, run in enumerate(runs):
        if not isinstance(run, Text) or Mark.CODE in run.marks:
            kept.append(run)
            continue
        text = run.text
        if not kept or isinstance(kept[-1], Break):
            text = text.lstrip(" \t\n")
        if index + 1 == len(runs) or isinstance(runs[index + 1], Break):
            text = text.rstrip(" \t\n")
        if text:
            kept.append(Text(text, run.marks, run.link))
    while kept and isinstance(kept[-1], Break):
        kept.pop()
    return kept


def _linked(runs: Iterable[Inline]) -> Iterator[Inline]:
    """Bare addresses in the text made links."""
    for run in runs:
        if not isinstance(run, Text) or run.link or Mark.CODE in run.marks:
            yield run
            continue
        done = 0
        for start, end, target in bare_addresses(run.text):
            if start > done:
                yield Text(run.text[done:start], run.marks)
            yield Text(run.text[start:end], run.marks, Link(target))
            done = end
        if done < len(run.text):
            yield Text(run.text[done:], run.marks)
