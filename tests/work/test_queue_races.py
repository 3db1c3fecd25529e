"""Races of marks, claims and finishes, made on purpose with barriers and open transactions."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction
from helpers.threads import PATIENCE, all_at_once

from duolog.work import queue
from duolog.work.clock import shifted
from duolog.work.lanes import ensure_lane
from duolog.work.marks import mark, mark_many
from duolog.work.models import Work
from duolog.work.queue import LEASE, Job

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def claim_one() -> Job:
    (job,) = queue.claim(1)
    return job


@pytest.mark.parametrize("_round", range(5))
def test_of_many_claimers_exactly_one_gets_the_job(_round: int):
    mark("link", 1)
    claims = all_at_once([lambda: queue.claim(3)] * 6)
    assert sorted(len(jobs) for jobs in claims) == [0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("_round", range(5))
def test_claimers_side_by_side_neither_share_a_job_nor_exceed_the_cap(_round: int):
    ensure_lane("jira:1", 5)
    mark_many("link", range(40), lane="jira:1")
    jobs = [job for claimed in all_at_once([lambda: queue.claim(3)] * 4) for job in claimed]
    assert len({job.id for job in jobs}) == len(jobs) == 5


@pytest.mark.parametrize("_round", range(5))
def test_of_an_heir_and_a_zombie_only_the_heir_finishes(_round: int):
    mark("link", 1)
    zombie = claim_one()
    with shifted(LEASE):
        heir = claim_one()
        assert all_at_once(
            [lambda: queue.finish(zombie, state={"by": "zombie"}), lambda: queue.finish(heir)]
        ) == [False, True]
    assert Work.objects.get().state == {}


def test_no_mark_is_lost_beside_runs_of_the_same_key():
    def mark_often() -> int:
        for _ in range(20):
            mark("link", 1)
        return 20

    def run_often() -> int:
        for _ in range(20):
            for job in queue.claim(1):
                queue.finish(job)
        return 0

    marks = sum(all_at_once([mark_often, mark_often, run_often, run_often]))
    for job in queue.claim(1):
        queue.finish(job)
    row = Work.objects.get()
    assert (row.want, row.done) == (marks, marks)


def test_marks_of_the_same_keys_in_any_order_do_not_deadlock():
    keys = list(range(200))

    def mark_all(order: list[int]) -> None:
        for _ in range(3):
            mark_many("link", order)

    all_at_once([lambda: mark_all(keys), lambda: mark_all(keys[::-1])])
    assert set(Work.objects.values_list("want", flat=True)) == {6}


def test_a_job_finished_in_a_transaction_that_rolls_back_is_not_finished():
    mark("link", 1)
    job = claim_one()
    with transaction.atomic():
        assert queue.finish(job)
        transaction.set_rollback(True)
    assert queue.renew(job), "the job is still ours"


def test_an_open_edit_holds_up_only_its_own_row():
    """On PostgreSQL a long edit transaction must not stop the claims of its lane."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite writers take turns: a claim waits for the edit to end")
    mark_many("link", ["edited", "other"])
    marked, claimed = threading.Event(), threading.Event()

    def edit() -> list[str]:
        with transaction.atomic():
            mark("link", "edited")
            mark("link", "new")
            marked.set()
            assert claimed.wait(PATIENCE)
        return []

    def claim() -> list[str]:
        try:
            assert marked.wait(PATIENCE)
            return [job.key for job in queue.claim(9)]
        finally:
            claimed.set()
            connections.close_all()

    assert all_at_once([edit, claim]) == [[], ["other"]]
    assert {job.key for job in queue.claim(9)} == {"edited", "new"}
