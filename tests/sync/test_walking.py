"""Statuses several transitions away: the way is known before the first step, and never lost.

The project LIN goes line by line, To Do → In Progress → In Review → Done, with a screen that wants
a resolution before the end; nothing leaves Done.
"""

from __future__ import annotations

import pytest
from helpers.bound import Bound
from helpers.jirasim import Jira
from helpers.killed import killed_at
from helpers.receiver import receiving

from duolog.connections.models import Connection
from duolog.connections.webhooks import EVENTS, make_webhook
from duolog.sync.binding.services import Wish, bind_team, change_mapping, retry
from duolog.sync.models import Conflict, Hold, JournalEntry, Link
from duolog.sync.shown.queries import inbox
from duolog.work.queue import release_leases
from duolog.workplace.models import WorkItem

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
LINE = "LIN"
STEP = "*/issue/{id}/transitions"
LONGEST_LAG = 130.0
SECRET = "between Jira and us"


def sample(jira: Jira, status: str) -> str:
    """An issue of somebody else's that stands in this status of the line."""
    issue = jira.create(f"Stands in {status}", project={"key": LINE})
    for step in ("In Progress", "In Review"):
        if jira.get(issue)["status"]["name"] != status:
            jira.move(issue, step)
    return issue


def on_the_line(bound: Bound) -> tuple[WorkItem, str]:
    """An item in step with an issue at the beginning of a line that is known whole."""
    for status in ("In Progress", "In Review"):
        sample(bound.jira, status)
    item = bound.item("Along the line")
    bind_to(bound, LINE)
    return item, str(bound.link(item).issue_id)


def bind_to(bound: Bound, project: str) -> None:
    bound.binding = bind_team(bound.owner, bound.team, Wish(bound.connection, project))
    bound.run()


def stands(bound: Bound, issue: str) -> str:
    return str(bound.jira.get(issue)["status"]["name"])


def the_hold(bound: Bound, item: WorkItem) -> Hold:
    assert bound.link(item).state == "held", bound.link(item).state
    return Hold.objects.get(link=bound.link(item), released_at=None)


def steps_of(bound: Bound) -> int:
    return bound.jira.calls().get(f"POST {bound.jira.rest}/issue/{{id}}/transitions", 0)


def reads_of(bound: Bound) -> int:
    calls = bound.jira.calls()
    return sum(count for call, count in calls.items() if call.startswith("GET") or "search" in call)


def test_a_status_three_steps_away_is_reached_and_its_screen_filled(bound: Bound) -> None:
    item, issue = on_the_line(bound)
    bound.change(item, status="Done")
    bound.run()
    assert stands(bound, issue) == "Done"
    assert bound.jira.get(issue)["resolution"]["name"] == "Done"
    assert bound.link(item).state == "in_step"
    bound.poll()
    item.refresh_from_db()
    assert item.status.name == "Done"
    assert not Conflict.objects.exists()


def test_two_steps_away_costs_two_writes_and_two_reads_once_the_way_is_known(bound: Bound) -> None:
    first, _ = on_the_line(bound)
    bound.change(first, status="In review")
    bound.run()
    item = bound.item("The second of its kind")
    bound.run()
    bound.jira.reset()
    bound.change(item, status="In review")
    bound.run()
    assert steps_of(bound) == 2
    assert reads_of(bound) <= 2
    assert bound.link(item).state == "in_step"


def test_a_kill_at_every_effect_of_three_steps_leaves_nothing_half_done(bound: Bound) -> None:
    on_the_line(bound)
    effect = 0
    while True:
        effect += 1
        item = bound.item(f"Killed at {effect}")
        bound.run()
        bound.change(item, status="Done")
        killed = killed_at(effect, bound.run)
        release_leases()
        bound.run(within=LONGEST_LAG)
        item.refresh_from_db()
        assert item.status.name == "Done"
        assert stands(bound, str(bound.link(item).issue_id)) == "Done"
        assert bound.link(item).state == "in_step", bound.link(item).reason
        assert not Conflict.objects.exists()
        assert not JournalEntry.objects.filter(
            link=bound.link(item), side="local", key="status"
        ).exists()
        if not killed:
            break
    assert effect > 6


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_lost_answer_is_looked_after_before_a_step_is_repeated(bound: Bound, lost: int) -> None:
    item, issue = on_the_line(bound)
    bound.change(item, status="In review")
    bound.run()  # the way is known from here on
    other = bound.item("Answers are lost")
    bound.run()
    issue = str(bound.link(other).issue_id)
    bound.jira.reset()
    match = {"method": "POST", "path": STEP, "nth": lost}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": "cut_after"}])
    bound.change(other, status="Done")
    bound.run(within=LONGEST_LAG)
    assert stands(bound, issue) == "Done"
    assert steps_of(bound) == 3, "no step was taken twice"
    assert bound.link(other).state == "in_step"
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_an_answer_cut_before_the_step_is_taken_again_from_where_it_stands(
    bound: Bound, lost: int
) -> None:
    item, issue = on_the_line(bound)
    match = {"method": "POST", "path": STEP, "nth": lost}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": "status_before", "status": 503}])
    bound.change(item, status="Done")
    bound.run(within=LONGEST_LAG)
    item.refresh_from_db()
    assert (stands(bound, issue), item.status.name) == ("Done", "Done")
    assert bound.link(item).state == "in_step"
    assert not Conflict.objects.exists()


def refuse_from(bound: Bound, nth: int) -> None:
    """Jira refuses every step from this one on, in words of its own."""
    match = {"method": "POST", "path": STEP, "nth": nth}
    body = {"errorMessages": ["Nobody moves today."], "errors": {}}
    fault = {"match": match, "fault": "status_before", "status": 400, "body": body, "times": 50}
    bound.jira.sim("POST", "faults", [fault])


def test_a_walk_refused_half_way_says_where_the_issue_stands_and_is_nobodys_edit(
    bound: Bound,
) -> None:
    item, issue = on_the_line(bound)
    refuse_from(bound, 2)
    bound.change(item, status="Done")
    bound.run()
    hold = the_hold(bound, item)
    assert hold.slot_key == "status"
    assert "stands at In Progress, and Done was wanted" in hold.reason
    assert "Nobody moves today" in hold.reason
    bound.poll()
    item.refresh_from_db()
    assert item.status.name == "Done", "half a walk must not come back as Jira's edit"
    assert not Conflict.objects.exists()
    bound.jira.reset()
    retry(bound.owner, the_hold(bound, item))
    bound.run()
    assert stands(bound, issue) == "Done"
    assert bound.link(item).state == "in_step"


def test_a_person_who_moves_a_half_walked_issue_is_heard(bound: Bound) -> None:
    item, issue = on_the_line(bound)
    refuse_from(bound, 2)
    bound.change(item, status="Done")
    bound.run()
    bound.jira.reset()
    bound.jira.move(issue, "In Review")
    bound.poll()
    assert Conflict.objects.filter(key="status", settled_at=None).exists()
    assert bound.link(item).state in {"held", "conflict"}


def test_a_person_may_finish_the_walk_by_hand(bound: Bound) -> None:
    item, issue = on_the_line(bound)
    refuse_from(bound, 3)
    bound.change(item, status="Done")
    bound.run()
    bound.jira.reset()
    assert "stands at In Review" in the_hold(bound, item).reason
    steps = bound.jira.ask("GET", f"issue/{issue}/transitions")["transitions"]
    done = {"transition": {"id": next(s["id"] for s in steps if s["to"]["name"] == "Done")}}
    filled = {"fields": {"resolution": {"name": "Done"}}}
    bound.jira.ask("POST", f"issue/{issue}/transitions", done | filled)
    bound.poll()
    assert bound.link(item).state == "in_step"
    assert not inbox(bound.workplace)


def test_whoever_gives_the_old_status_back_after_half_a_walk_is_not_taken_for_in_step(
    bound: Bound,
) -> None:
    item, issue = on_the_line(bound)
    refuse_from(bound, 2)
    bound.change(item, status="Done")
    bound.run()
    bound.jira.reset()
    bound.change(item, status="To do")
    bound.run()
    assert stands(bound, issue) == "In Progress"
    assert "stands at In Progress, and To Do was wanted" in the_hold(bound, item).reason


def test_without_a_path_nothing_is_moved_and_the_reason_names_what_can_be_reached(
    bound: Bound,
) -> None:
    item, issue = on_the_line(bound)
    bound.change(item, status="Done", priority="urgent")
    bound.run()
    bound.jira.reset()
    bound.change(item, status="In progress", title="Renamed all the same")
    bound.run()
    hold = the_hold(bound, item)
    assert "Jira's workflow has no way to this status" in hold.reason
    assert "no other status" in hold.reason
    assert steps_of(bound) == 0
    there = bound.jira.get(issue)
    assert (there["summary"], there["status"]["name"]) == ("Renamed all the same", "Done")


def test_a_workflow_nobody_has_seen_is_not_tried_out_on_the_issue(bound: Bound) -> None:
    report = {**bound.connection.report, "is_administrator": False}
    Connection.objects.update(report=report)
    item = bound.item("The first one here")
    bind_to(bound, LINE)
    issue = str(bound.link(item).issue_id)
    bound.change(item, status="In review")
    bound.run()
    assert stands(bound, issue) == "To Do"
    hold = the_hold(bound, item)
    assert "nobody knows what leads out of" in hold.reason
    assert "In Progress" in hold.reason


def test_an_administrator_of_cloud_reads_the_workflow_that_nobody_has_seen(bound: Bound) -> None:
    if not bound.jira.is_cloud:
        pytest.skip("Server tells nobody")
    item = bound.item("The first one here")
    bind_to(bound, LINE)
    bound.change(item, status="Done")
    bound.run()
    assert stands(bound, str(bound.link(item).issue_id)) == "Done"
    assert bound.link(item).state == "in_step"


def test_a_transition_with_a_screen_says_what_it_asks_for_and_takes_it_from_the_mapping(
    bound: Bound,
) -> None:
    item = bound.item("Guarded", assignee=bound.maya)
    bind_to(bound, "FLOW")
    issue = str(bound.link(item).issue_id)
    bound.change(item, status="In progress")
    bound.run()
    bound.change(item, status="In review")
    bound.run()
    hold = the_hold(bound, item)
    assert stands(bound, issue) == "In Progress"
    assert hold.hint
    assert bound.binding is not None
    steps = bound.jira.ask("GET", f"issue/{issue}/transitions?expand=transitions.fields")
    asked = next(s["fields"] for s in steps["transitions"] if s["id"] == "22")
    (key,) = (key for key, field in asked.items() if field["required"])
    assert asked[key]["name"] in hold.reason
    change_mapping(bound.owner, bound.binding, {"screens": {"out": {key: "REV-1"}, "in": {}}})
    bound.run()
    assert stands(bound, issue) == "In Review"
    assert bound.jira.get(issue)[key] == "REV-1"
    assert bound.link(item).state == "in_step", bound.link(item).reason


def test_an_unmapped_status_stays_on_each_side_and_is_said(bound: Bound) -> None:
    item, issue = on_the_line(bound)
    assert bound.binding is not None
    statuses = {
        way: {
            k: v
            for k, v in rows.items()
            if str(item.team.statuses.get(name="Done").pk) not in (k, v)
        }
        for way, rows in bound.binding.mapping["statuses"].items()
    }
    change_mapping(bound.owner, bound.binding, {"statuses": statuses})
    bound.run()
    bound.change(item, status="Done")
    bound.run()
    assert stands(bound, issue) == "To Do"
    assert bound.link(item).state == "differs"
    assert "status" in bound.link(item).reason


def test_the_echo_of_three_steps_costs_nothing(bound: Bound) -> None:
    with receiving() as address:
        make_webhook(bound.connection, secret=SECRET)
        hook = f"{address}/{bound.connection.webhook_hash}"
        bound.jira.register_webhook(hook, EVENTS, SECRET)
        item, _ = on_the_line(bound)
        bound.jira.wait_for_deliveries()
        bound.run()
        bound.change(item, status="Done")
        bound.run()
        bound.jira.wait_for_deliveries()
        bound.jira.reset()
        bound.run()
        assert bound.jira.calls() == {}
        assert Link.objects.get(work_item=item).state == "in_step"
