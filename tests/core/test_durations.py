"""Lengths of time: what people write, and what of it is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.durations import (
    HOURS_MAX,
    UnreadableDuration,
    parse_minutes,
    render_minutes,
    render_seconds,
)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        pytest.param("1h 30m", 90, id="hours and minutes"),
        pytest.param("1h30m", 90, id="without a blank"),
        pytest.param("1h30", 90, id="minutes without their letter"),
        pytest.param("1 h 30 min", 90, id="with blanks and a longer word"),
        pytest.param("2 hours", 120, id="a whole word"),
        pytest.param("1 hour 5 minutes", 65, id="whole words"),
        pytest.param("90m", 90, id="more minutes than an hour has"),
        pytest.param("1h 90m", 150, id="the same beside an hour"),
        pytest.param("45 min", 45, id="minutes alone"),
        pytest.param("1.5", 90, id="a decimal point"),
        pytest.param("1,5", 90, id="a decimal comma"),
        pytest.param("1.5h", 90, id="a decimal point before its unit"),
        pytest.param(",25", 15, id="nothing before the comma"),
        pytest.param("1:30", 90, id="like a clock"),
        pytest.param("0:05", 5, id="like a clock before one"),
        pytest.param("2", 120, id="a bare number counts hours"),
        pytest.param(" 2H ", 120, id="blanks around, and a capital"),
        pytest.param("0h 1m", 1, id="the shortest"),
        pytest.param(f"{HOURS_MAX}", HOURS_MAX * 60, id="the longest"),
    ],
)
def test_what_people_write(text: str, minutes: int) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "no length of time", id="nothing"),
        pytest.param("soon", "“soon”", id="a word"),
        pytest.param("-1h", "no length of time", id="less than nothing"),
        pytest.param("1:5", "no length of time", id="a clock with one digit"),
        pytest.param("1:75", "no length of time", id="a clock past the hour"),
        pytest.param("1d", "no length of time", id="days, whose length differs"),
        pytest.param("30m 1h", "no length of time", id="minutes first"),
        pytest.param("1h 1h", "no length of time", id="hours twice"),
        pytest.param("1.5h 30m", "no length of time", id="a decimal beside minutes"),
        pytest.param("1.5m", "no length of time", id="a part of a minute"),
        pytest.param("1.2.3", "no length of time", id="two points"),
        pytest.param("1.", "no length of time", id="a point at the end"),
        pytest.param("1e3", "no length of time", id="an exponent"),
        pytest.param("٣", "no length of time", id="digits of another script"),
        pytest.param("1.33", "whole minutes", id="no whole minutes"),
        pytest.param("0", "one minute", id="zero"),
        pytest.param("0:00", "one minute", id="zero like a clock"),
        pytest.param(f"{HOURS_MAX}h 1m", "100000 hours", id="more than the longest"),
    ],
)
def test_what_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(UnreadableDuration, match=words):
        parse_minutes(text)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        pytest.param(0, "0m", id="none"),
        pytest.param(1, "1m", id="a minute"),
        pytest.param(60, "1h", id="whole hours"),
        pytest.param(90, "1h 30m", id="both"),
        pytest.param(6000, "100h", id="no days"),
    ],
)
def test_how_it_is_written(minutes: int, text: str) -> None:
    assert render_minutes(minutes) == text


@given(st.integers(1, HOURS_MAX * 60))
def test_what_is_written_is_read_again(minutes: int) -> None:
    assert parse_minutes(render_minutes(minutes)) == minutes


@given(st.integers(0, HOURS_MAX - 1), st.integers(0, 59).filter(bool))
def test_all_ways_to_write_it_mean_the_same(hours: int, rest: int) -> None:
    ways = (f"{hours}:{rest:02}", f"{hours}h{rest}", f"{hours * 60 + rest}m", f"{hours} h {rest} m")
    assert {parse_minutes(way) for way in ways} == {hours * 60 + rest}


@given(st.text(max_size=30) | st.text("0123456789hm:., ", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableDuration):
        assert 1 <= parse_minutes(text) <= HOURS_MAX * 60


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(1200, "20m", id="whole minutes"),
        pytest.param(5430, "1h 30m 30s", id="as it came from elsewhere"),
        pytest.param(30, "30s", id="less than a minute"),
        pytest.param(0, "0m", id="none"),
    ],
)
def test_seconds_that_are_left_are_told(seconds: int, text: str) -> None:
    assert render_seconds(seconds) == text
