"""Writing one's own worklogs to Jira: what is sent, what stays, and what is told of refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from helpers.jirasim import Jira
from helpers.own_writing import NINE, OwnTime, again, own_time

from duolog.connections.models import Deployment
from duolog.jira.client.worklogs import Adjusting, Estimate
from duolog.people.errors import Invalid, NotFound, Outdated
from duolog.worklogs.models import OwnWorklog
from duolog.worklogs.own.queries import own_range
from duolog.worklogs.own.services import (
    Act,
    How,
    NewOwn,
    delete,
    discard,
    edit,
    log,
    move,
    retry,
    split,
    undo,
)

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def time(jira: Jira) -> Iterator[OwnTime]:
    with own_time(jira) as time:
        yield time
        jira.sim("POST", "settings", {"time_tracking": True})


def test_time_is_logged_edited_and_deleted_and_only_what_changed_is_sent(time: OwnTime) -> None:
    row = time.log("1h 30m", "A **talk**")
    assert (row.state, row.jira_id) == ("pending", "")
    time.run()
    (made,) = time.there()
    row = again(row)
    assert (row.state, row.jira_id, row.seconds) == ("saved", made["id"], 5400)
    assert made["timeSpentSeconds"] == 5400
    edit(time.member, row.pk, {"seconds": "20m"})
    time.run()
    (shorter,) = time.there()
    assert shorter["timeSpentSeconds"] == 1200
    assert (shorter["comment"], shorter["started"]) == (made["comment"], made["started"])
    edit(time.member, row.pk, {"comment": "Another"})
    time.run()
    (told,) = time.there()
    assert (told["timeSpentSeconds"], told["started"]) == (1200, made["started"])
    assert "Another" in str(told["comment"])
    edit(time.member, row.pk, {"day": "2026-03-05", "comment": ""})
    time.run()
    row = again(row)
    assert (row.comment, row.started_at) == ("", NINE + timedelta(days=3))
    assert not time.there()[0].get("comment") or "text" not in str(time.there()[0]["comment"])
    delete(time.member, row.pk)
    assert again(row).deleted_at is not None
    time.run()
    assert time.there() == []
    assert again(row).state == "saved"


def test_what_is_said_again_asks_jira_to_change_nothing(time: OwnTime) -> None:
    row = time.saved(5400, "A **talk**")
    time.jira.reset()
    edit(time.member, row.pk, {"seconds": 5400, "comment": "A __talk__"})
    time.run()
    assert not any(call.startswith("PUT") for call in time.jira.calls())
    assert again(row).state == "saved"


def test_each_is_undone_as_it_was(time: OwnTime) -> None:
    row = time.saved(5400, "A **talk**\n\n- one\n- two")
    (made,) = time.there()
    edit(time.member, row.pk, {"seconds": 60, "comment": "Another"})
    time.run()
    undo(time.member, row.pk)
    time.run()
    (back,) = time.there()
    same = ("timeSpentSeconds", "started", "comment")
    assert [back[name] for name in same] == [made[name] for name in same]
    delete(time.member, row.pk)
    time.run()
    undo(time.member, row.pk)
    time.run()
    (revived,) = time.there()
    assert [revived[name] for name in same] == [made[name] for name in same]
    assert (again(row).jira_id, again(row).deleted_at) == (revived["id"], None)
    move(time.member, row.pk, time.other)
    time.run()
    assert (time.there(), again(row).issue.issue_id) == ([], time.other)
    undo(time.member, row.pk)
    time.run()
    assert (len(time.there()), time.there(time.other)) == (1, [])
    other = time.saved(60, later=2)
    undo(time.member, other.pk)
    time.run()
    assert len(time.there()) == 1


def test_what_somebody_else_changed_is_neither_undone_nor_overwritten_unasked(
    time: OwnTime,
) -> None:
    row = time.saved(5400)
    place = f"issue/{time.issue}/worklog/{row.jira_id}"
    time.jira.ask("PUT", place, {"timeSpentSeconds": 600})
    undo(time.member, row.pk)
    time.run()
    row = again(row)
    assert (row.state, row.deleted_at, "changed in Jira" in row.problem) == ("saved", None, True)
    assert time.seconds_there() == [600]
    edit(time.member, row.pk, {"seconds": 5400})
    time.run()
    assert time.seconds_there() == [5400]
    time.jira.ask("PUT", place, {"timeSpentSeconds": 600})
    edit(time.member, row.pk, {"seconds": "2h"})
    time.run()
    row = again(row)
    assert (row.state, row.seconds, "it lasted 10m" in row.problem) == ("failed", 7200, True)
    assert time.seconds_there() == [600]
    retry(time.member, row.pk)
    time.run()
    assert (again(row).state, time.seconds_there()) == ("saved", [7200])


def test_what_was_deleted_in_jira_meanwhile_is_gone_once_it_is_given_up(time: OwnTime) -> None:
    row, other = time.saved(5400), time.saved(600, later=2)
    for each in (row, other):
        time.jira.ask("DELETE", f"issue/{time.issue}/worklog/{each.jira_id}")
    edit(time.member, row.pk, {"comment": "Precious"})
    move(time.member, other.pk, time.other)
    time.run()
    row = again(row)
    assert (row.state, row.comment, row.deleted_at) == ("failed", "Precious", None)
    retry(time.member, row.pk)
    time.run()
    assert again(row).state == "failed"
    for each in (row, other):
        discard(time.member, each.pk)
    assert own_range(time.member, NINE.date(), NINE.date()).worklogs == ()


def test_a_worklog_is_moved_with_all_that_it_says(time: OwnTime) -> None:
    row = time.saved(5400, "A **talk** about `code`")
    (made,) = time.there()
    move(time.member, row.pk, time.other)
    time.run()
    (arrived,) = time.there(time.other)
    assert time.there() == []
    same = ("timeSpentSeconds", "started", "comment")
    assert [arrived[name] for name in same] == [made[name] for name in same]
    assert (again(row).jira_id, again(row).issue.issue_id) == (arrived["id"], time.other)


def test_a_worklog_is_split_and_put_together_again(time: OwnTime) -> None:
    row = time.saved(7200, "Both")
    first, second = split(time.member, row.pk, "30m", issue=time.other)
    time.run()
    assert (time.seconds_there(), time.seconds_there(time.other)) == ([5400], [1800])
    assert again(second).started_at == NINE + timedelta(seconds=5400)
    assert {again(first).state, again(second).state} == {"saved"}
    undo(time.member, second.pk)
    time.run()
    assert (time.seconds_there(), time.seconds_there(time.other)) == ([7200], [])
    with pytest.raises(Invalid, match="split off"):
        split(time.member, row.pk, "2h")


def test_what_jira_refuses_is_kept_and_tried_again_or_given_up(time: OwnTime) -> None:
    time.jira.sim("POST", "settings", {"time_tracking": False})
    row = time.log(60, "Kept as typed")
    other = time.log(120)
    time.run()
    row = again(row)
    assert (row.state, row.comment) == ("failed", "Kept as typed")
    assert "disabled" in row.problem
    assert "try again" in row.hint
    with pytest.raises(Outdated):
        undo(time.member, row.pk)
    time.jira.sim("POST", "settings", {"time_tracking": True})
    edit(time.member, row.pk, {"seconds": 180})
    discard(time.member, other.pk)
    time.run()
    assert (again(row).state, time.seconds_there()) == ("saved", [180])
    assert not OwnWorklog.objects.filter(pk=other.pk).exists()


def test_only_whole_minutes_on_issues_that_are_seen(time: OwnTime) -> None:
    for seconds in (0, 59, 90, "soon"):
        with pytest.raises(Invalid):
            time.log(seconds)
    with pytest.raises(Invalid, match="shows no issue"):
        log(time.member, time.connection.pk, "NONE-1", NewOwn(started=NINE, seconds=60))
    with pytest.raises(NotFound):
        log(time.member, time.connection.pk + 9, time.issue, NewOwn(started=NINE, seconds=60))


def test_a_day_is_kept_by_the_clock(time: OwnTime) -> None:
    row = time.saved(60)
    edit(time.member, row.pk, {"day": date(2026, 3, 3)})
    time.run()
    assert again(row).started_at == NINE + timedelta(days=1)


def test_the_same_act_is_done_once_though_nobody_heard_of_it(time: OwnTime) -> None:
    how = How(act=Act(uuid4()))
    new = NewOwn(started=NINE, seconds=600)
    rows = [log(time.member, time.connection.pk, time.issue, new, how) for _ in range(2)]
    time.run()
    assert (rows[0].pk, time.seconds_there()) == (rows[1].pk, [600])
    how = How(act=Act(uuid4()))
    halves = [split(time.member, rows[0].pk, 60, how=how) for _ in range(2)]
    time.run()
    assert [row.pk for row in halves[0]] == [row.pk for row in halves[1]]
    assert time.seconds_there() == [540, 60]


def test_watchers_get_a_mail_only_where_it_is_wished_for(time: OwnTime) -> None:
    always = time.jira.sim("GET", "mails")
    is_cloud = time.connection.deployment == Deployment.CLOUD

    def mailed() -> list[str]:
        time.run()
        said = [each["worklog"] for each in time.jira.sim("GET", "mails")[len(always) :]]
        always.extend(said)
        return said

    new, told = NewOwn(started=NINE, seconds=600), How(notify=True)
    quiet = log(time.member, time.connection.pk, time.issue, new)
    assert mailed() == ([] if is_cloud else ["added"]), "Server asks nobody"
    edit(time.member, quiet.pk, {"seconds": 1200})
    assert mailed() == ([] if is_cloud else ["edited"])
    loud = log(time.member, time.connection.pk, time.issue, new, told)
    assert mailed() == ["added"]
    edit(time.member, loud.pk, {"seconds": 1200}, told)
    assert mailed() == ["edited"]
    delete(time.member, loud.pk, told)
    assert mailed() == ["deleted"]
    delete(time.member, quiet.pk)
    assert mailed() == ([] if is_cloud else ["deleted"])


def test_the_remaining_estimate_follows_as_asked(time: OwnTime) -> None:
    def remaining() -> int:
        return int(time.jira.get(time.issue)["timetracking"]["remainingEstimateSeconds"])

    def logged(adjusting: Adjusting, minutes: int | None = None) -> int:
        how = How(Estimate(adjusting, minutes))
        row = log(
            time.member, time.connection.pk, time.issue, NewOwn(started=NINE, seconds=60), how
        )
        time.run()
        return row.pk

    time.jira.edit(time.issue, timetracking={"originalEstimate": "10h", "remainingEstimate": "10h"})
    row = logged(Adjusting.LEAVE)
    assert remaining() == 36_000
    logged(Adjusting.AUTO)
    assert remaining() == 35_940
    reduced = logged(Adjusting.MANUAL, 60)
    assert remaining() == 32_340
    undo(time.member, reduced)
    time.run()
    assert remaining() == 35_940
    logged(Adjusting.NEW, 120)
    assert remaining() == 7_200
    with pytest.raises(Invalid, match="auto, leave, new"):
        edit(time.member, row, {"seconds": 120}, How(Estimate(Adjusting.MANUAL, 5)))
