"""Marks: in the caller's transaction, counted, coalescing."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from duolog.work import queries, queue
from duolog.work.clock import now, shifted
from duolog.work.lanes import FOREVER, block_lane, ensure_lane
from duolog.work.marks import BACKGROUND, INTERACTIVE, forget, mark, mark_many, retry_now
from duolog.work.models import Work
from duolog.work.queue import Job

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def claim_one() -> Job:
    (job,) = queue.claim(1)
    return job


def the_row() -> Work:
    return Work.objects.get()


def test_a_mark_is_due_at_once_and_runs_once():
    mark("link", 7)
    job = claim_one()
    assert (job.kind, job.key, job.lane, job.want) == ("link", "7", "local", 1)
    assert queue.finish(job)
    assert queue.claim(5) == ()


def test_a_rolled_back_edit_marks_nothing():
    with transaction.atomic():
        mark("link", 7)
        transaction.set_rollback(True)
    assert not Work.objects.exists()


def test_marks_of_a_pending_row_make_one_run():
    for _ in range(5):
        mark("link", 7)
    assert queue.finish(claim_one())
    assert queue.claim(5) == ()


def test_a_mark_during_a_run_makes_one_more_run():
    mark("link", 7)
    first = claim_one()
    mark("link", 7)
    mark("link", 7)
    assert queue.claim(5) == (), "never two runs of one key at once"
    assert queue.finish(first)
    second = claim_one()
    assert second.want == 3
    assert queue.finish(second)
    assert queue.claim(5) == ()


@pytest.mark.parametrize(
    ("first", "second", "due_in"),
    [
        pytest.param(60, 0, 0, id="a later mark for now pulls the row forward"),
        pytest.param(0, 60, 0, id="a later mark for later does not put the row off"),
        pytest.param(30, 60, 30, id="the earliest of two later times holds"),
    ],
)
def test_the_earliest_time_holds(first: float, second: float, due_in: float):
    present = now()
    mark("link", 7, due_in=first)
    mark("link", 7, due_in=second)
    assert the_row().due_at == pytest.approx(present + due_in, abs=5)


def test_a_settled_row_takes_the_time_and_priority_of_its_next_mark():
    mark("link", 7, priority=INTERACTIVE)
    queue.finish(claim_one())
    mark("link", 7, due_in=60, priority=BACKGROUND)
    assert the_row().priority == BACKGROUND
    assert queue.claim(1) == ()
    with shifted(60):
        assert claim_one().want == 2


def test_a_mark_does_not_break_through_a_backoff():
    mark("link", 7)
    queue.postpone(claim_one(), "Jira asked for a pause", 60)
    mark("link", 7, priority=INTERACTIVE)
    assert queue.claim(1) == ()
    with shifted(60):
        assert claim_one().attempts == 1


def test_a_mark_reaches_what_only_waits_for_its_turn():
    mark("link", 7)
    queue.put_off(claim_one(), "others go first", 60)
    assert queue.claim(1) == ()
    mark("link", 7, priority=INTERACTIVE)
    job = claim_one()
    mark("link", 7, priority=INTERACTIVE)
    queue.put_off(job, "others go first", 60)
    assert (claim_one().priority, job.attempts) == (INTERACTIVE, 0)


def test_retry_now_breaks_through_a_backoff():
    mark("link", 7)
    queue.postpone(claim_one(), "no", 600)
    assert retry_now("link", 7)
    assert claim_one().attempts == 0


def test_retry_now_has_nothing_to_do_for_a_settled_row():
    mark("link", 7)
    queue.finish(claim_one())
    assert not retry_now("link", 7)
    assert queue.claim(1) == ()


def test_an_interactive_mark_during_a_background_run_keeps_its_urgency():
    mark("link", 7, priority=BACKGROUND)
    job = claim_one()
    mark("link", 7, priority=INTERACTIVE)
    queue.finish(job)
    assert the_row().priority == INTERACTIVE


def test_a_periodic_row_keeps_its_priority_when_it_is_asked_for_early():
    mark("poll", 1, every=300, due_in=300, priority=3)
    mark("poll", 1, priority=INTERACTIVE)
    queue.finish(claim_one())
    assert the_row().priority == 3
    assert the_row().every == 300


def test_the_lane_of_the_last_mark_counts():
    from_lane = "jira:1"
    make_lanes(from_lane, "jira:2")
    mark("link", 7, lane=from_lane)
    mark("link", 7, lane="jira:2")
    assert claim_one().lane == "jira:2"


def test_a_mark_in_a_lane_that_does_not_exist_is_refused():
    with transaction.atomic():
        mark("link", 7, lane="nowhere")
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_many_marks_count_a_repeated_key_once_and_mix_with_single_ones():
    mark("link", 3)
    mark_many("link", [*range(1_200), 3, 3], priority=BACKGROUND)
    assert Work.objects.count() == 1_200
    assert Work.objects.get(key="3").want == 2
    assert Work.objects.get(key="4").want == 1


def test_many_of_nothing_mark_nothing():
    mark_many("link", [])
    assert not Work.objects.exists()


def test_what_is_forgotten_runs_no_more_and_its_run_is_refused():
    mark("poll", 1, every=5)
    job = claim_one()
    forget("poll", 1)
    assert not queue.finish(job)
    with shifted(60):
        assert queue.claim(1) == ()


def test_pages_see_what_is_pending_and_why_it_waits():
    mark_many("link", [1, 2, 3])
    failed, settled, running = queue.claim(3)
    queue.postpone(failed, "Summary is too long.", 60)
    queue.finish(settled)
    shown = queries.pending("link", [1, 2, 3, 4])
    assert shown.keys() == {failed.key, running.key}
    assert shown[failed.key].error == "Summary is too long."
    assert shown[failed.key].next_try_in == pytest.approx(60, abs=5)
    assert shown[running.key].running
    assert [row.key for row in queries.list_failing()] == [failed.key]


def test_the_queue_age_is_that_of_the_oldest_row_that_could_run():
    assert queries.queue_age() == 0
    mark("link", 1)
    mark("link", 2, due_in=500)
    with shifted(100):
        assert queries.queue_age() == pytest.approx(100, abs=5)


def test_what_waits_in_a_lane_is_counted_from_its_oldest_also_where_it_is_blocked():
    make_lanes("connection:1")
    mark("link", 1, lane="connection:1")
    mark("link", 2, lane="connection:1", due_in=500)
    mark("link", 3)
    block_lane("connection:1", FOREVER)
    with shifted(100):
        waiting = queries.waiting_in("connection:1")
    assert waiting.rows == 1
    assert waiting.seconds == pytest.approx(100, abs=5)
    assert queries.waiting_in("connection:2").rows == 0


def make_lanes(*names: str) -> None:
    for name in names:
        ensure_lane(name, 4)
