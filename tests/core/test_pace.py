"""Time left is told from recent work, or not at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duolog.core.pace import KEPT, WINDOW, Sample, per_second, seconds_left, with_sample

moments = st.lists(st.tuples(st.floats(0, 60), st.integers(0, 500)), min_size=1, max_size=80)


def grown(steps: list[tuple[float, int]]) -> tuple[Sample, ...]:
    samples: tuple[Sample, ...] = ()
    at = 1_000.0
    for wait, done in steps:
        at += wait
        samples = with_sample(samples, Sample(at, done))
    return samples


def test_the_rest_takes_as_long_as_the_recent_pace_says() -> None:
    samples = [Sample(0, 0), Sample(10, 20), Sample(20, 40)]
    assert per_second(samples, 20) == 2
    assert seconds_left(samples, 100, 20) == 30


def test_old_work_tells_nothing_about_the_pace_of_now() -> None:
    fast_once = [Sample(0, 0), Sample(10, 1_000)]
    assert seconds_left(fast_once, 2_000, 20 + WINDOW) is None


def test_a_standstill_makes_the_estimate_longer_and_then_none() -> None:
    samples = [Sample(0, 0), Sample(10, 100)]
    soon, later = seconds_left(samples, 200, 20), seconds_left(samples, 200, 60)
    assert soon is not None
    assert later is not None
    assert later > soon
    assert seconds_left(samples, 200, 10 + 2 * WINDOW) is None


@given(moments)
def test_what_is_done_never_gets_less_and_little_is_kept(steps: list[tuple[float, int]]) -> None:
    samples = grown(steps)
    done = [sample.done for sample in samples]
    assert done == sorted(done)
    assert samples[-1].done == max(count for _, count in steps)
    assert len(samples) <= KEPT + 1


@given(moments, st.integers(0, 1_000))
def test_an_estimate_is_never_negative(steps: list[tuple[float, int]], total: int) -> None:
    samples = grown(steps)
    left = seconds_left(samples, total, samples[-1].at + 1)
    assert left is None or left >= 0
