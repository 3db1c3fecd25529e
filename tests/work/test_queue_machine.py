"""The queue against a model of it: any order of marks, claims, crashes and clock shifts."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from duolog.work import queue
from duolog.work.clock import shifted
from duolog.work.lanes import ensure_lane
from duolog.work.marks import mark, retry_now
from duolog.work.models import Work
from duolog.work.queue import LEASE, Job

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LANES = {"jira:1": 2, "jira:2": 1}
KEYS = ("a", "b", "c", "d", "e")
MOST_EXAMPLES = 200
"""Each takes a tenth of a second on PostgreSQL."""
SECONDS = st.sampled_from([0, 10, 20, 60])
"""Tens, so that the moment a test takes cannot change what is due."""


@dataclass
class Row:
    """What the model believes of one work row, with times counted in shifted seconds."""

    lane: str
    priority: int
    due: int
    want: int = 1
    done: int = 0
    attempts: int = 0
    lease_until: int = 0
    lease_no: int = 0

    def is_claimable(self, now: int) -> bool:
        return self.want > self.done and self.due <= now and self.lease_until <= now

    def mark(self, lane: str, priority: int, due: int) -> None:
        if self.want <= self.done:
            self.priority, self.due = priority, due
        else:
            self.priority = min(self.priority, priority)
            self.due = self.due if self.attempts else min(self.due, due)
        self.lane = lane
        self.want += 1


class QueueMachine(RuleBasedStateMachine):
    """Jobs that crashed stay in `held`: they are the zombies that try to write later."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, Row] = {}
        self.held: list[Job] = []
        self.now = 0
        self.shifts = contextlib.ExitStack()

    @initialize()
    def begin_empty(self) -> None:
        Work.objects.all().delete()
        for name, cap in LANES.items():
            ensure_lane(name, cap)

    @rule(
        key=st.sampled_from(KEYS),
        lane=st.sampled_from(sorted(LANES)),
        priority=st.sampled_from([1, 5, 9]),
        due_in=SECONDS,
        commits=st.booleans(),
    )
    def edit(self, key: str, lane: str, priority: int, due_in: int, commits: bool) -> None:
        with transaction.atomic():
            mark("link", key, lane=lane, priority=priority, due_in=due_in)
            transaction.set_rollback(not commits)
        if not commits:
            return
        if key in self.rows:
            self.rows[key].mark(lane, priority, self.now + due_in)
        else:
            self.rows[key] = Row(lane, priority, self.now + due_in)

    @rule(n=st.integers(1, 4))
    def claim(self, n: int) -> None:
        room = {
            name: max(0, cap - sum(self.is_running(row, name) for row in self.rows.values()))
            for name, cap in LANES.items()
        }
        ready = {key: row for key, row in self.rows.items() if row.is_claimable(self.now)}
        possible = sum(
            min(room[name], sum(row.lane == name for row in ready.values())) for name in LANES
        )
        jobs = queue.claim(n)
        assert len(jobs) == min(n, possible)
        for job in jobs:
            assert job.key in ready, "claimed once, when due, while nobody held it"
            room[job.lane] -= 1
        left = [row for key, row in ready.items() if key not in {job.key for job in jobs}]
        for job in jobs:
            assert job.want == ready[job.key].want
            assert not any(
                (row.priority, row.due) < (ready[job.key].priority, ready[job.key].due)
                for row in left
                if row.lane == job.lane
            ), "in its lane nothing more urgent is left behind"
        assert min(room.values()) >= 0, "no lane exceeds its cap"
        for job in jobs:
            row = ready[job.key]
            row.lease_until, row.lease_no = self.now + int(LEASE), row.lease_no + 1
        self.held += jobs

    @precondition(lambda self: self.held)
    @rule(pick=st.integers(0, 99), step=st.booleans(), again_in=SECONDS)
    def finish(self, pick: int, step: bool, again_in: int) -> None:
        job, row, is_ours = self.pick(pick)
        assert queue.finish(job, again_in=again_in if step else None) == is_ours
        if not is_ours:
            return
        row.attempts = row.lease_until = 0
        if step:
            row.due = self.now + (again_in if row.want == job.want else 0)
        else:
            row.done = job.want

    @precondition(lambda self: self.held)
    @rule(pick=st.integers(0, 99), retry_in=SECONDS)
    def postpone(self, pick: int, retry_in: int) -> None:
        job, row, is_ours = self.pick(pick)
        assert queue.postpone(job, "trouble", retry_in) == is_ours
        if is_ours:
            row.attempts, row.lease_until, row.due = row.attempts + 1, 0, self.now + retry_in

    @precondition(lambda self: self.held)
    @rule(pick=st.integers(0, 99), retry_in=SECONDS)
    def put_off(self, pick: int, retry_in: int) -> None:
        job, row, is_ours = self.pick(pick)
        assert queue.put_off(job, "others go first", retry_in) == is_ours
        if is_ours:
            row.lease_until = 0
            row.due = self.now + (retry_in if row.want == job.want else 0)

    @precondition(lambda self: self.held)
    @rule(pick=st.integers(0, 99))
    def renew(self, pick: int) -> None:
        job, row, is_ours = self.pick(pick)
        assert queue.renew(job) == is_ours
        if is_ours:
            row.lease_until = self.now + int(LEASE)

    @rule(key=st.sampled_from(KEYS))
    def retry_now(self, key: str) -> None:
        row = self.rows.get(key)
        assert retry_now("link", key) == (row is not None and row.want > row.done)
        if row is not None and row.want > row.done:
            row.attempts, row.due = 0, self.now

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: int) -> None:
        self.now += seconds
        self.shifts.enter_context(shifted(seconds))

    @rule()
    def restart(self) -> None:
        queue.release_leases()
        for row in self.rows.values():
            if row.lease_until:
                row.lease_until, row.lease_no = 0, row.lease_no + 1

    @invariant()
    def nothing_is_lost_or_settled_unasked(self) -> None:
        stored = Work.objects.values_list("key", "want", "done", "attempts", "priority", "lane")
        assert {values[0]: values[1:] for values in stored} == {
            key: (row.want, row.done, row.attempts, row.priority, row.lane)
            for key, row in self.rows.items()
        }

    def teardown(self) -> None:
        self.shifts.close()

    def is_running(self, row: Row, lane: str) -> bool:
        return row.lane == lane and row.lease_until > self.now

    def pick(self, pick: int) -> tuple[Job, Row, bool]:
        job = self.held[pick % len(self.held)]
        row = self.rows[job.key]
        return job, row, row.lease_no == job.lease_no and row.lease_until > 0


@pytest.mark.timeout(600)
def test_the_queue_behaves_as_its_model() -> None:
    machine: Any = QueueMachine
    examples = min(settings().max_examples, MOST_EXAMPLES)
    run_state_machine_as_test(machine, settings=settings(max_examples=examples))
