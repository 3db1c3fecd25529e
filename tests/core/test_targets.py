"""What a person means to work, and which stretches of a day are not told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.targets import HOUR, Span, WorkingWeek, gaps, lanes, missing

MONDAY = date(2026, 11, 16)
NINE = datetime(2026, 11, 16, 9, tzinfo=UTC)


def span(begins: int, minutes: int) -> Span:
    start = NINE + timedelta(minutes=begins)
    return Span(start, start + timedelta(minutes=minutes))


spans = st.lists(st.builds(span, st.integers(0, 600), st.integers(1, 200)), max_size=12)


def test_a_target_belongs_to_a_weekday_and_not_to_a_holiday() -> None:
    week = WorkingWeek((8 * HOUR, 8 * HOUR, 8 * HOUR, 8 * HOUR, 6 * HOUR, 0, 0))
    assert week.whole == 38 * HOUR
    assert week.target_of(MONDAY) == 8 * HOUR
    assert week.target_of(MONDAY + timedelta(4)) == 6 * HOUR
    assert week.target_of(MONDAY + timedelta(5)) == 0
    assert week.target_of(MONDAY, {MONDAY}) == 0


@pytest.mark.parametrize("seconds", [(1,) * 6, (86_401, 0, 0, 0, 0, 0, 0), (-1, 0, 0, 0, 0, 0, 0)])
def test_a_week_has_seven_days_of_at_most_24_hours(seconds: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="seven days"):
        WorkingWeek(seconds)


def test_time_is_missing_of_days_that_are_over() -> None:
    assert missing(MONDAY, HOUR, 8 * HOUR, today=MONDAY + timedelta(1)) == 7 * HOUR
    assert missing(MONDAY, 9 * HOUR, 8 * HOUR, today=MONDAY + timedelta(1)) == 0
    assert missing(MONDAY, 0, 8 * HOUR, today=MONDAY) == 0


def test_gaps_lie_between_what_was_told() -> None:
    told = [span(0, 60), span(75, 30), span(110, 10), span(30, 40)]
    assert gaps(told) == ()
    assert gaps([*told, span(180, 10)]) == (span(120, 60),)
    assert gaps([]) == ()


@given(spans)
def test_no_gap_touches_what_was_told(told: list[Span]) -> None:
    for gap in gaps(told):
        assert all(each.ends <= gap.begins or each.begins >= gap.ends for each in told)


@given(spans)
def test_what_overlaps_stands_side_by_side(told: list[Span]) -> None:
    placed = lanes(told)
    for one, (column, columns) in zip(told, placed, strict=True):
        assert 0 <= column < columns
        for other, theirs in zip(told, placed, strict=True):
            if one is not other and one.begins < other.ends and other.begins < one.ends:
                assert theirs[1] == columns
                assert theirs[0] != column


def test_what_stands_alone_has_the_whole_width() -> None:
    assert lanes([span(0, 30), span(30, 30), span(45, 30)]) == ((0, 1), (0, 2), (1, 2))
