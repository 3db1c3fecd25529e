"""One run, whatever comes of it: what a handler raises decides what the row says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from duolog.core.errors import AnswerLost, Disconnected, Refused, Retryable, Scope
from duolog.work import queue
from duolog.work.clock import now, shifted
from duolog.work.lanes import FOREVER, ensure_lane
from duolog.work.marks import mark
from duolog.work.models import Lane, Work
from duolog.work.queue import Job, LeaseLost
from duolog.worker.attempt import Unfinished, attempt, run_until_idle

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _lane() -> None:
    ensure_lane("jira:1", 4)


def raising(error: Exception) -> Callable[[Job], None]:
    def handler(job: Job) -> None:
        raise error

    return handler


def run(handler: Callable[[Job], None]) -> Work:
    """Run the only row once and read it again."""
    (job,) = queue.claim(1)
    attempt(job, {"link": handler}, lambda: 0.0)
    return Work.objects.get()


@pytest.mark.parametrize(
    ("error", "waits", "lane_waits"),
    [
        pytest.param(
            Retryable("slow down", retry_after=timedelta(seconds=90)),
            90,
            None,
            id="the other side says how long this link must wait",
        ),
        pytest.param(Retryable("busy"), 1, None, id="nobody says how long: back off"),
        pytest.param(AnswerLost("cut"), 1, None, id="a lost answer backs off and looks again"),
        pytest.param(
            Retryable("slow down", scope=Scope.CONNECTION, retry_after=timedelta(seconds=90)),
            90,
            90,
            id="the whole connection must wait as long as it is told",
        ),
        pytest.param(
            Retryable("down", scope=Scope.CONNECTION), 1, 1, id="the whole connection rests"
        ),
        pytest.param(Disconnected("token expired"), 0, FOREVER, id="a person must reconnect"),
        pytest.param(Refused("a handler should have held this"), 1, None, id="an error of ours"),
    ],
)
def test_what_a_handler_raises_decides_who_waits(
    error: Exception, waits: float, lane_waits: float | None
):
    mark("link", 1, lane="jira:1")
    present = now()
    row = run(raising(error))
    assert (row.want, row.done, row.attempts, row.lease_until) == (1, 0, 1, 0)
    assert str(error) in row.error
    assert row.due_at - present == pytest.approx(waits, abs=0.9)
    blocked_until = Lane.objects.get(pk="jira:1").blocked_until
    if lane_waits is None:
        assert blocked_until == 0
    elif lane_waits == FOREVER:
        assert blocked_until == FOREVER
    else:
        assert blocked_until - present == pytest.approx(lane_waits, abs=0.9)


def test_a_run_whose_turn_has_not_come_has_not_failed_and_nobody_else_waits():
    mark("link", 1, lane="jira:1")
    present = now()
    error = Retryable("busy", scope=Scope.RUN, retry_after=timedelta(seconds=7))
    row = run(raising(error))
    assert (row.want, row.done, row.attempts, row.error) == (1, 0, 0, "busy")
    assert row.due_at - present == pytest.approx(7, abs=0.9)
    assert Lane.objects.get(pk="jira:1").blocked_until == 0


def test_a_bug_waits_longer_each_time_and_says_what_it_was():
    mark("link", 1)
    waits = []
    with shifted(0):
        for _ in range(4):
            row = run(raising(KeyError("issue")))
            waits.append(round(row.due_at - now()))
            Work.objects.update(due_at=0)
    assert waits == [1, 2, 4, 8]
    assert row.error == "KeyError: 'issue'"


def test_a_run_that_postgresql_ended_for_the_sake_of_another_begins_anew_and_did_not_fail():
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = DeadlockDetected()
    mark("link", 1)
    row = run(raising(deadlock))
    assert (row.done, row.attempts, row.lease_until) == (0, 0, 0)
    assert row.due_at <= now()
    assert row.error == "It gave way to another run, and begins anew."


def test_a_kind_without_a_handler_is_not_lost():
    mark("unheard-of", 1)
    (job,) = queue.claim(1)
    attempt(job, {}, lambda: 0.0)
    row = Work.objects.get()
    assert (row.done, row.attempts) == (0, 1)


def test_a_lost_lease_rolls_the_run_back_and_leaves_the_row_to_its_heir():
    mark("link", 1)
    (zombie,) = queue.claim(1)
    with shifted(queue.LEASE):
        (heir,) = queue.claim(1)

        def write(job: Job) -> None:
            with transaction.atomic():
                ensure_lane("written by a zombie", 1)
                if not queue.finish(job):
                    raise LeaseLost

        attempt(zombie, {"link": write}, lambda: 0.0)
        assert not Lane.objects.filter(pk="written by a zombie").exists()
        assert queue.finish(heir)


def test_run_until_idle_runs_what_becomes_due_within_its_time_and_no_more():
    ran: list[str] = []

    def handler(job: Job) -> None:
        ran.append(job.key)
        queue.finish(job)

    for key, due_in in [("now", 0), ("soon", 30), ("later", 300)]:
        mark("link", key, due_in=due_in)
    mark("poll", "p", every=20)
    assert run_until_idle({"link": handler, "poll": handler}, within=50) == 5
    assert sorted(ran) == ["now", "p", "p", "p", "soon"]


def test_run_until_idle_raises_the_bug_of_a_handler():
    mark("link", 1)
    with pytest.raises(KeyError):
        run_until_idle({"link": raising(KeyError("issue"))})


def test_run_until_idle_notices_a_handler_that_forgets_to_finish():
    mark("link", 1)
    with pytest.raises(Unfinished, match="finish"):
        run_until_idle({"link": lambda job: None})


def test_run_until_idle_waits_out_a_backoff_by_the_shifted_clock():
    answers = iter([Retryable("busy"), Retryable("busy"), None])

    def handler(job: Job) -> None:
        if (error := next(answers)) is not None:
            raise error
        queue.finish(job)

    mark("link", 1)
    assert run_until_idle({"link": handler}, within=10) == 3
    assert Work.objects.get().error == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="rows are locked on PostgreSQL only")
def test_run_until_idle_does_not_pass_over_a_row_that_is_being_marked():
    mark("link", 1)
    marked, awaited = threading.Event(), threading.Event()

    def handler(job: Job) -> None:
        queue.finish(job)

    def mark_again() -> None:
        with transaction.atomic():
            mark("link", 1)
            marked.set()
            awaited.wait(timeout=10)
        connection.close()

    def told(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith('SELECT "work_work"') and sql.endswith("FOR NO KEY UPDATE"):
            awaited.set()
        return execute(sql, *rest)

    with ThreadPoolExecutor(1) as marking:
        marking.submit(mark_again)
        assert marked.wait(timeout=10)
        with connection.execute_wrapper(told):
            assert run_until_idle({"link": handler}) == 1
        awaited.set()
