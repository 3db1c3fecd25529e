"""Time whose crossing is cut short, or whose issue keeps none: never twice, never taken for gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.crashes import crashing_at
from helpers.jirasim import Jira
from helpers.worklogs import linked, logged_there, there

from duolog.core.fields import whole_of
from duolog.jira.replica import RemoteReplica
from duolog.sync.basis.ground import Ground
from duolog.sync.binding.services import retry
from duolog.sync.engine.in_step import bring_in_step, whole_link
from duolog.sync.engine.passes import Occasion
from duolog.sync.link.children import LinkGround
from duolog.sync.shown.standing import standing_of
from duolog.work.queue import Job
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.queries import list_worklogs
from duolog.worklogs.services import delete_worklog, edit_worklog, log_time
from duolog.workplace.models import WorkItem

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG = 200.0
UNUSED = Job(0, "link", "0", "local", 0, 0, 0, 0, None, {})


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        yield bound
        jira.sim("POST", "settings", {"time_tracking": True})


def seconds_of(item: WorkItem) -> list[int]:
    return sorted(entry.seconds for entry in list_worklogs(item))


def test_time_survives_a_crash_at_every_effect(bound: Bound) -> None:
    item, issue = linked(bound)
    effect = 0
    while True:
        effect += 1
        started = NINE + timedelta(minutes=effect)
        kept = log_time(item.pk, NewWorklog(started=started, seconds=60), actor=bound.me)
        gone = log_time(item.pk, NewWorklog(started=NINE, seconds=600), actor=bound.me)
        crashed = crashing_at(effect, bound.run)
        bound.run(within=LONG)
        edit_worklog(kept.pk, {"seconds": 60 * (effect + 1)}, actor=bound.me)
        delete_worklog(gone.pk, actor=bound.me)
        crashed = crashing_at(effect, bound.run) or crashed
        bound.run(within=LONG)
        here = seconds_of(item)
        assert len(here) == effect
        assert sorted(each["timeSpentSeconds"] for each in there(bound, issue)) == here
        assert bound.link(item).state == "in_step"
        if not crashed:
            break
    assert effect > 5


def test_where_jira_keeps_no_time_nothing_is_taken_for_gone(bound: Bound) -> None:
    item, issue = linked(bound)
    logged_there(bound, issue)
    bound.poll()
    log_time(item.pk, NewWorklog(started=NINE, seconds=60), actor=bound.me)
    before = seconds_of(item)
    link = whole_link(bound.link(item).pk)
    ground = Ground(link.binding)
    read = ground.client.issues.get(issue, fields=ground.read_fields)
    fields = {name: value for name, value in read.fields.items() if name != "worklog"}
    silent = read.model_copy(
        update={"fields": fields, "known": read.known.model_copy(update={"worklog": None})}
    )
    remote = RemoteReplica(ground.client, issue, LinkGround(ground, link))
    remote.take(silent)
    assert remote.unsent == {whole_of("worklog")}
    bring_in_step(link, ground, Occasion(lambda: None, UNUSED, issue=silent))
    assert seconds_of(item) == before
    assert len(there(bound, issue)) == 1
    bound.change(item, title="Looked at again")
    bound.run(within=LONG)
    assert sorted(each["timeSpentSeconds"] for each in there(bound, issue)) == before


def test_time_that_jira_does_not_take_is_held_and_goes_on_later(bound: Bound) -> None:
    item, issue = linked(bound)
    bound.jira.sim("POST", "settings", {"time_tracking": False})
    entry = log_time(item.pk, NewWorklog(started=NINE, seconds=60), actor=bound.me)
    assert standing_of(bound.link(item), [entry])[entry.pk].state == "due"
    bound.run(within=LONG)
    link = bound.link(item)
    held = standing_of(link, [entry])[entry.pk]
    assert (held.state, "time tracking" in held.reason) == ("held", True)
    (hold,) = link.holds.filter(released_at=None)
    assert "time tracking" in hold.hint
    bound.jira.sim("POST", "settings", {"time_tracking": True})
    retry(bound.owner, hold)
    bound.run(within=LONG)
    assert [each["timeSpentSeconds"] for each in there(bound, issue)] == [60]
    assert bound.link(item).state == "in_step"
    assert standing_of(bound.link(item), [entry]) == {}
    assert standing_of(None, [entry]) == {}
