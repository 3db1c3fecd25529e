"""Answers that get lost, kills, waits and cut connections: each write happens once, none is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from helpers.crashes import crashing_at
from helpers.jirasim import Jira
from helpers.killed import killed_at
from helpers.own_writing import LONGEST_LAG, OwnTime, again, own_time

from duolog.work.queries import pending
from duolog.worklogs.models import OwnWorklog, WorklogWrite
from duolog.worklogs.own.intents import WRITE, key_of
from duolog.worklogs.own.services import delete, edit, move, split

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
STRIDE = 4
"""Every so many effects are crashed at: which ones, each change of the code shifts."""
FAULTS = ["status_after", "cut_before", "cut_after"]


@pytest.fixture
def time(jira: Jira) -> Iterator[OwnTime]:
    with own_time(jira, account=jira.people[1]) as time:  # who may not move natively
        yield time


def worklogs_of(issue: str) -> str:
    return f"*/issue/{issue}/worklog*"


def is_settled(time: OwnTime) -> None:
    """Nothing is under way, and our rows say what Jira holds."""
    assert not WorklogWrite.objects.filter(done_at=None).exists()
    held = {
        (row.issue.issue_id, row.jira_id, row.seconds)
        for row in OwnWorklog.objects.filter(deleted_at=None).select_related("issue")
    }
    there = {
        (issue, each["id"], each["timeSpentSeconds"])
        for issue in (time.issue, time.other)
        for each in time.there(issue)
    }
    assert held == there
    assert len(held) == OwnWorklog.objects.filter(deleted_at=None).count()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_lost_answer_makes_nothing_twice(time: OwnTime, fault: str) -> None:
    twin = time.saved(600)
    more = {"status": 502} if fault.startswith("status") else {}
    time.fault("POST", worklogs_of(time.issue), fault, **more)
    row = time.log(600)
    time.run(within=LONGEST_LAG)
    assert time.seconds_there() == [600, 600]
    time.fault("PUT", worklogs_of(time.issue), fault, **more)
    edit(time.member, row.pk, {"seconds": 1200})
    time.run(within=LONGEST_LAG)
    assert sorted(time.seconds_there()) == [600, 1200]
    time.fault("DELETE", worklogs_of(time.issue), fault, **more)
    delete(time.member, twin.pk)
    time.run(within=LONGEST_LAG)
    assert time.seconds_there() == [1200]
    time.fault("POST", worklogs_of(time.other), fault, **more)
    move(time.member, row.pk, time.other)
    time.run(within=LONGEST_LAG)
    assert (time.seconds_there(), time.seconds_there(time.other)) == ([], [1200])
    is_settled(time)


def test_jira_is_waited_for_as_it_asks(time: OwnTime) -> None:
    headers = {"Retry-After": "12"}
    time.fault("POST", worklogs_of(time.issue), "status_before", status=429, headers=headers)
    row = time.log(600)
    time.run()
    assert again(row).state == "pending"
    waits = pending(WRITE, [key_of(row.issue)])[key_of(row.issue)]
    assert waits.next_try_in is not None
    assert 10 < waits.next_try_in <= 12
    time.run(within=13)
    assert (again(row).state, time.seconds_there()) == ("saved", [600])


ACTS: dict[str, Callable[[OwnTime, OwnWorklog], object]] = {
    "log": lambda time, _: time.log(300),
    "move": lambda time, row: move(time.member, row.pk, time.other),
    "split": lambda time, row: split(time.member, row.pk, 600, issue=time.other),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_crash_at_every_effect_loses_and_doubles_nothing(time: OwnTime, act: str) -> None:
    effect, expected = 0, 0
    while True:
        effect += STRIDE
        row = time.saved(1800, f"Try {effect}")
        expected += 1800 + (300 if act == "log" else 0)
        ACTS[act](time, row)
        crashed = crashing_at(effect, time.run)
        time.after_restart()
        is_settled(time)
        assert sum(time.seconds_there() + time.seconds_there(time.other)) == expected
        if not crashed:
            break
    assert effect > 3 * STRIDE


@pytest.mark.kill
def test_a_killed_move_goes_on_where_it_was(time: OwnTime) -> None:
    for effect in (3, 12, 18):
        row = time.saved(1800, f"Try {effect}")
        move(time.member, row.pk, time.other)
        killed_at(effect, time.run)
        time.after_restart()
        is_settled(time)
    assert (time.seconds_there(), time.seconds_there(time.other)) == ([], [1800] * 3)
