"""Deliveries: genuine ones are hints, echoes cost nothing, and losing them loses nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.jirasim import Jira
from helpers.receiver import receiving

from duolog.connections.webhooks import EVENTS, make_webhook
from duolog.core.lifecycle import OnDelete
from duolog.sync.binding.rules import Rules
from duolog.sync.binding.services import sweep_now
from duolog.sync.models import Delivery, Link
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.services import delete_worklog, log_time
from duolog.workplace.models import Activity, Comment, WorkItem
from duolog.workplace.services.comments import add_comment, delete_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
SECRET = "between Jira and us"


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    """A team whose connection has a webhook that the simulator delivers to."""
    with a_bound_team(jira) as bound, receiving() as address:
        make_webhook(bound.connection, secret=SECRET)
        jira.register_webhook(f"{address}/{bound.connection.webhook_hash}", EVENTS, SECRET)
        yield bound
        jira.sim("POST", "webhooks/policy", {})
        jira.wait_for_deliveries()


def test_an_edit_in_jira_arrives_by_webhook_with_one_read(bound: Bound) -> None:
    item = bound.item("Before")
    bound.bind()
    bound.jira.wait_for_deliveries()
    bound.run()
    bound.jira.edit(str(bound.link(item).issue_id), summary="After")
    bound.jira.wait_for_deliveries()
    bound.jira.reset()
    bound.run()
    item.refresh_from_db()
    assert item.title == "After"
    assert bound.jira.calls() == {f"GET {bound.jira.rest}/issue/{{id}}": 1}


def test_an_edit_here_costs_one_read_and_one_write_and_its_echo_nothing(bound: Bound) -> None:
    item = bound.item("Before")
    bound.bind()
    bound.jira.wait_for_deliveries()
    bound.run()
    bound.jira.reset()
    bound.change(item, title="After", priority="low", labels=["a", "b"], due_on="2027-01-01")
    bound.run()
    calls = bound.jira.calls()
    issue = f"{bound.jira.rest}/issue/{{id}}"
    assert calls == {f"GET {issue}": 1 if bound.jira.is_cloud else 2, f"PUT {issue}": 1}
    bound.jira.wait_for_deliveries()
    bound.jira.reset()
    bound.run()
    assert bound.jira.calls() == {}


@pytest.mark.parametrize(
    "what", ["a comment", "a status", "a deleted comment", "time", "deleted time"]
)
def test_the_echo_of_what_bears_no_stamp_costs_nothing_either(bound: Bound, what: str) -> None:
    item = bound.item("Quiet")
    comment = add_comment(item.pk, "To go", actor=bound.me)
    spent = NewWorklog(started="2026-03-02T09:00:00+00:00", seconds=600)
    entry = log_time(item.pk, spent, actor=bound.me)
    bound.bind()
    bound.jira.wait_for_deliveries()
    bound.run()
    if what == "a comment":
        add_comment(item.pk, "New", actor=bound.me)
    elif what == "a status":
        bound.change(item, status="In progress")
    elif what == "time":
        log_time(item.pk, spent, actor=bound.me)
    elif what == "deleted time":
        delete_worklog(entry.pk, actor=bound.me)
    else:
        delete_comment(comment.pk, actor=bound.me)
    bound.run()
    bound.jira.wait_for_deliveries()
    bound.jira.reset()
    bound.run()
    assert bound.jira.calls() == {}
    assert not Delivery.objects.filter(taken_at=None).exists()


def test_a_new_issue_is_taken_in_once_however_often_it_is_told(bound: Bound) -> None:
    bound.bind()
    bound.jira.sim("POST", "webhooks/policy", {"duplicate": 1.0})
    issue = bound.jira.create("Only once")
    bound.jira.comment(issue, "And this")
    bound.jira.wait_for_deliveries()
    bound.run(within=10)
    assert WorkItem.objects.count() == 1
    assert Comment.objects.count() == 1
    assert bound.link(bound.item_of(issue)).state == "in_step"


def test_a_deletion_told_by_jira_needs_no_further_proof(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    bound.jira.delete(str(bound.link(item).issue_id))
    bound.jira.wait_for_deliveries()
    bound.run()
    assert bound.link(item).state == "held"


@pytest.mark.timeout(600)
def test_whoever_hides_an_issue_is_not_said_to_have_deleted_it(bound: Bound) -> None:
    issue = bound.jira.create("Hidden")
    bound.bind(Rules(on_delete_here=OnDelete.DELETE))
    bound.jira.wait_for_deliveries()
    bound.run(within=60)
    item = bound.item_of(issue)
    with bound.jira.service_as_a_member(bound.jira.project_key):
        bound.jira.edit(issue, security={"name": "Administrators and reporter"})
        bound.jira.wait_for_deliveries()
        bound.run(within=60)
    assert bound.link(item).state == "ended"
    assert Activity.objects.get(work_item=item, verb="deleted").actor_name == "Jira"


def test_a_thousand_deliveries_lost_doubled_and_shuffled_leave_both_sides_equal(
    bound: Bound,
) -> None:
    for number in range(20):
        bound.item(f"Item {number}")
    binding = bound.bind()
    bound.jira.sim(
        "POST", "webhooks/policy", {"loss": 0.1, "duplicate": 0.1, "reorder": 1.0, "seed": 7}
    )
    dice = random.Random(7)
    issues = [str(pk) for pk in Link.objects.values_list("issue_id", flat=True)]
    for number in range(900):
        issue = dice.choice(issues)
        match dice.randrange(4):
            case 0:
                bound.jira.edit(issue, summary=f"Title {number}")
            case 1:
                bound.jira.comment(issue, f"Comment {number}")
            case 2:
                bound.jira.edit(issue, labels=[f"l{dice.randrange(5)}"])
            case _:
                bound.jira.edit(issue, duedate=f"2027-01-{dice.randrange(28) + 1:02d}")
        if number % 100 == 0:
            bound.run()
    bound.jira.wait_for_deliveries()
    bound.run()
    bound.poll()
    sweep_now(bound.owner, binding)
    bound.run()
    assert Delivery.objects.count() > 500
    for issue in bound.jira.issues(bound.jira.project_key):
        item, fields = bound.item_of(str(issue["id"])), issue["fields"]
        assert (item.title, str(item.due_on or "")) == (
            fields["summary"],
            fields["duedate"] or "",
        )
        assert sorted(label.name for label in item.labels.all()) == sorted(fields["labels"])
        assert item.comments.filter(deleted_at=None).count() == fields["comment"]["total"]
        assert bound.link(item).state == "in_step"
