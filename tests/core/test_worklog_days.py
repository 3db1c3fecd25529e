"""Laws: a search over days finds all that counts for them, whatever clocks Jira reads days by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.worklog_days import (
    Covered,
    Days,
    Paged,
    Stamp,
    must_be_paged,
    paged,
    read_at,
    same_days,
)
from duolog.core.worklogs import day_of

ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Chatham", "Australia/Eucla", "America/St_Johns",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "Etc/GMT+12", "Pacific/Apia", "America/Havana",
    "America/Sao_Paulo", "Africa/Cairo", "Asia/Amman", "Asia/Beirut", "Antarctica/Troll",
]  # fmt: skip
"""Whole, half and quarter hours, both ends of the day, clocks set at and around midnight."""
TURNS = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Berlin puts its clocks on
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # and back
    datetime(2026, 3, 8, 5, tzinfo=UTC),  # Havana: from midnight to one
    datetime(2026, 11, 1, 5, tzinfo=UTC),  # Havana: from one to midnight
    datetime(2018, 2, 18, 2, tzinfo=UTC),  # São Paulo: from midnight to eleven
    datetime(2018, 11, 4, 3, tzinfo=UTC),  # São Paulo: from midnight to one
    datetime(2011, 11, 6, 2, 31, tzinfo=UTC),  # St. John's: from 0:01 to 23:01
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia leaves out a whole day
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe: half an hour back
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
turns = st.sampled_from(TURNS)
near = st.integers(-4 * 24 * 60 * 60, 4 * 24 * 60 * 60)


@dataclass(frozen=True)
class Log:
    """A worklog of a modelled site."""

    number: int
    issue: int
    is_mine: bool
    started: datetime


@st.composite
def sites(draw: st.DrawFn) -> tuple[datetime, list[Log]]:
    """A moment at which clocks turn somewhere, and worklogs of a few issues around it."""
    turn = draw(turns)
    rows = draw(st.lists(st.tuples(st.integers(0, 3), st.booleans(), near), max_size=12))
    logs = [
        Log(number, issue, is_mine, turn + timedelta(seconds=ahead))
        for number, (issue, is_mine, ahead) in enumerate(rows)
    ]
    return turn, logs


def jira_finds(logs: list[Log], days: Days, profile: tzinfo) -> set[int]:
    """The issues that Jira matches: author and day each for the issue, days by the profile."""
    first, last = days.anywhere
    mine = {each.issue for each in logs if each.is_mine}
    after = {each.issue for each in logs if day_of(each.started, profile) >= first}
    before = {each.issue for each in logs if day_of(each.started, profile) < last + timedelta(1)}
    return mine & after & before


@given(sites(), zones, zones, st.integers(-2, 2), st.integers(0, 3))
def test_what_a_search_finds_and_we_cut_is_what_a_look_at_all_worklogs_finds(
    site: tuple[datetime, list[Log]], zone: ZoneInfo, profile: ZoneInfo, ahead: int, more: int
) -> None:
    turn, logs = site
    first = day_of(turn, zone) + timedelta(ahead)
    days = Days(first, first + timedelta(more), zone)
    begin, end = days.around
    issues = jira_finds(logs, days, profile)
    read = [each for each in logs if each.issue in issues and begin <= each.started < end]
    ours = {each.number for each in read if each.is_mine and days.hold(each.started)}
    assert ours == {
        each.number for each in logs if each.is_mine and day_of(each.started, zone) in set(days)
    }


@given(turns, near, zones, zones)
def test_one_day_more_on_each_side_or_two_are_enough(
    turn: datetime, ahead: int, zone: ZoneInfo, profile: ZoneInfo
) -> None:
    started = turn + timedelta(seconds=ahead)
    day = day_of(started, zone)
    first, last = Days(day, day, zone).anywhere
    assert first <= day_of(started, profile) <= last
    assert day - timedelta(2) <= first < day < last <= day + timedelta(2)


def test_most_people_s_search_is_widened_by_one_day_on_each_side() -> None:
    day = date(2026, 3, 2)
    for zone in ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu"):
        assert Days(day, day, ZoneInfo(zone)).anywhere == (date(2026, 3, 1), date(2026, 3, 3))
    assert Days(day, day, ZoneInfo("Pacific/Kiritimati")).anywhere[0] == date(2026, 2, 28)


def test_zones_that_show_the_same_days_are_told_from_those_that_do_not() -> None:
    march = Days(date(2026, 3, 1), date(2026, 3, 31), ZoneInfo("Europe/Berlin"))
    assert same_days(march, ZoneInfo("Europe/Zurich"))
    assert not same_days(march, ZoneInfo("Europe/London"))
    winter = Days(date(2026, 1, 5), date(2026, 1, 9), ZoneInfo("Africa/Abidjan"))
    summer = Days(date(2026, 7, 5), date(2026, 7, 9), ZoneInfo("Africa/Abidjan"))
    assert same_days(winter, ZoneInfo("Europe/London"))
    assert not same_days(summer, ZoneInfo("Europe/London"))


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = Days(date(2026, 3, 1), date(2026, 3, 4), UTC)


def test_days_are_as_old_as_the_oldest_of_them_and_unread_while_one_is() -> None:
    early = Covered(date(2026, 2, 1), date(2026, 3, 2), NOON)
    late = Covered(date(2026, 3, 2), date(2026, 3, 31), NOON + timedelta(hours=1))
    assert read_at(DAY, [late, early]) == NOON
    assert read_at(DAY, [early]) is None
    assert read_at(DAY, []) is None
    assert read_at(Days(date(2026, 3, 2), date(2026, 3, 4), UTC), [early, late]) == late.read_at


@pytest.mark.parametrize(
    ("shown", "seconds_old", "changed_ago", "moved", "expected"),
    [
        (21, 60, 3600, False, False),  # shown whole: there is nothing to page
        (20, 60, 3600, False, False),  # known, and changed long ago
        (20, 60, 3600, True, True),  # one more, or one fewer, without a new stamp
        (20, 60, 1, False, True),  # changed so shortly ago that a second may hide another
        (20, 3600, 7200, False, True),  # after an hour whatever the stamp says
    ],
)
def test_pages_are_read_again_where_something_may_have_changed(
    shown: int, seconds_old: int, changed_ago: int, moved: bool, expected: bool
) -> None:
    stamp = Stamp(NOON - timedelta(seconds=changed_ago), 21)
    before = paged(stamp, None, NOON)
    now = NOON + timedelta(seconds=seconds_old)
    present = Stamp(stamp.updated_at, 22) if moved else stamp
    assert must_be_paged(shown, present, before, now) is expected
    assert must_be_paged(20, present, None, now)


def test_a_stamp_seen_twice_some_seconds_apart_is_settled() -> None:
    fresh = Stamp(NOON, 21)
    first = paged(fresh, None, NOON)
    assert paged(fresh, first, NOON + timedelta(seconds=1)) == Paged(
        fresh, NOON + timedelta(seconds=1), is_settled=False
    )
    assert paged(fresh, first, NOON + timedelta(seconds=2)).is_settled
    assert not paged(Stamp(NOON, 22), first, NOON + timedelta(seconds=2)).is_settled
