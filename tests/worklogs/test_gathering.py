"""Several readings side by side: all of them, or those until the first error."""

from __future__ import annotations

import threading

import pytest

from duolog.core.errors import Retryable
from duolog.jira.own_worklogs import Gathered, one_by_one
from duolog.work.marks import BACKGROUND
from duolog.work.urgency import running_at, urgency
from duolog.worklogs.own.gathering import AT_ONCE, side_by_side

IDS = [str(number) for number in range(4 * AT_ONCE + 1)]


def test_a_few_threads_read_all_as_urgent_as_their_caller() -> None:
    meeting = threading.Barrier(AT_ONCE)

    def read(name: str) -> tuple[str, int]:
        if int(name) < AT_ONCE:
            meeting.wait(10)  # so many run at once, or this breaks
        return name, urgency().priority

    with running_at(BACKGROUND):
        gathered = side_by_side(read, IDS)
    assert gathered == Gathered({name: (name, BACKGROUND) for name in IDS})
    assert side_by_side(read, []) == Gathered({})


def test_after_an_error_nothing_more_is_begun_and_what_was_read_is_kept() -> None:
    begun: list[str] = []
    failed = threading.Event()

    def read(name: str) -> str:
        begun.append(name)
        if name == "0":
            failed.set()
            raise Retryable("not now")
        failed.wait(10)
        return name

    gathered = side_by_side(read, IDS)
    assert str(gathered.error) == "not now"
    assert set(gathered.found) == set(begun) - {"0"}
    assert len(begun) < len(IDS)


def test_one_by_one_ends_at_the_error_and_a_bug_is_raised() -> None:
    def read(name: str) -> tuple[()]:
        if name == "2":
            raise Retryable("not now")
        return ()

    gathered = one_by_one(read, IDS)
    assert (list(gathered.found), str(gathered.error)) == (["0", "1"], "not now")
    with pytest.raises(ValueError, match="invalid literal"):
        side_by_side(int, ["1", "x", "3"])
