"""Time on linked items: logged, edited and deleted on either side, under the right person, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from helpers.bound import Bound
from helpers.jirasim import Account
from helpers.own_name import as_a_member, own_connection, revoked
from helpers.worklogs import linked, logged_there, there

from duolog.connections.models import Health
from duolog.core.policy import ConflictPolicy
from duolog.core.worklogs import total
from duolog.people.models import Role
from duolog.sync.binding.services import Rules
from duolog.sync.inbox.settling import resolve
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.models import Worklog
from duolog.worklogs.own.turns import give_turns_back, take_turns
from duolog.worklogs.queries import list_worklogs
from duolog.worklogs.services import delete_worklog, edit_worklog, log_time
from duolog.workplace.actors import Actor
from duolog.workplace.models import WorkItem

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG = 200.0


def log(bound: Bound, item: WorkItem, comment: str = "A talk", **parts: Any) -> Worklog:
    new = NewWorklog(**{"started": NINE, "seconds": 1200, "comment": comment, **parts})
    return log_time(item.pk, new, actor=bound.me)


def edit_there(bound: Bound, issue: str, worklog: str, by: Account | None = None, **p: Any) -> None:
    bound.jira.ask("PUT", f"issue/{issue}/worklog/{worklog}", p, by=by)


def author_of(bound: Bound, worklog: dict[str, Any]) -> str:
    return str(worklog["author"]["accountId" if bound.jira.is_cloud else "key"])


def text_of(bound: Bound, worklog: dict[str, Any]) -> str:
    comment = worklog.get("comment") or ""
    return comment if isinstance(comment, str) else "".join(map(str, comment["content"]))


def lose_answer(bound: Bound, fault: str) -> None:
    match = {"method": "POST", "path": "*/worklog"}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": fault}])


def remaining(bound: Bound, issue: str) -> int:
    fields = bound.jira.ask("GET", f"issue/{issue}?fields=timetracking")["fields"]
    return int(fields["timetracking"]["remainingEstimateSeconds"])


def test_time_waits_until_nobody_else_logs_on_the_issue(bound: Bound) -> None:
    item, issue = linked(bound)
    site = bound.connection.base_url
    assert take_turns(site, [issue], "somebody")
    log(bound, item)
    bound.change(item, title="Goes at once, or with it")
    bound.run(within=5)
    assert there(bound, issue) == []
    give_turns_back("somebody")
    bound.run(within=60)
    assert len(there(bound, issue)) == 1
    assert take_turns(site, [issue], "somebody else")


def test_time_goes_both_ways_and_every_edit_of_it(bound: Bound) -> None:
    item, issue = linked(bound)
    own_connection(bound, bound.jira.people[1])
    mine = log(bound, item)
    bound.run(within=LONG)
    (sent,) = there(bound, issue)
    assert author_of(bound, sent) == bound.jira.people[1].account_id
    assert (sent["timeSpentSeconds"], sent["comment"]) == (1200, bound.jira.text("A talk"))

    edit_worklog(mine.pk, {"seconds": "45m"}, actor=bound.me)
    bound.run(within=LONG)
    (sent,) = there(bound, issue)
    assert (sent["timeSpentSeconds"], sent["comment"]) == (2700, bound.jira.text("A talk"))

    edit_there(bound, issue, sent["id"], timeSpentSeconds=60)
    bound.poll()
    mine.refresh_from_db()
    assert (mine.seconds, mine.comment, mine.member) == (60, "A talk", bound.owner)

    delete_worklog(mine.pk, actor=bound.me)
    bound.run(within=LONG)
    assert there(bound, issue) == []
    assert bound.link(item).state == "in_step"


def test_without_an_own_connection_the_service_account_names_the_person(bound: Bound) -> None:
    item, issue = linked(bound)
    mine, bare = log(bound, item), log(bound, item, "", started=NINE + timedelta(hours=1))
    bound.run(within=LONG)
    sent = there(bound, issue)
    assert {author_of(bound, each) for each in sent} == {bound.jira.service.account_id}
    assert all(f"{bound.owner.name} in Duolog:" in str(each["comment"]) for each in sent)
    bound.poll()
    edit_worklog(mine.pk, {"comment": "A walk"}, actor=bound.me)
    edit_worklog(bare.pk, {"seconds": 60}, actor=bound.me)
    bound.run(within=LONG)
    first, second = sorted(there(bound, issue), key=lambda each: str(each["started"]))
    assert "in Duolog:" in str(first["comment"])
    assert "A walk" in str(first["comment"])
    assert (second["timeSpentSeconds"], "in Duolog:" in str(second["comment"])) == (60, True)
    bare.refresh_from_db()
    assert bare.comment == ""


def test_what_was_logged_in_jira_stands_under_the_member_or_the_name(bound: Bound) -> None:
    item, issue = linked(bound)
    known, stranger = bound.jira.people[:2]
    theirs = logged_there(bound, issue, known, timeSpentSeconds=5400)
    logged_there(bound, issue, stranger, started="2026-03-03T09:00:00.000+0000")
    bound.poll()
    first, second = list_worklogs(item)
    assert (first.member, first.seconds, first.started_at) == (bound.maya, 5400, NINE)
    assert (second.member, second.author) == (None, stranger.name)
    assert first.comment == "Seen"
    bound.jira.ask("DELETE", f"issue/{issue}/worklog/{theirs}", by=known)
    bound.poll()
    assert [each.pk for each in list_worklogs(item)] == [second.pk]
    assert total(list_worklogs(item)) == 600


def test_an_edit_of_the_time_keeps_the_formatting_of_the_comment(bound: Bound) -> None:
    item, issue = linked(bound)
    own_connection(bound, bound.jira.people[0], owner=bound.maya)
    rich: Any = (
        {
            "type": "doc",
            "version": 1,
            "content": [
                {
                    "type": "paragraph",
                    "content": [
                        {
                            "type": "text",
                            "text": "Seen",
                            "marks": [{"type": "textColor", "attrs": {"color": "#ff5630"}}],
                        }
                    ],
                }
            ],
        }
        if bound.jira.is_cloud
        else "{color:#ff5630}Seen{color}"
    )
    logged_there(bound, issue, bound.jira.people[0], comment=rich)
    bound.poll()
    (entry,) = list_worklogs(item)
    edit_worklog(entry.pk, {"seconds": 1800}, actor=Actor.of(bound.maya))
    bound.run(within=LONG)
    (kept,) = there(bound, issue)
    assert (kept["timeSpentSeconds"], kept["comment"]) == (1800, rich)
    assert author_of(bound, {"author": kept["updateAuthor"]}) == bound.jira.people[0].account_id
    edit_worklog(entry.pk, {"comment": ""}, actor=Actor.of(bound.maya))
    bound.run(within=LONG)
    assert not text_of(bound, there(bound, issue)[0])
    assert there(bound, issue)[0]["timeSpentSeconds"] == 1800


def test_an_edit_on_each_side_is_one_entry_with_both(bound: Bound) -> None:
    item, issue = linked(bound)
    own_connection(bound, bound.jira.people[1])
    mine = log(bound, item)
    bound.run(within=LONG)
    (sent,) = there(bound, issue)
    edit_worklog(mine.pk, {"seconds": 60}, actor=bound.me)
    edit_there(bound, issue, sent["id"], comment=bound.jira.text("A walk"))
    bound.run(within=LONG)
    mine.refresh_from_db()
    assert (mine.seconds, mine.comment) == (60, "A walk")
    (sent,) = there(bound, issue)
    assert (sent["timeSpentSeconds"], sent["comment"]) == (60, bound.jira.text("A walk"))
    assert bound.link(item).state == "in_step"


@pytest.mark.parametrize(("choice", "left"), [("here", 0), ("jira", 1)])
def test_deleted_here_and_edited_in_jira_is_for_a_person(
    bound: Bound, choice: Any, left: int
) -> None:
    item, issue = linked(bound)
    own_connection(bound, bound.jira.people[1])
    mine = log(bound, item)
    bound.run(within=LONG)
    delete_worklog(mine.pk, actor=bound.me)
    edit_there(bound, issue, there(bound, issue)[0]["id"], timeSpentSeconds=60)
    bound.run(within=LONG)
    link = bound.link(item)
    assert link.state == "conflict"
    resolve(bound.owner, link, {f"worklog/{link.conflicts.get().key}": choice})
    bound.run(within=LONG)
    bound.poll()
    assert len(there(bound, issue)) == len(list_worklogs(item)) == left
    assert [each.seconds for each in list_worklogs(item)] == [60] * left
    assert bound.link(item).state == "in_step"


@pytest.mark.parametrize("policy", [ConflictPolicy.JIRA_WINS, ConflictPolicy.DUOLOG_WINS])
def test_deleted_in_jira_and_edited_here(bound: Bound, policy: ConflictPolicy) -> None:
    item, issue = linked(bound, Rules(conflict_policy=policy))
    own_connection(bound, bound.jira.people[1])
    mine = log(bound, item)
    bound.run(within=LONG)
    bound.jira.ask("DELETE", f"issue/{issue}/worklog/{there(bound, issue)[0]['id']}")
    edit_worklog(mine.pk, {"seconds": 60}, actor=bound.me)
    bound.run(within=LONG)
    bound.poll()
    left = [60] if policy is ConflictPolicy.DUOLOG_WINS else []
    assert [each.seconds for each in list_worklogs(item)] == left
    assert [each["timeSpentSeconds"] for each in there(bound, issue)] == left
    assert bound.link(item).state == "in_step"


@pytest.mark.parametrize("in_own_name", [True, False])
@pytest.mark.parametrize("fault", ["cut_before", "cut_after", "status_before", "status_after"])
def test_time_whose_answer_is_lost_is_logged_once(
    bound: Bound, fault: str, in_own_name: bool
) -> None:
    item, issue = linked(bound)
    if in_own_name:
        own_connection(bound, bound.jira.people[1])
    lose_answer(bound, fault)
    mine = log(bound, item)
    bound.run(within=LONG)
    edit_worklog(mine.pk, {"seconds": 60}, actor=bound.me)
    bound.run(within=LONG)
    assert [each["timeSpentSeconds"] for each in there(bound, issue)] == [60]
    assert len(list_worklogs(item)) == 1
    assert bound.link(item).state == "in_step"


def test_an_edit_between_a_lost_answer_and_the_next_look_makes_no_second(bound: Bound) -> None:
    item, issue = linked(bound)
    lose_answer(bound, "cut_after")
    mine = log(bound, item)
    bound.run()
    edit_worklog(mine.pk, {"seconds": 60, "comment": "A walk"}, actor=bound.me)
    bound.run(within=LONG)
    (only,) = there(bound, issue)
    assert (only["timeSpentSeconds"], "A walk" in str(only["comment"])) == (60, True)


def test_two_equal_entries_on_purpose_stay_two(bound: Bound) -> None:
    item, issue = linked(bound)
    own_connection(bound, bound.jira.people[1])
    lose_answer(bound, "cut_after")
    log(bound, item), log(bound, item)
    bound.run(within=LONG)
    bound.poll()
    assert [each["timeSpentSeconds"] for each in there(bound, issue)] == [1200, 1200]
    assert len(list_worklogs(item)) == 2
    assert bound.link(item).state == "in_step"


def test_a_credential_that_ended_leaves_one_entry_by_the_service_account(bound: Bound) -> None:
    item, issue = linked(bound)
    own = own_connection(bound, bound.jira.people[1])
    with revoked(bound.jira, bound.jira.people[1]):
        log(bound, item)
        bound.run(within=LONG)
    own.refresh_from_db()
    assert own.health == Health.ATTENTION
    (sent,) = there(bound, issue)
    assert author_of(bound, sent) == bound.jira.service.account_id
    assert f"{bound.owner.name} in Duolog:" in str(sent["comment"])


def test_somebody_elses_time_that_jira_guards_is_held_with_words(bound: Bound) -> None:
    item, issue = linked(bound)
    person = bound.jira.people[0]
    logged_there(bound, issue, person)
    bound.poll()
    (entry,) = list_worklogs(item)
    with as_a_member(bound.jira):
        edit_worklog(entry.pk, {"seconds": 60}, actor=Actor.of(bound.maya))
        bound.run(within=LONG)
        link = bound.link(item)
        assert link.state == "held"
        (hold,) = link.holds.filter(released_at=None)
        assert "connect their own Jira account" in hold.hint
        own_connection(bound, person, owner=bound.maya)
        edit_worklog(entry.pk, {"seconds": 120}, actor=Actor.of(bound.maya))
        bound.run(within=LONG)
    assert there(bound, issue)[0]["timeSpentSeconds"] == 120
    assert bound.link(item).state == "in_step"


def test_an_admin_deletes_in_nobodys_name(bound: Bound) -> None:
    item, issue = linked(bound)
    own_connection(bound, bound.jira.people[0], owner=bound.maya)
    new = NewWorklog(started=NINE, seconds=1200)
    theirs = log_time(item.pk, new, actor=Actor.of(bound.maya))
    bound.run(within=LONG)
    assert bound.owner.role == Role.OWNER
    with as_a_member(bound.jira):
        delete_worklog(theirs.pk, actor=bound.me)
        bound.run(within=LONG)
        assert len(there(bound, issue)) == 1
        assert bound.link(item).state == "held"


def test_more_worklogs_than_an_issue_shows_arrive_whole(bound: Bound) -> None:
    item, issue = linked(bound)
    for minute in range(1, 24):
        logged_there(bound, issue, timeSpentSeconds=60 * minute)
    bound.poll()
    assert total(list_worklogs(item)) == 60 * sum(range(1, 24))
    logged_there(bound, issue, timeSpentSeconds=6000)
    fault = {
        "match": {"method": "GET", "path": f"*/issue/{issue}/worklog"},
        "fault": "status_before",
    }
    bound.jira.sim("POST", "faults", [fault])
    bound.poll()
    assert len(list_worklogs(item)) == 23  # what could not be read whole is not taken for gone
    bound.run(within=LONG)
    assert len(list_worklogs(item)) == 24


def test_restricted_time_does_not_cross(bound: Bound) -> None:
    item, issue = linked(bound)
    hidden = {"visibility": {"type": "role", "value": "Administrator"}}
    logged_there(bound, issue, bound.jira.service, **hidden)
    bound.poll()
    assert list_worklogs(item) == ()


def test_the_remaining_estimate_is_moved_once_whoever_logs(bound: Bound) -> None:
    item, issue = linked(bound)
    time = {"timetracking": {"remainingEstimate": "5h"}}
    bound.jira.ask("PUT", f"issue/{issue}", {"fields": time}, by=bound.jira.service)
    bound.poll()

    def remains(seconds: int) -> bool:
        bound.run(within=LONG)
        item.refresh_from_db()
        return remaining(bound, issue) == item.remaining_seconds == seconds

    mine = log(bound, item)
    assert remains(18000 - 1200)
    edit_worklog(mine.pk, {"seconds": 60}, actor=bound.me)
    assert remains(18000 - 60)
    delete_worklog(mine.pk, actor=bound.me)
    assert remains(18000)
    logged_there(bound, issue)
    bound.poll()
    assert remains(18000 - 600)


def test_the_day_of_a_changed_clock_and_the_exact_seconds_are_kept(bound: Bound) -> None:
    item, issue = linked(bound)
    berlin = ZoneInfo("Europe/Berlin")
    night = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=berlin)
    mine = log(bound, item, started=night, zone="Europe/Berlin")
    bound.run(within=LONG)
    bound.poll()
    mine.refresh_from_db()
    assert mine.started_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert (mine.day.isoformat(), mine.zone) == ("2026-10-25", "Europe/Berlin")
    started = datetime.fromisoformat(there(bound, issue)[0]["started"])
    assert started == mine.started_at


def test_calls_that_time_costs(bound: Bound) -> None:
    item, _ = linked(bound)
    rest = f"{bound.jira.rest}/issue/{{id}}"
    bound.jira.reset()
    mine = log(bound, item)
    bound.run(within=LONG)
    assert bound.jira.calls() == {f"GET {rest}": 1, f"POST {rest}/worklog": 1}
    bound.jira.reset()
    edit_worklog(mine.pk, {"seconds": 60, "comment": "A walk"}, actor=bound.me)
    bound.run(within=LONG)
    assert bound.jira.calls() == {f"GET {rest}": 1, f"PUT {rest}/worklog/{{worklog_id}}": 1}
