"""Claims: leases and their fencing, lanes, order, periodic rows, long work in steps."""

from __future__ import annotations

import contextlib

import pytest

from duolog.work import queries, queue
from duolog.work.clock import now, shifted
from duolog.work.lanes import FOREVER, block_lane, ensure_lane, rest_lane, unblock_lane
from duolog.work.marks import BACKGROUND, INTERACTIVE, mark, mark_many
from duolog.work.models import Lane, Work
from duolog.work.queue import LEASE, Job

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def claim_one() -> Job:
    (job,) = queue.claim(1)
    return job


def keys(jobs: tuple[Job, ...]) -> list[str]:
    return [job.key for job in jobs]


@pytest.fixture(autouse=True)
def _lanes() -> None:
    ensure_lane("jira:1", 2)
    ensure_lane("jira:2", 2)


def test_a_lease_that_ended_lets_another_worker_take_over():
    mark("link", 1)
    dead = claim_one()
    assert queue.claim(1) == ()
    with shifted(LEASE):
        heir = claim_one()
        assert heir.lease_no == dead.lease_no + 1
        assert heir.want == dead.want


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(queue.finish, id="finish"),
        pytest.param(lambda job: queue.finish(job, again_in=0, state={"page": 2}), id="a step"),
        pytest.param(lambda job: queue.postpone(job, "late", 5), id="postpone"),
        pytest.param(lambda job: queue.put_off(job, "its turn comes", 5), id="put off"),
        pytest.param(queue.renew, id="renew"),
    ],
)
def test_a_zombie_writes_nothing(write):
    mark("link", 1)
    zombie = claim_one()
    with shifted(LEASE):
        heir = claim_one()
        before = Work.objects.values().get()
        assert not write(zombie)
        assert Work.objects.values().get() == before
        assert Lane.objects.get(pk="local").blocked_until == 0
        assert write(heir)


def test_a_finished_job_is_not_leased_again_by_a_late_renewal():
    mark("link", 1)
    job = claim_one()
    assert queue.finish(job)
    assert not queue.renew(job)
    mark("link", 1)
    assert claim_one().want == 2


def test_a_renewed_lease_holds_longer():
    mark("link", 1)
    job = claim_one()
    with shifted(LEASE - 5):
        assert queue.renew(job)
    with shifted(LEASE):
        assert queue.claim(1) == ()
        assert queue.finish(job)


def test_leases_are_released_at_the_start_of_the_only_process():
    mark("link", 1)
    dead = claim_one()
    queue.release_leases()
    assert not queue.finish(dead)
    assert claim_one().key == "1"


def test_urgent_rows_go_first_then_those_that_wait_longest():
    for key, priority, due_in in [("c", 5, -10), ("b", 1, 0), ("d", 5, -5), ("a", 1, -1)]:
        mark("link", key, priority=priority, due_in=due_in)
    assert keys(queue.claim(9)) == ["a", "b", "c", "d"]


def test_a_lane_never_exceeds_its_cap():
    mark_many("link", range(5), lane="jira:1")
    first = queue.claim(9)
    assert len(first) == 2
    assert queue.claim(9) == ()
    queue.finish(first[0])
    assert len(queue.claim(9)) == 1


def test_lanes_take_turns_within_one_priority():
    mark_many("link", ["a1", "a2"], lane="jira:1", due_in=-60)
    mark_many("link", ["b1", "b2"], lane="jira:2", due_in=-30)
    assert keys(queue.claim(2)) == ["a1", "b1"]


def test_an_urgent_row_goes_before_the_older_backlog_of_another_lane():
    mark_many("link", range(4), lane="jira:1", priority=BACKGROUND, due_in=-60)
    mark("link", "edit", lane="jira:2", priority=INTERACTIVE)
    assert keys(queue.claim(1)) == ["edit"]


def test_a_blocked_lane_starts_nothing_while_others_run():
    mark("link", 1, lane="jira:1")
    mark("link", 2, lane="jira:2")
    block_lane("jira:1", now() + 30)
    assert keys(queue.claim(9)) == ["2"]
    with shifted(30):
        assert "1" in keys(queue.claim(9))


def test_a_short_pause_does_not_end_a_long_one():
    block_lane("jira:1", FOREVER)
    block_lane("jira:1", now() + 1)
    mark("link", 1, lane="jira:1")
    with shifted(3_600):
        assert queue.claim(1) == ()
        assert queries.pending("link", [1])["1"].next_try_in is None
        assert queries.next_due_in() is None
    unblock_lane("jira:1")
    assert claim_one().key == "1"


def test_a_lane_rests_longer_only_where_trouble_comes_right_after_a_rest():
    rests = []
    with contextlib.ExitStack() as shifts:
        for worked_for in (0.5, 0.5, 0.5, 10):
            began = now()
            rest_lane("jira:1")
            until = Lane.objects.get(pk="jira:1").blocked_until
            rests.append(round(until - began))
            rest_lane("jira:1")
            assert Lane.objects.get(pk="jira:1").blocked_until == until, "the same trouble"
            shifts.enter_context(shifted(rests[-1] + worked_for))
        began = now()
        rest_lane("jira:1")
        rests.append(round(Lane.objects.get(pk="jira:1").blocked_until - began))
        shifts.enter_context(shifted(1))
        began = now()
        rest_lane("jira:1", anew=True)
        rests.append(round(Lane.objects.get(pk="jira:1").blocked_until - began))
    assert rests == [1, 2, 4, 8, 1, 1]


def test_a_periodic_row_comes_back_after_its_time():
    mark("poll", 1, every=60)
    assert queue.finish(claim_one(), state={"cursor": "c1"})
    assert queue.claim(1) == ()
    with shifted(60):
        again = claim_one()
        assert again.state == {"cursor": "c1"}
        assert queue.finish(again)
    assert Work.objects.get().state == {"cursor": "c1"}


def test_a_periodic_row_marked_during_its_run_comes_back_at_once():
    mark("poll", 1, every=60)
    job = claim_one()
    mark("poll", 1)
    queue.finish(job)
    assert claim_one().want == 2


def test_a_periodic_row_does_not_starve_behind_a_backfill_of_its_own_priority():
    mark_many("link", range(20), lane="jira:1", priority=BACKGROUND)
    with shifted(1):
        mark("poll", 1, lane="jira:1", priority=BACKGROUND, every=60)
    polled_after = 0
    with shifted(2):
        while (job := claim_one()).kind != "poll":
            polled_after += 1
            queue.finish(job, again_in=0)
    assert polled_after == 20, "each step of the backfill goes to the end of the queue"


def test_long_work_goes_on_step_by_step_with_its_cursor():
    mark("sweep", 1, priority=BACKGROUND)
    pages = 0
    while jobs := queue.claim(1):
        page = jobs[0].state.get("page", 0)
        pages += 1
        assert queue.finish(jobs[0], again_in=0 if page < 2 else None, state={"page": page + 1})
    assert pages == 3
    assert Work.objects.get().state == {"page": 3}


def test_a_step_can_be_put_off_but_a_mark_calls_it_back():
    mark("sweep", 1)
    queue.finish(claim_one(), again_in=60)
    assert queue.claim(1) == ()
    mark("sweep", 1)
    assert queue.finish(claim_one())
    assert queue.claim(1) == ()


def test_a_success_clears_the_failures_before_it():
    mark("link", 1)
    queue.postpone(claim_one(), "no", 0)
    queue.finish(claim_one())
    row = Work.objects.get()
    assert (row.attempts, row.error) == (0, "")


@pytest.mark.parametrize(
    ("due_in", "block", "expected"),
    [
        pytest.param(30, 0, 30, id="when the row becomes due"),
        pytest.param(-1, 40, 40, id="when the lane opens again"),
        pytest.param(-1, 0, None, id="a row that is due already says nothing of the future"),
    ],
)
def test_the_next_moment_to_look_is_foreseen(due_in: float, block: float, expected: float | None):
    mark("link", 1, lane="jira:1", due_in=due_in)
    if block:
        block_lane("jira:1", now() + block)
    ahead = queries.next_due_in()
    assert ahead == (None if expected is None else pytest.approx(expected, abs=5))
