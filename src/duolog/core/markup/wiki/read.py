"""Wiki markup read as segments: blocks, and where each stands in the text.  Never fails."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duolog.core.markup.fit import Place, fit
from duolog.core.markup.inlines import clean_text
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.tree import (
    NO_MARKS,
    Block,
    Blocks,
    Bullets,
    Code,
    Heading,
    Inlines,
    Numbers,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
    Tasks,
)
from duolog.core.markup.wiki.chips import chip_for, excerpt, visible
from duolog.core.markup.wiki.languages import closers_shown, language_of
from duolog.core.markup.wiki.lists import DEEPEST_LIST, Entry, lists_of
from duolog.core.markup.wiki.macros import VERBATIM, Macro, macros_of, masked
from duolog.core.markup.wiki.notation import OWN
from duolog.core.markup.wiki.read_line import LineReader
from duolog.core.markup.wiki.source import Source, source_of
from duolog.core.markup.wiki.tables import Cell, cells_of, trimmed

_BLANK = re.compile(r"[ \t]*\Z")
_HEADING = re.compile(r"[ \t]*h([1-6])\.[ \t]*")
_BQ = re.compile(r"[ \t]*bq\.(?:[ \t]+|\Z)")
_RULE = re.compile(r"[ \t]*-{4,5}[ \t]*\Z")
_ENTRY = re.compile(r"[ \t]*([*#]+|-)(?:[ \t]+|\Z)")
_ROW = re.compile(r"[ \t]*\|")
_STARTS = (_HEADING, _BQ, _RULE, _ENTRY, _ROW)
_OWN_ANCHOR = re.compile(
    r"\{anchor:" + OWN + r"(?:start-(?P<start>\d{1,9})|(?P<fresh>new)|(?P<more>more))\}"
)
_OWN_ALIGNMENT = re.compile(r"\{anchor:" + OWN + r"(center|end)\}")
_NEXT_PARAGRAPH = re.compile(r"(?<=[^ \t\n])\\\\[ \t]*\n[ \t]*\\\\[ \t]*(?:\n|\Z)")
_FIRST_LINE_END = re.compile(r"\A[ \t]*\n")
_LAST_LINE_END = re.compile(r"\n[ \t]*\Z")
_QUOTED = (Paragraph, Code, Bullets, Numbers, Tasks)


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

    @property
    def blocks(self) -> Blocks:
        """What a reader sees."""
        return tuple(part.block for part in self.segments if part.block is not None)


def read_wiki(held: str, kept: Kept | None = None, place: Place = Place.DOCUMENT) -> Page:
    """The wiki text that Jira holds, as a page."""
    source = source_of(held)
    reader = WikiReader(source.text, Kept() if kept is None else kept)
    return Page(source, tuple(reader.segments(place)), reader.kept)


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry of a list, the signs it was written with, and where it stands."""

    entry: Entry
    written_signs: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row of a table and where it stands."""

    cells: tuple[Cell, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the text; macros in it may hold more lines."""

    start: int
    end: int


class WikiReader:
    """Reads one text, and keeps what is behind each chip it leaves."""

    def __init__(self, text: str, kept: Kept) -> None:
        self.kept = kept
        self._text = text
        self._macros = macros_of(text)
        self._masked = masked(text, self._macros)
        self._starts = [macro.start for macro in self._macros]
        by_start = {macro.start: macro for macro in self._macros}
        self._lines = LineReader(text, self._masked, by_start, kept)

    def segments(self, place: Place = Place.DOCUMENT) -> Iterator[Segment]:
        """The segments of the text in their order."""
        for block, start, end in self._found():
            said = self._said(block, place) if block else None
            if block and said is None:
                said = self._locked(block, start, end)
            yield Segment(said, start, end)

    def _said(self, block: Block, place: Place) -> Block | None:
        """The block if Markdown can say it where it stands, or None."""
        if isinstance(block, Quote) and not all(isinstance(it, _QUOTED) for it in block.blocks):
            return None
        fitted = fit((block,), place)
        return fitted[0] if len(fitted) == 1 else None

    def _locked(self, block: Block, start: int, end: int) -> Paragraph:
        name = type(block).__name__
        label = f"{name}: {excerpt(visible(self._text[start : min(end, start + 1_000)]))}"
        return Paragraph((self._lines.chip(name.lower(), label, start, end),))

    def _found(self) -> Iterator[tuple[Block | None, int, int]]:
        lines = list(self._all_lines())
        index = 0
        while index < len(lines):
            start, end = lines[index].start, lines[index].end
            if self._is(_BLANK, lines[index]):
                index += 1
            elif self._begins_entry(lines[index]):
                index, lists = self._lists(lines, index)
                yield from lists
            elif self._is(_ROW, lines[index]):
                index, block = self._table(lines, index)
                yield block, *trimmed(self._text, start, lines[index - 1].end)
            elif one_line_block := self._one_line_block(lines[index]):
                index += 1
                yield one_line_block, *trimmed(self._text, start, end)
            else:
                index = self._run(lines, index)
                yield from self._paragraphs(start, lines[index - 1].end)

    def _all_lines(self) -> Iterator[_Line]:
        start = 0
        while start <= len(self._masked):
            end = self._masked.find("\n", start)
            end = len(self._masked) if end < 0 else end
            yield _Line(start, end)
            start = end + 1

    def _is(self, pattern: re.Pattern[str], line: _Line) -> re.Match[str] | None:
        return pattern.match(self._masked, line.start, line.end)

    def _one_line_block(self, line: _Line) -> Block | None:
        if found := self._is(_HEADING, line):
            inlines = self._lines.line(found.end(), line.end, single_line=True, picture=False)
            return Heading(int(found[1]), inlines)
        if found := self._is(_BQ, line):
            inlines = self._lines.line(found.end(), line.end)
            return Quote((Paragraph(inlines),) if inlines else ())
        return Rule() if self._is(_RULE, line) else None

    def _run(self, lines: Sequence[_Line], index: int) -> int:
        """The index behind the lines that go on without a blank line or the begin of a block."""
        index += 1
        while index < len(lines) and not self._is(_BLANK, lines[index]):
            if any(self._is(pattern, lines[index]) for pattern in _STARTS):
                break
            index += 1
        return index

    def _between(self, start: int, end: int) -> Sequence[Macro]:
        first = bisect_left(self._starts, start)
        return self._macros[first : bisect_left(self._starts, end)]

    def _paragraphs(
        self, start: int, end: int, dividing: frozenset[str] = VERBATIM | {"quote"}
    ) -> Iterator[tuple[Block | None, int, int]]:
        """The paragraphs of a run of lines, and the blocks between them."""
        done = start
        for macro in self._between(start, end):
            if macro.name not in dividing:
                continue
            yield from self._paragraph(done, macro.start)
            yield self._macro(macro), macro.start, macro.end
            done = macro.end
        yield from self._paragraph(done, end)

    def _paragraph(self, start: int, end: int) -> Iterator[tuple[Block | None, int, int]]:
        first, last = trimmed(self._masked, start, end)
        if first < last:
            inlines = self._lines.line(first, last)
            yield (Paragraph(inlines) if inlines else None), first, last

    def _macro(self, macro: Macro) -> Block:
        body = self._text[macro.body : macro.body_end]
        if macro.name == "quote":
            return Quote(read_wiki(body, self.kept, Place.QUOTE).blocks)
        return Code(language_of(macro), code_text(macro.name, body))

    def _lists(
        self, lines: Sequence[_Line], index: int
    ) -> tuple[int, list[tuple[Block | None, int, int]]]:
        """The lists that begin at the line, and the index of the line behind them."""
        groups: list[list[PlacedEntry]] = []
        while index < len(lines) and (found := self._begins_entry(lines[index])):
            after = self._run(lines, index)
            entry = self._entry(found, lines[index].start, lines[after - 1].end)
            if groups and not _begins_list(entry.entry, groups[-1][-1].entry):
                groups[-1].append(entry)
            else:
                groups.append([entry])
            index = after
        return index, [self._list(group) for group in groups]

    def _begins_entry(self, line: _Line) -> re.Match[str] | None:
        return None if self._is(_RULE, line) else self._is(_ENTRY, line)

    def _list(self, group: Sequence[PlacedEntry]) -> tuple[Block | None, int, int]:
        start, end = trimmed(self._text, group[0].start, group[-1].end)
        if max(len(entry.entry.signs) for entry in group) > DEEPEST_LIST:
            label = f"List: {excerpt(visible(self._text[start : min(end, start + 1_000)]))}"
            return Paragraph((self._lines.chip("list", label, start, end),)), start, end
        (block,) = lists_of([entry.entry for entry in group])
        return block, start, end

    def _entry(self, found: re.Match[str], start: int, end: int) -> PlacedEntry:
        content = found.end()
        own = _OWN_ANCHOR.match(self._text, content, end)
        if own:
            content = own.end()
        signs = found[1].replace("-", "*")
        number = int(own["start"]) if own and own["start"] else 1
        fresh = own is not None and own["more"] is None
        more = own is not None and own["more"] is not None
        blocks = tuple(self._entry_blocks(content, end))
        return PlacedEntry(Entry(signs, blocks, number, fresh, more), found[1], start, end)

    def _entry_blocks(self, start: int, end: int) -> Iterator[Block]:
        done = start
        for macro in self._between(start, end):
            if macro.name in VERBATIM:
                yield from self._entry_paragraphs(done, macro.start)
                yield self._macro(macro)
                done = macro.end
        yield from self._entry_paragraphs(done, end)

    def _entry_paragraphs(self, start: int, end: int) -> Iterator[Block]:
        start, end = trimmed(self._masked, start, end)
        for found in [*_NEXT_PARAGRAPH.finditer(self._masked, start + 1, end), None]:
            inlines = self._lines.line(start, found.start() if found else end)
            if inlines:
                yield Paragraph(inlines)
            start = found.end() if found else end

    def _table(self, lines: Sequence[_Line], index: int) -> tuple[int, Block | None]:
        first = index
        while index < len(lines) and self._in_table(lines, first, index):
            index += 1
        rows = [row for row in self._rows(lines[first:index]) if row.cells]
        if not rows:
            return index, None
        width = max(len(row.cells) for row in rows)
        aligned = [self._alignment(cell) for cell in rows[0].cells]
        made = tuple(self._row(row.cells, width, head=not at) for at, row in enumerate(rows))
        return index, Table((*aligned, *[""] * (width - len(aligned))), made)

    def _in_table(self, lines: Sequence[_Line], first: int, index: int) -> bool:
        """Whether the line is a row, or more of an unfinished one."""
        if self._is(_ROW, lines[index]):
            return True
        if index == first or self._is(_BLANK, lines[index]):
            return False
        before = self._masked[lines[index - 1].start : lines[index - 1].end]
        return not before.rstrip(" \t").endswith("|")

    def _rows(self, lines: Sequence[_Line]) -> Iterator[PlacedRow]:
        """Each row with its cells; a line without a bar in front belongs to the row above."""
        starts = [line.start for line in lines if self._is(_ROW, line)]
        for start, after in zip(starts, [*starts[1:], lines[-1].end + 1], strict=True):
            yield PlacedRow(tuple(cells_of(self._masked, start, after - 1)), start, after - 1)

    def _alignment(self, cell: Cell) -> str:
        found = _OWN_ALIGNMENT.match(self._text, cell.start, cell.end)
        return found[1] if found else ""

    def _row(self, cells: Sequence[Cell], width: int, *, head: bool) -> Row:
        made = [self._cell(cell, head=head) for cell in cells]
        return Row((*made, *[()] * (width - len(made))))

    def _cell(self, cell: Cell, *, head: bool) -> Inlines:
        """The line in the cell; what is more than a line is a chip."""
        start, end = cell.start, cell.end
        found = _OWN_ALIGNMENT.match(self._text, start, end) if head else None
        if found:
            start = found.end()
        if self._is_line(start, end):
            return self._lines.line(start, end, single_line=True)
        label = excerpt(visible(self._text[start : min(end, start + 1_000)]))
        chip, node = chip_for("cell", label, self._text[start:end], NO_MARKS)
        self.kept.cells.setdefault(chip, node)
        return (chip,)

    def _is_line(self, start: int, end: int) -> bool:
        """Whether no line of the cell begins a block."""
        while start <= end:
            line_end = self._masked.find("\n", start, end)
            line = _Line(start, end if line_end < 0 else line_end)
            if any(self._is(pattern, line) for pattern in _STARTS):
                return False
            start = line.end + 1
        return True


def _begins_list(entry: Entry, before: Entry) -> bool:
    return entry.signs[0] != before.signs[0] or (entry.fresh and len(entry.signs) == 1)


def code_text(name: str, body: str) -> str:
    """The code between the tags, without the line ends beside them."""
    text = _LAST_LINE_END.sub("", _FIRST_LINE_END.sub("", clean_text(body), count=1), count=1)
    return closers_shown(name, text)
