"""kill -9, freezing and stopping of real worker processes: nothing lost, nothing twice."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db.models import F
from helpers import victim
from helpers.databases import process_environment

from duolog.work.marks import mark, mark_many
from duolog.work.models import Work
from duolog.work.queue import LEASE

pytestmark = [
    pytest.mark.database,
    pytest.mark.kill,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]

LONG = 600.0


class Victim:
    """A worker process and what it wrote down."""

    def __init__(self, log: Path, *options: str, seconds: float) -> None:
        self.log = log
        self.process = subprocess.Popen(
            [*victim.COMMAND, str(log), "--seconds", str(seconds), *options],
            env=process_environment(),
            stderr=subprocess.DEVNULL,
        )

    def lines(self, word: str) -> list[str]:
        text = self.log.read_text() if self.log.exists() else ""
        return [line.split()[1] for line in text.splitlines() if line.startswith(word)]

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


Start = Callable[..., Victim]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Victim] = []

    def start_one(*options: str, seconds: float) -> Victim:
        started.append(Victim(tmp_path / f"{len(started)}.log", *options, seconds=seconds))
        return started[-1]

    yield start_one
    for each in started:
        each.kill()


def eventually(is_so: Callable[[], bool], within: float = 20.0) -> None:
    ends_at = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < ends_at, "it did not come about"
        threading.Event().wait(0.02)


def all_settled() -> bool:
    return not Work.objects.filter(want__gt=F("done")).exists()


def runs_by_key() -> dict[str, int]:
    return {row.key: row.state.get("runs", 0) for row in Work.objects.all()}


def test_what_a_killed_worker_held_runs_again_once(start: Start):
    mark_many("count", range(10))
    killed = start(seconds=LONG)
    eventually(lambda: len(killed.lines("begin")) == 4)
    killed.kill()
    in_flight = killed.lines("begin")
    mark("count", in_flight[0])
    heir = start("--shift", str(LEASE), seconds=0)
    eventually(all_settled)
    heir.send(signal.SIGTERM)
    assert heir.process.wait(10) == 0
    assert sorted(heir.lines("begin")) == sorted(map(str, range(10)))
    assert set(runs_by_key().values()) == {1}


def test_a_frozen_worker_that_comes_back_writes_nothing(start: Start):
    mark_many("count", range(3))
    frozen = start(seconds=1.0)
    eventually(lambda: len(frozen.lines("begin")) == 3)
    frozen.send(signal.SIGSTOP)
    heir = start("--shift", str(LEASE), seconds=0)
    eventually(lambda: len(heir.lines("end")) == 3)
    frozen.send(signal.SIGCONT)
    eventually(lambda: len(frozen.lines("refused")) == 3)
    assert frozen.lines("end") == []
    assert set(runs_by_key().values()) == {1}


def test_the_only_process_starts_again_at_once_after_a_kill(start: Start):
    mark_many("count", range(4))
    killed = start(seconds=LONG)
    eventually(lambda: len(killed.lines("begin")) == 4)
    killed.kill()
    start("--release", seconds=0)
    eventually(all_settled, within=LEASE / 2)
    assert set(runs_by_key().values()) == {1}


def test_a_stopped_worker_ends_what_runs_and_starts_nothing_more(start: Start):
    mark_many("count", range(8))
    stopped = start(seconds=0.5)
    eventually(lambda: len(stopped.lines("begin")) == 4)
    stopped.send(signal.SIGTERM)
    assert stopped.process.wait(15) == 0
    assert sorted(stopped.lines("end")) == sorted(stopped.lines("begin"))
    assert Work.objects.filter(want=F("done")).count() == 4
    assert not Work.objects.filter(lease_until__gt=0).exists()


def test_another_worker_takes_over_within_half_a_minute(start: Start):
    """By the real clock: the promise is 30 s from kill -9 to the next run."""
    mark("count", 1)
    killed = start(seconds=LONG)
    eventually(lambda: killed.lines("begin") == ["1"])
    heir = start(seconds=0)
    killed.kill()
    killed_at = time.monotonic()
    eventually(lambda: heir.lines("begin") == ["1"], within=30)
    assert time.monotonic() - killed_at > LEASE / 2, "not before the lease ended"
    eventually(all_settled)
