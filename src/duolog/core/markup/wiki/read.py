"""Wiki markup read as segments: blocks, and where each stands in the text.  Never fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from duolog.core.markup.fit import Place, fit
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.tree import (
    Block,
    Blocks,
    Bullets,
    Code,
    Heading,
    Numbers,
    Paragraph,
    Quote,
    Rule,
)
from duolog.core.markup.wiki.chips import excerpt, visible
from duolog.core.markup.wiki.code import code_of
from duolog.core.markup.wiki.macros import VERBATIM, Macro
from duolog.core.markup.wiki.read_lists import lists_in, read_entries
from duolog.core.markup.wiki.read_tables import read_table, table_end
from duolog.core.markup.wiki.scan import BLANK, HEADING, QUOTED, ROW, Line, Scan
from duolog.core.markup.wiki.source import Source, source_of
from duolog.core.markup.wiki.tables import trimmed

_DIVIDING = VERBATIM | {"quote"}
_IN_QUOTES = (Paragraph, Code, Bullets, Numbers)


@dataclass(frozen=True, slots=True)
class Segment:
    """A block and where it stands; no block where a reader sees nothing."""

    block: Block | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A wiki text that was read: its segments, between which only blanks stand."""

    source: Source
    segments: tuple[Segment, ...]
    kept: Kept
    place: Place = Place.DOCUMENT

    @property
    def blocks(self) -> Blocks:
        """What a reader sees."""
        return tuple(part.block for part in self.segments if part.block is not None)


def read_wiki(held: str, kept: Kept | None = None, place: Place = Place.DOCUMENT) -> Page:
    """The wiki text that Jira holds, as a page."""
    source = source_of(held)
    scan = Scan(source.text, Kept() if kept is None else kept)
    segments = tuple(_segment(scan, place, *found) for found in _found(scan))
    return Page(source, segments, scan.kept, place)


def _segment(scan: Scan, place: Place, block: Block | None, start: int, end: int) -> Segment:
    if block is None:
        return Segment(None, start, end)
    fitted = fit((block,), place) if _may_stand(block, place) else ()
    return Segment(fitted[0] if len(fitted) == 1 else _locked(scan, block, start, end), start, end)


def _may_stand(block: Block, place: Place) -> bool:
    """Whether Markdown can say the block where it stands and have it back."""
    return place is not Place.QUOTE or isinstance(block, _IN_QUOTES)


def _locked(scan: Scan, block: Block, start: int, end: int) -> Paragraph:
    name = type(block).__name__
    label = f"{name}: {excerpt(visible(scan.text[start : min(end, start + 1_000)]))}"
    return Paragraph((scan.inside.chip(name.lower(), label, start, end),))


def _found(scan: Scan) -> Iterator[tuple[Block | None, int, int]]:
    lines = list(scan.lines())
    index = 0
    while index < len(lines):
        line, first = lines[index], index
        if scan.match(BLANK, line):
            index += 1
        elif not scan.begins_block(line):
            index = scan.run(lines, index)
            yield from _paragraphs(scan, line.start, lines[index - 1].end)
        elif scan.begins_entry(line):
            index, entries = read_entries(scan, lines, index)
            yield from lists_in(scan, entries)
        elif scan.match(ROW, line):
            index = table_end(scan, lines, index)
            table = read_table(scan, lines[first:index])
            yield table, *trimmed(scan.text, line.start, lines[index - 1].end)
        else:
            index += 1
            yield _one_line_block(scan, line), *trimmed(scan.text, line.start, line.end)


def _one_line_block(scan: Scan, line: Line) -> Block:
    if found := scan.match(HEADING, line):
        inlines = scan.inside.line(found.end(), line.end, single_line=True, picture=False)
        return Heading(int(found[1]), inlines)
    if found := scan.match(QUOTED, line):
        inlines = scan.inside.line(found.end(), line.end)
        return Quote((Paragraph(inlines),) if inlines else ())
    return Rule()


def _paragraphs(scan: Scan, start: int, end: int) -> Iterator[tuple[Block | None, int, int]]:
    """The paragraphs of a run of lines, and the blocks between them."""
    done = start
    for macro in scan.macros(start, end):
        if macro.name in _DIVIDING:
            yield from _paragraph(scan, done, macro.start)
            yield _macro(scan, macro), macro.start, macro.end
            done = macro.end
    yield from _paragraph(scan, done, end)


def _paragraph(scan: Scan, start: int, end: int) -> Iterator[tuple[Block | None, int, int]]:
    first, last = trimmed(scan.masked, start, end)
    if first < last:
        inlines = scan.inside.line(first, last)
        yield (Paragraph(inlines) if inlines else None), first, last


def _macro(scan: Scan, macro: Macro) -> Block:
    if macro.name == "quote":
        body = scan.text[macro.body : macro.body_end]
        return Quote(read_wiki(body, scan.kept, Place.QUOTE).blocks)
    return code_of(macro, scan.text)
