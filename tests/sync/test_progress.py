"""How far a send is: counted by stage, never backwards, honest about waiting, and it can be stopped."""

from __future__ import annotations

import pytest
from helpers.bound import Bound
from helpers.crashes import crashing_at

from duolog.sync.binding.services import Wish, bind_team
from duolog.sync.binding.stopping import stop
from duolog.sync.models import Binding, Link, Run
from duolog.sync.shown.progress import progress
from duolog.work.clock import now
from duolog.work.lanes import block_lane, unblock_lane
from duolog.workplace.services.comments import add_comment

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def begun(bound: Bound, items: int) -> Binding:
    """A team bound to a project, its send not yet begun."""
    for number in range(items):
        add_comment(bound.item(f"Number {number}").pk, "Said", actor=bound.me)
    bound.binding = bind_team(
        bound.owner, bound.team, Wish(bound.connection, bound.jira.project_key)
    )
    return bound.binding


def test_a_send_is_counted_by_stage_and_never_goes_backwards(bound: Bound) -> None:
    binding = begun(bound, 20)
    shares = [0]
    while shares[-1] < 100 and len(shares) < 400:
        crashing_at(25, lambda: bound.run(within=300))  # also where Jira has us wait
        shares.append(progress(binding).percent)
    bound.run(within=300)
    assert shares == sorted(shares)
    assert len({share for share in shares if 0 < share < 100}) > 2  # also within one batch
    assert progress(binding).percent == 100
    run = Run.objects.get(kind="send")
    assert run.stages["issues"] == [20, 20]
    assert run.stages["comment"] == [20, 20]
    assert run.state == "done"


def test_while_jira_has_us_wait_it_says_until_when_and_promises_nothing(bound: Bound) -> None:
    binding = begun(bound, 3)
    block_lane(bound.connection.lane, now() + 120)
    told = progress(binding)
    assert told.waits_until is not None
    assert (told.seconds_left, told.per_minute, told.is_stalled) == (None, None, False)
    unblock_lane(bound.connection.lane)
    assert progress(binding).waits_until is None


def test_a_send_that_is_stopped_leaves_the_rest_here(bound: Bound) -> None:
    binding = begun(bound, 3)
    while not Link.objects.filter(state="creating").exists():
        crashing_at(8, bound.run)
    stop(bound.owner, binding)
    bound.run(within=200)
    assert not bound.jira.issues(bound.jira.project_key)
    assert set(Link.objects.values_list("state", "left_out")) == {("ended", True)}
    assert not Run.objects.filter(state="running").exists()
    assert progress(binding).is_running is False
