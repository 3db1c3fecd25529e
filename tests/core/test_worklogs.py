"""Entries of time: their text, the day they count for, and two edits of one entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.values import ABSENT, Merged, Pair, Value
from duolog.core.worklogs import (
    NotWhole,
    Spent,
    UnknownZone,
    begin_at,
    day_of,
    merge_spent,
    move_to_day,
    name_offset,
    parse_spent,
    read_zone,
    total,
    whole_minutes,
)

NINE: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
TALK: Final = Spent(NINE, 1200, "A talk")
BERLIN: Final = ZoneInfo("Europe/Berlin")
ZONES: Final = ("UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "+05:30", "-09:30")
MOMENTS: Final = st.integers(0, 4_000_000_000_000).map(
    lambda ms: datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)
)


@given(MOMENTS, st.integers(0, 10**9), st.text().filter(lambda text: text.strip() == text))
def test_what_an_entry_says_is_read_again(started: datetime, seconds: int, comment: str) -> None:
    spent = Spent(started, seconds, comment)
    assert parse_spent(spent.render()) == spent


@pytest.mark.parametrize("text", ["", "nonsense", "2026-03-02T09:00:00.000Z", "yesterday 60"])
def test_what_is_no_entry_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no entry"):
        parse_spent(text)


def both(spent: Spent) -> Merged:
    return Merged(spent.render(), spent.render())


def edited(here: Spent, there: Spent) -> Pair:
    return Pair(here.render(), there.render())


@pytest.mark.parametrize(
    ("here", "there", "merged"),
    [
        pytest.param(
            replace(TALK, seconds=60),
            replace(TALK, comment="A walk"),
            replace(TALK, seconds=60, comment="A walk"),
            id="the time here, the comment there",
        ),
        pytest.param(
            replace(TALK, started=NINE + timedelta(hours=1)),
            replace(TALK, seconds=60),
            Spent(NINE + timedelta(hours=1), 60, "A talk"),
            id="the start here, the time there",
        ),
        pytest.param(
            replace(TALK, seconds=60, comment="A walk"),
            replace(TALK, seconds=60),
            Spent(NINE, 60, "A walk"),
            id="the same time on both sides",
        ),
    ],
)
def test_edits_of_different_parts_fit(here: Spent, there: Spent, merged: Spent) -> None:
    assert merge_spent(edited(TALK, TALK), edited(here, there)) == both(merged)
    assert merge_spent(edited(TALK, TALK), edited(there, here)) == both(merged)


def test_edits_of_different_paragraphs_of_a_comment_fit() -> None:
    long = replace(TALK, comment="One.\n\nTwo.")
    here, there = replace(long, comment="One!\n\nTwo."), replace(long, comment="One.\n\nTwo!")
    merged = merge_spent(edited(long, long), edited(here, there))
    assert merged == both(replace(long, comment="One!\n\nTwo!"))


def test_what_differed_before_goes_on_to_differ_where_nobody_touched_it() -> None:
    there = replace(TALK, comment="A - talk")
    later = NINE + timedelta(hours=1)
    now = edited(replace(TALK, seconds=60), replace(there, started=later))
    assert merge_spent(edited(TALK, there), now) == Merged(
        Spent(later, 60, "A talk").render(), Spent(later, 60, "A - talk").render()
    )


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(edited(replace(TALK, seconds=60), replace(TALK, seconds=120)), id="the time"),
        pytest.param(
            edited(replace(TALK, comment="A walk"), replace(TALK, comment="A chat")), id="one line"
        ),
        pytest.param(Pair(ABSENT, replace(TALK, seconds=60).render()), id="deleted here"),
        pytest.param(Pair(replace(TALK, seconds=60).render(), ABSENT), id="deleted there"),
    ],
)
def test_what_does_not_fit_is_left_to_a_person(now: Pair) -> None:
    assert merge_spent(edited(TALK, TALK), now) is None


@pytest.mark.parametrize("value", [ABSENT, None])
def test_without_a_common_beginning_nothing_is_merged(value: Value) -> None:
    assert merge_spent(Pair(value, value), edited(TALK, replace(TALK, seconds=60))) is None


@pytest.mark.parametrize("seconds", [60, 1200, 5400])
def test_whole_minutes_pass(seconds: int) -> None:
    assert whole_minutes(seconds) == seconds


@pytest.mark.parametrize("seconds", [-60, 0, 1, 59, 90, 10**10])
def test_anything_else_is_refused_with_a_sentence(seconds: int) -> None:
    with pytest.raises(NotWhole, match=r"minutes?"):
        whole_minutes(seconds)


def test_the_sum_counts_every_second() -> None:
    assert total([TALK, replace(TALK, seconds=90)]) == 1290
    assert total([]) == 0


@pytest.mark.parametrize("name", ["", "Mars", "+25:00", "+1:00", "../etc/passwd", "/", "a\0b"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone, match="Europe/Berlin"):
        read_zone(name)


@given(MOMENTS, st.sampled_from(ZONES))
def test_an_offset_is_named_so_that_it_is_read_again(moment: datetime, zone: str) -> None:
    seen = moment.astimezone(read_zone(zone))
    again = moment.astimezone(read_zone(name_offset(seen)))
    assert again.utcoffset() == seen.utcoffset()


@given(MOMENTS, st.sampled_from(ZONES), st.dates(date(1990, 1, 2), date(2090, 1, 1)))
def test_an_entry_moved_to_a_day_counts_for_that_day(
    started: datetime, zone: str, day: date
) -> None:
    moved = move_to_day(started, day, read_zone(zone))
    assert day_of(moved, read_zone(zone)) == day


@given(MOMENTS, st.sampled_from(ZONES))
def test_the_day_it_is_on_already_keeps_an_entry_that_day(started: datetime, zone: str) -> None:
    there = read_zone(zone)
    moved = move_to_day(started, day_of(started, there), there)
    assert abs(moved - started) <= timedelta(hours=1)  # of an hour that comes twice, the first


def test_the_clock_stands_still_when_an_entry_crosses_the_change_of_clocks() -> None:
    winter = begin_at(date(2026, 3, 27), time(9), BERLIN)
    summer = move_to_day(winter, date(2026, 3, 30), BERLIN)
    assert (winter, summer) == (
        datetime(2026, 3, 27, 8, tzinfo=UTC),
        datetime(2026, 3, 30, 7, tzinfo=UTC),
    )


def test_an_hour_that_is_skipped_and_one_that_comes_twice() -> None:
    skipped = begin_at(date(2026, 3, 29), time(2, 30), BERLIN)
    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    twice = begin_at(date(2026, 10, 25), time(2, 30), BERLIN)
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_day_depends_on_the_zone_that_is_stated() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert day_of(late, read_zone("UTC")) == date(2026, 3, 2)
    assert day_of(late, read_zone("Europe/Berlin")) == date(2026, 3, 3)
    assert day_of(late, read_zone("-01:00")) == date(2026, 3, 2)
