"""Several readings side by side: in order, or the first error, and none begun after it."""

from __future__ import annotations

import threading

import pytest

from duolog.work.marks import BACKGROUND
from duolog.work.urgency import running_at, urgency
from duolog.worklogs.own.gathering import AT_ONCE, side_by_side


def test_answers_come_in_order_from_a_few_threads_as_urgent_as_their_caller() -> None:
    meeting = threading.Barrier(AT_ONCE)

    def act(number: int) -> tuple[int, int]:
        if number < AT_ONCE:
            meeting.wait(10)  # so many run at once, or this breaks
        return number * number, urgency().priority

    with running_at(BACKGROUND):
        found = side_by_side(act, range(4 * AT_ONCE + 1))
    assert found == [(n * n, BACKGROUND) for n in range(4 * AT_ONCE + 1)]
    assert side_by_side(act, []) == []


def test_the_first_error_is_raised_and_nothing_more_is_begun() -> None:
    begun: list[int] = []

    def act(number: int) -> int:
        begun.append(number)
        if number == 0:
            raise ValueError("no")
        failed.wait(10)
        return number

    failed = threading.Event()
    threading.Timer(0.2, failed.set).start()
    with pytest.raises(ValueError, match="no"):
        side_by_side(act, range(100))
    assert len(begun) <= AT_ONCE
