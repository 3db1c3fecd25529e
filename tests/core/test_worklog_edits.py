"""What an edit of a worklog sends, and when it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.worklog_edits import (
    Edit,
    Fit,
    days_later,
    edit_between,
    fit,
    monday_of,
    on_day,
    rounded_up,
    said_instead,
    split_in_two,
)
from duolog.core.worklogs import NotWhole, Spent, read_zone

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEEN = Spent(NINE, 5400, "A *talk*")
spents = st.builds(
    Spent,
    st.sampled_from([NINE, NINE + timedelta(hours=1)]),
    st.sampled_from([90, 1200, 5400]),
    st.sampled_from(["", "A *talk*"]),
)


@given(spents, spents)
def test_only_what_differs_is_said(before: Spent, after: Spent) -> None:
    edit = edit_between(before, after)
    assert edit.applied_to(before) == after
    assert all(getattr(before, name) != value for name, value in edit.parts.items())


@given(spents, spents, spents)
def test_what_is_there_already_is_done_and_nothing_is_overwritten_unasked(
    before: Spent, after: Spent, there: Spent
) -> None:
    edit = edit_between(before, after)
    found = fit(edit, before, there)
    assert (found is Fit.DONE) == (edit.applied_to(there) == there)
    if found is Fit.OPEN:
        kept = [n for n in edit.parts if getattr(there, n) != getattr(edit.applied_to(there), n)]
        assert all(getattr(there, name) == getattr(before, name) for name in kept)


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        pytest.param(SEEN, Fit.OPEN, id="as it was seen"),
        pytest.param(replace(SEEN, comment="Other"), Fit.OPEN, id="another part moved"),
        pytest.param(replace(SEEN, seconds=600), Fit.OVERTAKEN, id="the same part moved"),
        pytest.param(replace(SEEN, seconds=1200), Fit.DONE, id="it was done before"),
    ],
)
def test_an_edit_of_the_time(there: Spent, expected: Fit) -> None:
    assert fit(Edit(seconds=1200), SEEN, there) is expected


def test_a_comment_is_cleared_by_saying_that_it_is_empty() -> None:
    assert edit_between(SEEN, replace(SEEN, comment="")) == Edit(comment="")
    assert fit(Edit(comment=""), SEEN, SEEN) is Fit.OPEN


def test_what_is_there_instead_is_told() -> None:
    told = said_instead(Edit(started=NINE, seconds=60, comment=""), SEEN, read_zone("Asia/Kolkata"))
    assert told == (
        "it began on 2026-03-02 at 14:30 and it lasted 1h 30m and its comment is another"
    )


@pytest.mark.parametrize(
    ("lasted", "seconds"),
    [
        pytest.param(0.0, 60, id="nothing is a minute"),
        pytest.param(60.0, 60, id="a whole minute stays"),
        pytest.param(60.001, 120, id="what was begun counts"),
        pytest.param(3599.0, 3600, id="nearly an hour"),
        pytest.param(-5.0, 60, id="clocks that went back"),
    ],
)
def test_what_was_measured_is_rounded_up(lasted: float, seconds: int) -> None:
    assert rounded_up(timedelta(seconds=lasted)) == seconds


@given(st.integers(1, 600), st.integers(2, 1200))
def test_a_split_keeps_the_time(off: int, whole: int) -> None:
    spent = replace(SEEN, seconds=whole * 60)
    if off >= whole:
        with pytest.raises(NotWhole, match="split off"):
            split_in_two(spent, off * 60)
        return
    first, second = split_in_two(spent, off * 60)
    assert first.seconds + second.seconds == spent.seconds
    assert (first.started, second.seconds) == (spent.started, off * 60)
    assert second.started == first.started + timedelta(seconds=first.seconds)


def test_a_split_is_of_whole_minutes() -> None:
    with pytest.raises(NotWhole):
        split_in_two(SEEN, 90)
    first, _ = split_in_two(replace(SEEN, seconds=5430), 60)
    assert first.seconds == 5370


def test_another_day_keeps_the_time_of_the_day_over_a_change_of_clocks() -> None:
    zone = read_zone("Europe/Berlin")
    friday = Spent(datetime(2026, 3, 27, 8, tzinfo=UTC), 60)
    assert on_day(friday, date(2026, 3, 30), zone).started == datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert days_later(friday, 7, zone).started == datetime(2026, 4, 3, 7, tzinfo=UTC)


def test_weeks_begin_on_mondays() -> None:
    assert {monday_of(date(2026, 3, 2) + timedelta(days=n)) for n in range(7)} == {date(2026, 3, 2)}
