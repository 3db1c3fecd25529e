"""How often Jira is asked, by all processes together: what it says is heeded before it refuses."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.interleaved import once_read
from helpers.jirasim import Jira
from helpers.threads import all_at_once

from duolog.connections.budget import budget_of
from duolog.connections.models import IssuePace, Pace
from duolog.connections.pacing import (
    PATIENCE,
    USUAL,
    Pacer,
    bucket_of,
    closed_for,
    forget_old_paces,
)
from duolog.connections.services import client_for
from duolog.core.errors import Retryable, Scope
from duolog.jira.call import Call
from duolog.jira.rates import Told
from duolog.jira.transport import CallMade
from duolog.work.clock import now, shifted
from duolog.work.marks import BACKGROUND, INTERACTIVE
from duolog.work.urgency import running_at

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
READ = Call("GET", "/rest/api/3/myself")
WRITE = Call("PUT", "/rest/api/3/issue/10001")


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        yield bound


def a_process(bound: Bound) -> Pacer:
    """What another process would have: nothing in memory, the same database."""
    return Pacer(bound.connection.pk, bound.connection.base_url)


def answered(pacer: Pacer, told: Told, call: Call = READ) -> None:
    pacer.heed(CallMade(call, 429 if told.put_off else 200, 0.1, told))


def rate(bound: Bound) -> float:
    row = Pace.objects.get(pk=bound.connection.pk)
    return bucket_of(row, now()).per_second


def test_all_processes_share_one_budget(bound: Bound) -> None:
    Pace.objects.update_or_create(
        pk=bound.connection.pk, defaults={"per_second": 10, "size": 5, "free_at": 0}
    )
    began = now()

    def process() -> int:
        pacer, got = a_process(bound), 0
        with running_at(BACKGROUND):
            for _ in range(6):
                with contextlib.suppress(Retryable):
                    pacer.admit(READ)
                    got += 1
        return got

    got = sum(all_at_once([process] * 4))
    assert 5 <= got <= 5 + 10 * (now() - began)


def test_what_a_person_waits_for_goes_first(bound: Bound) -> None:
    pacer, other = a_process(bound), a_process(bound)
    Pace.objects.update_or_create(
        pk=bound.connection.pk,
        defaults={"per_second": 0.5, "size": 10, "free_at": now() + 20 - 2 / 0.5},
    )  # two are left
    with running_at(BACKGROUND), pytest.raises(Retryable, match="wait for their turn"):
        pacer.admit(READ)
    began = time.monotonic()
    other.admit(READ)
    assert time.monotonic() - began < 0.5


def test_a_run_that_has_written_leaves_the_rest_to_those_that_still_wait(bound: Bound) -> None:
    pacer = a_process(bound)
    two_left = {"per_second": 0.5, "size": 10, "free_at": now() + 20 - 2 / 0.5}
    Pace.objects.update_or_create(pk=bound.connection.pk, defaults=two_left)
    with running_at(INTERACTIVE):
        answered(pacer, Told(), READ)
        pacer.admit(WRITE)
        answered(pacer, Told(), WRITE)
        with pytest.raises(Retryable, match="wait for their turn"):
            pacer.admit(READ)
    began = time.monotonic()
    with running_at(INTERACTIVE):
        pacer.admit(WRITE)
    assert time.monotonic() - began < 0.5


def test_work_that_has_begun_goes_before_work_that_has_not(bound: Bound) -> None:
    pacer = a_process(bound)
    Pace.objects.update_or_create(
        pk=bound.connection.pk, defaults={"per_second": 0.5, "size": 10, "free_at": now() + 20 - 12}
    )  # six are left
    with running_at(BACKGROUND):
        for _ in range(4):
            pacer.admit(READ)
        with pytest.raises(Retryable):
            pacer.admit(READ)
    with running_at(BACKGROUND), pytest.raises(Retryable):
        pacer.admit(READ)


def test_a_run_that_ran_out_begins_anew_once_there_is_enough_for_all_of_it(bound: Bound) -> None:
    one_left = {"per_second": 0.5, "size": 2, "free_at": now() + 2}
    Pace.objects.update_or_create(pk=bound.connection.pk, defaults=one_left)
    pacer = a_process(bound)
    with running_at(INTERACTIVE):
        pacer.admit(READ)
        with pytest.raises(Retryable) as ran_out:
            pacer.admit(READ)
    wait = ran_out.value.retry_after
    assert wait is not None
    with shifted(wait.total_seconds()), running_at(INTERACTIVE):
        pacer.admit(READ)
        pacer.admit(READ)


def test_a_refusal_stops_every_process_at_once_and_slows_all_down(bound: Bound) -> None:
    pacer, other = a_process(bound), a_process(bound)
    answered(pacer, Told(put_off=True, wait=timedelta(seconds=30)))
    with pytest.raises(Retryable) as raised:
        other.admit(READ)
    assert raised.value.scope is Scope.CONNECTION
    assert raised.value.retry_after is not None
    assert timedelta(seconds=25) < raised.value.retry_after <= timedelta(seconds=30)
    assert 25 < closed_for(bound.connection.pk) <= 30
    assert budget_of(bound.connection).closed_minutes == 1
    assert rate(bound) == pytest.approx(USUAL.per_second / 2, rel=0.05)
    answered(other, Told(put_off=True, wait=timedelta(seconds=1)))
    assert closed_for(bound.connection.pk) > 25, "the longer word holds"
    assert rate(bound) > USUAL.per_second / 3, "two refusals of one moment count once"
    with shifted(31):
        other.admit(READ)


@pytest.mark.parametrize(
    ("said", "slower"),
    [
        pytest.param(Told(is_near=True), 0.75 * USUAL.per_second, id="little is left"),
        pytest.param(Told(is_near=True, per_second=3.0), 3.0, id="a quota that must last"),
    ],
)
def test_near_a_limit_we_slow_down_before_it_refuses(
    bound: Bound, said: Told, slower: float
) -> None:
    answered(a_process(bound), said)
    assert rate(bound) == pytest.approx(slower, rel=0.05)
    assert not closed_for(bound.connection.pk)


def test_the_bucket_that_data_center_tells_of_is_believed(bound: Bound) -> None:
    pacer = a_process(bound)
    answered(pacer, Told(per_second=2.0, size=30, left=29))
    row = Pace.objects.get(pk=bound.connection.pk)
    assert (row.per_second, row.size) == (2.0, 30)
    answered(pacer, Told(per_second=2.0, size=30, left=0))
    with running_at(BACKGROUND), pytest.raises(Retryable):
        a_process(bound).admit(READ)


def test_near_the_limit_of_an_issue_only_that_issue_waits(bound: Bound) -> None:
    pacer = a_process(bound)
    pacer.admit(WRITE)
    answered(pacer, Told(is_near=True), WRITE)
    with pytest.raises(Retryable, match="this issue"):
        a_process(bound).admit(WRITE)
    a_process(bound).admit(Call("PUT", "/rest/api/3/issue/10002"))
    a_process(bound).admit(READ)


def test_no_issue_gets_more_writes_than_its_limit_from_all_together(bound: Bound) -> None:
    issue = bound.jira.create("Busy")
    client = client_for(bound.connection)
    bound.jira.sim("POST", "limits", {"mode": "off"})
    bound.jira.sim("POST", "limits/reset")

    def write(number: int) -> int:
        done = 0
        for turn in range(6):
            try:
                client.comments.add(issue, bound.jira.text(f"Said {number} {turn}"))
            except Retryable:
                continue
            done += 1
        return done

    landed = sum(all_at_once([partial(write, number) for number in range(8)]))
    (counts,) = bound.jira.sim("GET", "limits")["writes"].values()
    assert landed == len(bound.jira.comments(issue)) >= 12
    assert counts["most_in_2s"] <= 20
    assert counts["most_in_30s"] <= 100


@pytest.mark.parametrize("row", [Pace, IssuePace])
def test_a_slow_database_is_not_taken_for_many_calls(
    bound: Bound, row: type[Pace] | type[IssuePace]
) -> None:
    """Another process is faster, and by then our patience with Jira would be over."""
    pacer, other = a_process(bound), a_process(bound)

    def faster() -> None:
        other.admit(WRITE)
        threading.Event().wait(PATIENCE)  # the machine has much to do

    pacer.admit(WRITE)
    other.admit(WRITE)
    with once_read(f'FROM "{row._meta.db_table}"', faster):
        pacer.admit(WRITE)


def test_rows_of_issues_nobody_writes_to_are_dropped(bound: Bound) -> None:
    a_process(bound).admit(WRITE)
    forget_old_paces()
    assert IssuePace.objects.count() == 1
    with shifted(120):
        forget_old_paces()
    assert not IssuePace.objects.exists()
