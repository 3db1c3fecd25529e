"""The canonical form of a line of text: one tree for all ways to write the same; pure values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
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
    line = [part for part in inlines if part != Text("")]
    if picture and len(line) == 1 and isinstance(line[0], Image):
        return (line[0],)
    runs = [run for part in line for run in _as_runs(part, single_line=single_line)]
    return tuple(_merged(_linked(_merged(_trimmed(_merged(_settled(_merged(runs))))))))


def _as_runs(part: Inline, *, single_line: bool) -> Iterator[Inline]:
    match part:
        case Text(text=text, marks=marks) if Mark.CODE in marks:
            yield replace(part, text=text.replace("\n", " "), marks=_CODE_ONLY)
        case Text(text=text):
            yield replace(part, text=text.replace("\n", " ") if single_line else text)
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
    merged: list[Inline] = []
    for style, group in groupby(runs, key=_style):
        if isinstance(style, Text):
            text = "".join(run.text for run in group if isinstance(run, Text))
            if text:
                merged.append(replace(style, text=text))
        else:
            merged.extend(group)
    return merged


def _style(inline: Inline) -> Inline:
    return replace(inline, text="") if isinstance(inline, Text) else inline


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
    ends = (run.text[:start], core, run.text[start + len(core) :])
    for text in (ends[0], _AROUND_NEWLINE.sub("\n", core), ends[2]):
        if text:
            yield replace(run, text=text)


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
            kept.append(replace(run, text=text))
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
            yield from _unless_empty(replace(run, text=run.text[done:start]))
            yield replace(run, text=run.text[start:end], link=Link(target))
            done = end
        yield from _unless_empty(replace(run, text=run.text[done:]))


def _unless_empty(run: Text) -> Iterator[Text]:
    if run.text:
        yield run
