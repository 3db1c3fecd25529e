"""What people take away: complete, typed, and never a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest

from duolog.web.charts import Bar, Series, stacked_bars
from duolog.web.sheets import Sheet, as_csv, as_workbook

SHEET = Sheet(
    "Worklogs",
    ("Day", "Issue", "Hours", "Comment"),
    [
        [date(2026, 3, 2), "FHP-1", 1.5, "=HYPERLINK(1)"],
        [datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "@sum", 12345678.25, None],
    ],
)


def inside(workbook: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(workbook)).read(name).decode()


def test_csv_keeps_what_it_is_given_and_marks_what_looks_like_a_formula() -> None:
    written = as_csv(SHEET)
    assert written.startswith(b"\xef\xbb\xbf")
    head, first, second = csv.reader(io.StringIO(written.decode("utf-8-sig")))
    assert head == list(SHEET.columns)
    assert first == ["2026-03-02", "FHP-1", "1.5", "'=HYPERLINK(1)"]
    assert second == ["2026-03-02 09:30", "'@sum", "12345678.25", ""]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff20"])
def test_no_text_begins_a_formula(begin: str) -> None:
    sheet = Sheet("A", ("B",), [[f"{begin}1+1"]])
    (cell,) = list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"), newline="")))[1]
    assert cell == f"'{begin}1+1"


def test_a_workbook_holds_texts_numbers_and_days_and_no_formula() -> None:
    book = as_workbook([SHEET])
    page = inside(book, "xl/worksheets/sheet1.xml")
    assert "<f>" not in page
    assert "hyperlink" not in page
    assert "<t>=HYPERLINK(1)</t>" in inside(book, "xl/sharedStrings.xml")
    assert "<v>46083</v>" in page  # the days since 1899-12-30
    assert "<v>12345678.25</v>" in page


def test_a_chart_says_its_numbers_and_needs_no_style() -> None:
    bars = [Bar("Mo<n>", (2.5, 1)), Bar("Tue", (0, 0))]
    drawn = stacked_bars(bars, [Series("Cloud", "c1"), Series("DC", "c2")], title="A", target=8)
    assert "<title>Mo&lt;n&gt;: 2.5 h Cloud, 1 h DC</title>" in drawn
    assert "<title>Tue: nothing</title>" in drawn
    assert "style=" not in drawn
    assert drawn.count('class="targetline"') == 1
    assert drawn.count('class="c1" x=') == 1
