"""The tables of a wiki text read as rows, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duolog.core.markup.tree import NO_MARKS, Inlines, Row, Table
from duolog.core.markup.wiki.chips import chip_for, excerpt, visible
from duolog.core.markup.wiki.notation import OWN
from duolog.core.markup.wiki.scan import BLANK, ROW, Line, Scan
from duolog.core.markup.wiki.tables import Cell, cells_of

OWN_ALIGNMENT = re.compile(r"\{anchor:" + OWN + r"(center|end)\}")


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row of a table and where it stands."""

    cells: tuple[Cell, ...]
    start: int
    end: int


def table_end(scan: Scan, lines: Sequence[Line], first: int) -> int:
    """The index of the line behind the table that begins at the line."""
    index = first
    while index < len(lines) and _in_table(scan, lines, first, index):
        index += 1
    return index


def read_table(scan: Scan, lines: Sequence[Line]) -> Table | None:
    """The table in the lines, short rows filled up; none if it has no cell."""
    rows = [placed for placed in placed_rows(scan, lines) if placed.cells]
    if not rows:
        return None
    width = max(len(placed.cells) for placed in rows)
    aligned = [_alignment(scan, cell) for cell in rows[0].cells]
    made = (read_row(scan, placed, width, head=not at) for at, placed in enumerate(rows))
    return Table((*aligned, *[""] * (width - len(aligned))), tuple(made))


def placed_rows(scan: Scan, lines: Sequence[Line]) -> Iterator[PlacedRow]:
    """Each row with its cells; a line without a bar in front belongs to the row above."""
    starts = [line.start for line in lines if scan.match(ROW, line)]
    for start, after in zip(starts, [*starts[1:], lines[-1].end + 1], strict=True):
        yield PlacedRow(tuple(cells_of(scan.masked, start, after - 1)), start, after - 1)


def read_row(scan: Scan, placed: PlacedRow, width: int, *, head: bool) -> Row:
    """The row, filled up with empty cells to the width."""
    made = [_cell(scan, cell, head=head) for cell in placed.cells]
    return Row((*made, *[()] * (width - len(made))))


def _in_table(scan: Scan, lines: Sequence[Line], first: int, index: int) -> bool:
    """Whether the line is a row, or more of an unfinished one."""
    if scan.match(ROW, lines[index]):
        return True
    if index == first or scan.match(BLANK, lines[index]):
        return False
    before = scan.masked[lines[index - 1].start : lines[index - 1].end]
    return not before.rstrip(" \t").endswith("|")


def _alignment(scan: Scan, cell: Cell) -> str:
    found = OWN_ALIGNMENT.match(scan.text, cell.start, cell.end)
    return found[1] if found else ""


def _cell(scan: Scan, cell: Cell, *, head: bool) -> Inlines:
    """The line in the cell; what is more than a line is a chip."""
    start, end = cell.start, cell.end
    found = OWN_ALIGNMENT.match(scan.text, start, end) if head else None
    if found:
        start = found.end()
    if _is_line(scan, start, end):
        return scan.inside.line(start, end, single_line=True)
    label = excerpt(visible(scan.text[start : min(end, start + 1_000)]))
    chip, node = chip_for("cell", label, scan.text[start:end], NO_MARKS)
    scan.kept.cells.setdefault(chip, node)
    return (chip,)


def _is_line(scan: Scan, start: int, end: int) -> bool:
    """Whether no line of the cell begins a block."""
    while start <= end:
        line_end = scan.masked.find("\n", start, end)
        line = Line(start, end if line_end < 0 else line_end)
        if scan.begins_block(line):
            return False
        start = line.end + 1
    return True
