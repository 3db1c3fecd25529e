"""What may be taken of a bucket, and when: arithmetic alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.connections.bucket import SLOWEST, Bucket, slowed
from duolog.connections.pacing import WRITES

BUCKETS = st.builds(Bucket, size=st.floats(1, 100), per_second=st.floats(0.2, 100))
PAUSES = st.lists(st.floats(0, 5), min_size=1, max_size=200)


def taken_at(bucket: Bucket, pauses: list[float]) -> list[float]:
    """The moments at which somebody who tries after each pause gets one."""
    free_at, present, got = 0.0, 1_000.0, []
    for pause in pauses:
        present += pause
        wait, after = bucket.take(free_at, present)
        if not wait:
            free_at = after
            got.append(present)
    return got


def most_within(moments: list[float], window: float) -> int:
    return max(sum(1 for it in moments if at - window < it <= at) for at in moments)


@given(BUCKETS, PAUSES, st.floats(0.1, 30))
def test_no_window_ever_holds_more_than_the_bucket_and_what_flows_in(
    bucket: Bucket, pauses: list[float], window: float
) -> None:
    moments = taken_at(bucket, pauses)
    assert most_within(moments, window) <= bucket.size + bucket.per_second * window + 1e-6


def test_an_issue_never_gets_more_writes_than_cloud_allows() -> None:
    moments = taken_at(WRITES, [0.01] * 10_000)
    assert most_within(moments, 2.0) <= 20
    assert most_within(moments, 30.0) <= 100
    assert most_within(moments, 30.0) >= 75, "and not much less than it may"


@given(BUCKETS, st.floats(0, 1), st.floats(0, 100))
def test_whoever_waits_as_long_as_told_gets_it(bucket: Bucket, part: float, keep: float) -> None:
    free_at = 1_000.0 + part * bucket.size / bucket.per_second
    wait, _ = bucket.take(free_at, 1_000.0, keep=keep)
    assert 0 <= wait <= bucket.size / bucket.per_second + 0.01
    later, _ = bucket.take(free_at, 1_000.0 + wait + 1e-6, keep=keep)
    assert later < 1e-5


def test_what_is_kept_for_others_is_theirs() -> None:
    bucket = Bucket(size=10, per_second=1)
    at_two = bucket.left_as(2, 1_000.0)
    assert bucket.take(at_two, 1_000.0)[0] == 0
    assert bucket.take(at_two, 1_000.0, keep=2)[0] == pytest.approx(1.0)


def test_a_clock_set_back_fills_the_bucket_once() -> None:
    assert Bucket(size=50, per_second=50).take(5_000.0, 1_000.0, keep=25) == (0, 1_000.02)


def test_a_slowed_rate_doubles_each_minute_until_it_is_what_it_was() -> None:
    usual = Bucket(size=50, per_second=50)
    assert slowed(usual, 10, 0) == Bucket(10, 10)
    assert slowed(usual, 10, 60) == Bucket(20, 20)
    assert slowed(usual, 10, 180) == usual
    assert slowed(usual, 0, 0) == Bucket(2, SLOWEST)
    assert slowed(usual, 1, 1e12) == usual
