"""The worker in its threads: wakes, holds leases, stops in good order."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction
from helpers.databases import process_environment
from helpers.threads import PATIENCE

from duolog.work import queue
from duolog.work.clock import shifted
from duolog.work.marks import mark, mark_many
from duolog.work.models import Work
from duolog.work.queue import Job
from duolog.worker.handlers import Handlers
from duolog.worker.health import BEAT, health
from duolog.worker.loop import POLL, Worker

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

LONG = 600.0


@contextmanager
def working(handlers: Handlers, concurrency: int = 2, poll: float = POLL) -> Iterator[Worker]:
    worker = Worker(handlers, concurrency, jitter=lambda: 0.0, poll=poll)
    worker.start()
    try:
        yield worker
    finally:
        assert worker.stop(PATIENCE)


def eventually(is_so: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends_at, "it did not come about"
        threading.Event().wait(0.01)


def test_a_worker_runs_what_is_marked_before_and_after_its_start():
    mark_many("link", range(10))
    ran: list[str] = []

    def handler(job: Job) -> None:
        ran.append(job.key)
        queue.finish(job)

    with working({"link": handler}):
        eventually(lambda: len(ran) == 10)
        mark("link", "late")
        eventually(lambda: "late" in ran)
    assert sorted(ran) == sorted([*map(str, range(10)), "late"])


def test_a_mark_wakes_a_worker_that_would_not_look_by_itself():
    done = threading.Event()

    def handler(job: Job) -> None:
        queue.finish(job)
        done.set()

    with working({"link": handler}, poll=LONG):
        eventually(lambda: health().workers == 1)
        for key in range(5):
            done.clear()
            mark("link", key)
            assert done.wait(BEAT / 2), "not only when it gives a sign of life"


def test_a_mark_of_another_process_is_heard_on_postgresql_and_found_on_sqlite():
    done = threading.Event()

    def handler(job: Job) -> None:
        queue.finish(job)
        done.set()

    with working({"link": handler}, poll=LONG if connection.vendor == "postgresql" else POLL):
        eventually(lambda: health().workers == 1)
        code = "import django; django.setup(); from duolog.work.marks import mark; mark('link', 1)"
        subprocess.run([sys.executable, "-c", code], env=process_environment(), check=True)
        assert done.wait(BEAT / 2)


def test_a_mark_that_rolls_back_wakes_nobody_to_run_it():
    ran: list[str] = []

    def handler(job: Job) -> None:
        queue.finish(job)
        ran.append(job.key)

    with working({"link": handler}):
        with transaction.atomic():
            mark("link", "never")
            transaction.set_rollback(True)
        mark("link", "kept")
        eventually(lambda: bool(ran))
    assert ran == ["kept"]


def test_a_row_put_off_runs_when_its_time_comes():
    done = threading.Event()

    def handler(job: Job) -> None:
        queue.finish(job)
        done.set()

    with working({"link": handler}):
        since = time.monotonic()
        mark("link", 1, due_in=0.3)
        assert done.wait(PATIENCE)
        assert time.monotonic() - since >= 0.29


def test_a_connection_that_the_database_ended_costs_no_run():
    ran: list[str] = []

    def handler(job: Job) -> None:
        queue.finish(job)
        ran.append(job.key)

    with working({"link": handler}, concurrency=1):
        mark("link", "before")
        eventually(lambda: ran == ["before"])
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        mark("link", "after")
        eventually(lambda: ran == ["before", "after"])
    assert Work.objects.get(key="after").attempts == 0


def test_a_failing_handler_does_not_stop_the_others():
    def handler(job: Job) -> None:
        if job.key == "bad":
            raise KeyError("issue")
        queue.finish(job)

    mark_many("link", ["bad", *map(str, range(5))])
    with working({"link": handler}, concurrency=1):
        eventually(lambda: Work.objects.filter(done=1).count() == 5)
        eventually(lambda: Work.objects.get(key="bad").attempts >= 1)


def test_no_more_run_at_once_than_there_are_hands():
    running, peak, guard = 0, 0, threading.Lock()
    three = threading.Barrier(3)

    def handler(job: Job) -> None:
        nonlocal running, peak
        with guard:
            running += 1
            peak = max(peak, running)
        three.wait(PATIENCE)
        with guard:
            running -= 1
        queue.finish(job)

    mark_many("link", range(21))
    with working({"link": handler}, concurrency=3):
        eventually(lambda: Work.objects.filter(done=1).count() == 21)
    assert peak == 3


def test_stopping_lets_the_runs_end_and_starts_no_other():
    begun: list[str] = []
    may_end = {key: threading.Event() for key in "abc"}

    def handler(job: Job) -> None:
        begun.append(job.key)
        assert may_end[job.key].wait(PATIENCE)
        queue.finish(job)

    mark_many("link", "abc")
    worker = Worker({"link": handler}, 2)
    worker.start()
    eventually(lambda: len(begun) == 2)
    assert not worker.stop(0.05), "two runs are still under way"
    may_end["a"].set()
    eventually(lambda: Work.objects.get(key="a").done == 1)
    threading.Event().wait(0.2)
    for may in may_end.values():
        may.set()
    assert worker.stop(PATIENCE)
    assert sorted(begun) == ["a", "b"]
    assert Work.objects.filter(lease_until__gt=0).count() == 0
    assert health().workers == 0


def test_it_stops_in_good_order_though_the_database_ended_the_connection_of_whoever_stops_it():
    def cut(*_: object) -> None:
        raise OperationalError("the connection is closed")

    worker = Worker({}, 1)
    worker.start()
    eventually(lambda: health().workers == 1)
    with connection.execute_wrapper(cut):
        assert worker.stop(PATIENCE)
    assert health().workers == 0


def test_a_worker_gives_signs_of_life():
    begun, may_end = threading.Event(), threading.Event()

    def handler(job: Job) -> None:
        begun.set()
        assert may_end.wait(PATIENCE)
        queue.finish(job)

    with working({"link": handler}):
        eventually(lambda: health().workers == 1)
        mark("link", 1)
        assert begun.wait(PATIENCE)
        with shifted(60):
            assert health().workers == 0, "silent for a minute means dead"
        may_end.set()


def test_of_two_workers_each_job_runs_once():
    ran: list[str] = []

    def handler(job: Job) -> None:
        ran.append(job.key)
        queue.finish(job)

    mark_many("link", range(60))
    with working({"link": handler}), working({"link": handler}):
        eventually(lambda: Work.objects.filter(done=1).count() == 60)
    assert len(ran) == len(set(ran)) == 60
