"""Tables that people take away, as CSV or as a workbook.

What people wrote stays text: a cell that a spreadsheet would read as a formula is marked in CSV
by a quote before it (as OWASP advises) and written as a string into a workbook.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

import xlsxwriter

Cell = str | float | date | None
"""Text, a number, a day, or a moment by the clock it is shown with."""

BEGINS_A_FORMULA: Final = (
    *("=", "+", "-", "@", "\t", "\r", "\n"),
    *("\uff1d", "\uff0b", "\uff0d", "\uff20"),  # as East Asian keyboards write the first four
)
CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDE: Final = 44
_NARROW: Final = 12
_CELL_MOST: Final = 32_767
_DAY_FORMAT: Final = "yyyy-mm-dd"
_MOMENT_FORMAT: Final = "yyyy-mm-dd hh:mm"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with the names of its columns."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    wide: frozenset[str] = frozenset()


def as_csv(sheet: Sheet) -> bytes:
    """The table for any program; begins with the mark by which Excel knows UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(sheet.columns)
    writer.writerows([_in_csv(cell) for cell in row] for row in sheet.rows)
    return written.getvalue().encode("utf-8-sig")


def as_workbook(sheets: Iterable[Sheet]) -> bytes:
    """The tables as sheets of one workbook; nothing in it is a formula or a link."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        formats = {
            "head": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": _DAY_FORMAT}),
            "moment": book.add_format({"num_format": _MOMENT_FORMAT}),
        }
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for column, name in enumerate(sheet.columns):
                page.set_column(column, column, _WIDE if name in sheet.wide else _NARROW)
                page.write_string(0, column, name, formats["head"])
            for number, row in enumerate(sheet.rows, 1):
                for column, cell in enumerate(row):
                    _into(page, (number, column), cell, formats)
    return written.getvalue()


def _in_csv(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case str():
            return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell
        case _:
            return f"{cell:.10g}"


def _into(
    page: xlsxwriter.worksheet.Worksheet,
    at: tuple[int, int],
    cell: Cell,
    formats: dict[str, xlsxwriter.format.Format],
) -> None:
    match cell:
        case None:
            return
        case datetime():
            page.write_datetime(*at, cell.replace(tzinfo=None), formats["moment"])
        case date():
            page.write_datetime(*at, datetime.combine(cell, time.min), formats["day"])
        case str():
            page.write_string(*at, cell[:_CELL_MOST])
        case _:
            page.write_number(*at, cell)
