"""A block written over the wiki markup of another one: its parts that stayed keep their bytes."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from duolog.core.markup.align import align
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.tree import (
    Block,
    Break,
    Bullets,
    Code,
    Heading,
    Inline,
    Inlines,
    Numbers,
    Paragraph,
    Row,
    Table,
    Tasks,
)
from duolog.core.markup.wiki.code import closers_hidden, code_of
from duolog.core.markup.wiki.lists import Entry, entries_of
from duolog.core.markup.wiki.macros import macros_of
from duolog.core.markup.wiki.read_lists import PlacedEntry, read_entries
from duolog.core.markup.wiki.read_tables import PlacedRow, placed_rows, read_row, read_table
from duolog.core.markup.wiki.scan import HEADING, Line, Scan
from duolog.core.markup.wiki.source import Source, source_of
from duolog.core.markup.wiki.words import changed
from duolog.core.markup.wiki.write import BREAK, WikiWriter, own_anchor
from duolog.core.markup.wiki.write_line import LineWriter, Where

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Mender:
    """Writes blocks over others of their kind; what is behind chips comes from `kept`."""

    kept: Kept

    def over(self, block: Block, held: str) -> str | None:
        """The block in the markup of another, or None where that has no parts to keep."""
        match block:
            case Paragraph(inlines=inlines):
                return self._paragraph(inlines, source_of(held))
            case Heading():
                return self._heading(block, source_of(held))
            case Code():
                return _code(block, source_of(held))
            case Bullets() | Numbers() | Tasks():
                return self._list(block, source_of(held))
            case Table():
                return self._table(block, source_of(held))
            case _:
                return None

    @property
    def _writer(self) -> WikiWriter:
        return WikiWriter(self.kept)

    def _scan(self, source: Source) -> Scan:
        return Scan(source.text, Kept())

    def _heading(self, block: Heading, source: Source) -> str | None:
        """The heading behind what another of its level begins with."""
        found = HEADING.match(source.text)
        if found is None or int(found[1]) != block.level:
            return None
        line = Line(found.end(), len(source.text))
        over = self._over_line(block.inlines, self._scan(source), line, source)
        fresh = LineWriter(self.kept).line(block.inlines, Where.HEADING)
        return source.as_held(0, found.end()) + (over or fresh)

    def _paragraph(self, inlines: Inlines, source: Source) -> str:
        """The lines of the paragraph: equal ones to the letter, others with new words."""
        scan = self._scan(source)
        old = list(scan.lines())
        read = [scan.inside.line(line.start, line.end) or None for line in old]
        lines: list[str] = []
        for new, place, same in _pairs(_lines_of(inlines), read):
            if place is None:
                lines.append(self._line(new))
            elif same:
                lines.append(source.as_held(old[place].start, old[place].end))
            else:
                lines.append(self._over_line(new, scan, old[place], source) or self._line(new))
        return source.newline.join(lines)

    def _line(self, inlines: Inlines) -> str:
        return self._writer.block(Paragraph(inlines)) or BREAK

    def _over_line(self, inlines: Inlines, scan: Scan, line: Line, source: Source) -> str | None:
        """The line with only those words written anew that changed, if it is read as it is meant."""
        found = changed(inlines, list(scan.inside.units(line.start, line.end)), scan.text)
        if found is None:
            return None
        where = Where.PARAGRAPH if found.start == line.start else Where.HEADING
        written = LineWriter(self.kept).line(found.inlines, where)
        before = source.as_held(line.start, found.start)
        over = before + written + source.as_held(found.end, line.end)
        return over if _read_line(over) == inlines else None

    def _list(self, block: Bullets | Numbers | Tasks, source: Source) -> str:
        scan = self._scan(source)
        _, placed = read_entries(scan, list(scan.lines()), 0)
        dashes = bool(placed) and all(it.signs == "-" for it in placed if len(it.signs) == 1)
        entries: list[str] = []
        for entry, place, same in _pairs(list(entries_of(block)), [it.entry for it in placed]):
            if place is None:
                signs = "-" if dashes and entry.signs == "*" else entry.signs
                entries.append(self._entry(entry, signs, source))
            elif same:
                entries.append(source.as_held(placed[place].start, placed[place].end))
            else:
                entries.append(self._entry_over(entry, placed[place], source))
        return source.newline.join(entries)

    def _entry(self, entry: Entry, signs: str, source: Source) -> str:
        return source.in_its_lines(self._writer.entry(replace(entry, signs=signs)))

    def _entry_over(self, entry: Entry, placed: PlacedEntry, source: Source) -> str:
        """The entry with the indentation and the signs of another."""
        if placed.entry.signs != entry.signs:
            return self._entry(entry, entry.signs, source)
        inlines = _only_words(entry)
        if inlines is not None and _only_words(placed.entry) is not None:
            content = source_of(source.as_held(placed.content, placed.end))
            head = source.as_held(placed.start, placed.content)
            return head + self._paragraph(inlines, content)
        held = source.as_held(placed.start, placed.end)
        indent = held[: len(held) - len(held.lstrip(" \t"))]
        return indent + self._entry(entry, placed.signs, source)

    def _table(self, block: Table, source: Source) -> str | None:
        scan = self._scan(source)
        lines = list(scan.lines())
        read = read_table(scan, lines)
        placed = [row for row in placed_rows(scan, lines) if row.cells]
        if read is None or read.aligned != block.aligned or len(placed) != len(read.rows):
            return None
        rows = [self._row(block.rows[0], placed[0], scan, source, head=True)]
        for new, place, same in _pairs(block.rows[1:], read.rows[1:]):
            if place is None:
                rows.append(f"|{'|'.join(self._writer.cells(new))}|")
            elif same:
                rows.append(source.as_held(placed[place + 1].start, placed[place + 1].end))
            else:
                rows.append(self._row(new, placed[place + 1], scan, source, head=False))
        return source.newline.join(rows)

    def _row(self, row: Row, placed: PlacedRow, scan: Scan, source: Source, *, head: bool) -> str:
        """The row with the bars of another, and with those of its cells that are the same."""
        read = read_row(scan, placed, len(row.cells), head=head)
        if read == row:
            return source.as_held(placed.start, placed.end)
        parts: list[str] = []
        done = placed.start
        written = self._writer.cells(row)
        for cell, new, old, wiki in zip(placed.cells, row.cells, read.cells, written, strict=False):
            if new != old:
                parts.extend((source.as_held(done, cell.start), wiki))
                done = cell.end
        parts.append(source.as_held(done, placed.end))
        missing = written[len(placed.cells) :]
        return "".join(parts) + "".join(f"{cell}|" for cell in missing)


def _only_words(entry: Entry) -> Inlines | None:
    """The words of the entry, if it is nothing but one paragraph behind its signs."""
    match entry.blocks:
        case (Paragraph(inlines=inlines),) if not own_anchor(entry):
            return inlines
        case _:
            return None


def _read_line(wiki: str) -> Inlines:
    """The one line of the text."""
    scan = Scan(source_of(wiki).text, Kept())
    first = next(scan.lines())
    return () if scan.begins_block(first) else scan.inside.line(0, len(scan.text))


def _code(block: Code, source: Source) -> str | None:
    """The code between the tags and line ends of another in the same language."""
    macro = next(iter(macros_of(source.text)), None)
    if macro is None or code_of(macro, source.text).language != block.language:
        return None
    body = source.text[macro.body : macro.body_end]
    lead = re.match(r"[ \t]*\n|", body)
    tail = re.search(r"\n[ \t]*\Z|\Z", body)
    before = lead.group() if lead else ""
    after = tail.group() if tail else ""
    text = f"{before}{closers_hidden(macro.name, block.text)}{after}"
    first = source.as_held(macro.start, macro.body)
    return first + source.in_its_lines(text) + source.as_held_from(macro.body_end)


def _lines_of(inlines: Inlines) -> list[Inlines]:
    """The paragraph, divided at its breaks."""
    lines: list[list[Inline]] = [[]]
    for inline in inlines:
        if isinstance(inline, Break):
            lines.append([])
        else:
            lines[-1].append(inline)
    return [tuple(line) for line in lines]


def _pairs(new: Sequence[T], old: Sequence[T | None]) -> Iterator[tuple[T, int | None, bool]]:
    """The new parts, each with the old one it stays or takes the place of, and which of both."""
    for step in align(new, old, lambda _new, _old: True):
        if step.new is not None:
            yield new[step.new], step.old, step.same
