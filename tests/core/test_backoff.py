"""How long a failed attempt waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.backoff import LONGEST, LONGEST_REST, SHORTEST, backoff, rest


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [
        pytest.param(0, 1, id="a second after the first failure"),
        pytest.param(1, 2, id="two after the second"),
        pytest.param(2, 4, id="doubled each time"),
        pytest.param(9, 512, id="up to the last doubling"),
        pytest.param(10, 900, id="a quarter of an hour from then on"),
        pytest.param(10_000, 900, id="for ever"),
    ],
)
def test_doubles_to_a_quarter_of_an_hour(attempt: int, seconds: int) -> None:
    assert backoff(attempt, None, 0.0) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        pytest.param(timedelta(hours=2), timedelta(hours=2), id="longer than ours would be"),
        pytest.param(timedelta(seconds=7), timedelta(seconds=7), id="shorter than ours would be"),
        pytest.param(timedelta(0), SHORTEST, id="at once is a second, not a hot loop"),
        pytest.param(timedelta(seconds=-3), SHORTEST, id="a time that has passed"),
    ],
)
def test_the_word_of_the_other_side_wins(retry_after: timedelta, wait: timedelta) -> None:
    assert backoff(6, retry_after, 1.0) == wait


@given(st.integers(0, 100), st.floats(-1, 1))
def test_jitter_moves_the_wait_by_a_fifth_at_most(attempt: int, jitter: float) -> None:
    steady = backoff(attempt, None, 0.0)
    assert backoff(attempt, None, -1.0) <= backoff(attempt, None, jitter)
    assert backoff(attempt, None, jitter) <= backoff(attempt, None, 1.0)
    assert backoff(attempt, None, -1.0) == steady * 0.8
    assert backoff(attempt, None, 1.0) == steady * 1.2
    assert SHORTEST <= steady <= LONGEST


@pytest.mark.parametrize(
    ("before", "since", "seconds"),
    [
        pytest.param(0, 1e9, 1, id="the first trouble costs a second"),
        pytest.param(1, 0, 2, id="still in trouble right after: twice as long"),
        pytest.param(32, 1, 60, id="up to a minute"),
        pytest.param(60, 2, 60, id="for as long as the site stays away"),
        pytest.param(60, 2.1, 1, id="it had answered for a while"),
    ],
)
def test_a_site_rests_longer_while_it_stays_in_trouble(
    before: float, since: float, seconds: float
) -> None:
    assert rest(timedelta(seconds=before), timedelta(seconds=since)).total_seconds() == seconds


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_rest_is_at_least_a_second_and_at_most_a_minute(before: float, since: float) -> None:
    found = rest(timedelta(seconds=before), timedelta(seconds=since))
    assert SHORTEST <= found <= LONGEST_REST
