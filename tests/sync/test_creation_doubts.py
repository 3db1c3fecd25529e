"""Issues being created while answers are lost, clocks disagree, and people delete or restore."""

from __future__ import annotations

import pytest
from django.utils import timezone
from helpers.bound import Bound
from helpers.builders import a_team
from helpers.interleaved import just_after

from duolog.sync.binding.services import Wish, bind_team, sweep_now
from duolog.sync.models import Hold, Link, Start, StatusExits
from duolog.sync.shown.progress import progress
from duolog.work.clock import shifted
from duolog.workplace.models import WorkItem
from duolog.workplace.services.comments import add_comment
from duolog.workplace.services.trash import delete_item, restore_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
LONGEST_LAG = 300.0
CREATION = "POST", "/issue/bulk"


def issues(bound: Bound) -> list[str]:
    return [str(issue["id"]) for issue in bound.jira.issues(bound.jira.project_key)]


def test_a_lost_answer_makes_no_second_issue_though_our_clock_is_an_hour_ahead(
    bound: Bound,
) -> None:
    bound.bind()
    bound.jira.sim("POST", "faults", [{"match": {"path": "*/issue/bulk"}, "fault": "cut_after"}])
    with shifted(3600):
        item = bound.item("Once")
        bound.run(within=LONGEST_LAG)
    assert len(issues(bound)) == 1
    assert bound.link(item).state == "in_step"


def test_an_issue_deleted_before_it_was_read_back_stops_nobody_else(bound: Bound) -> None:
    bound.bind()
    first = bound.item("Short life")
    with just_after(*CREATION, lambda: bound.jira.delete(issues(bound)[0])):
        bound.run()
    other = bound.item("Long life")
    bound.run(within=LONGEST_LAG)
    assert bound.link(other).state == "in_step"
    assert bound.link(first).state == "held"
    assert "deleted in Jira" in bound.link(first).reason


def test_an_item_deleted_while_its_issue_was_created_asks_and_can_come_back(bound: Bound) -> None:
    bound.bind()
    item = bound.item("Changed my mind")
    with just_after(*CREATION, lambda: delete_item(item.pk, actor=bound.me)):
        bound.run()
    assert bound.link(item).state == "held"
    assert len(issues(bound)) == 1
    restore_item(item.pk, actor=bound.me)
    bound.run()
    assert bound.link(item).state == "in_step"
    assert not Hold.objects.filter(released_at=None).exists()
    assert len(issues(bound)) == 1


def test_an_item_deleted_before_it_was_sent_is_waited_for_no_more(bound: Bound) -> None:
    binding = bound.bind()
    item = bound.item("Never sent")
    fails = {"match": {"path": "*/issue/bulk"}, "fault": "status_before", "times": 9}
    bound.jira.sim("POST", "faults", [fails])
    bound.run()
    delete_item(item.pk, actor=bound.me)
    bound.jira.sim("POST", "faults", [])
    bound.run(within=LONGEST_LAG)
    shown = progress(binding)
    assert (shown.waiting, shown.is_running) == (0, False)
    restore_item(item.pk, actor=bound.me)
    bound.run()
    assert bound.link(item).state == "in_step"


def stands(bound: Bound, item: WorkItem) -> tuple[str, str]:
    item.refresh_from_db()
    there = bound.jira.get(str(bound.link(item).issue_id))["status"]["name"]
    return item.status.name, there


@pytest.mark.parametrize(
    ("status", "state", "here"),
    [
        pytest.param("Backlog", "in_step", "In progress", id="which was where it was born"),
        pytest.param("To do", "conflict", "To do", id="which was still to be moved itself"),
    ],
)
def test_an_issue_moved_before_it_was_read_back_is_not_moved_back_for_its_item(
    bound: Bound, status: str, state: str, here: str
) -> None:
    bound.item("The first of its type")
    binding = bound.bind()
    item = bound.item("Moved at once", status=status)

    def move() -> None:
        made = bound.jira.issues(binding.jira_project_key)
        (issue,) = (it["id"] for it in made if it["fields"]["summary"] == item.title)
        bound.jira.move(issue, "In Progress")

    with just_after(*CREATION, move):
        bound.run()
    bound.run(within=LONGEST_LAG)
    assert stands(bound, item) == (here, "In Progress")
    assert bound.link(item).state == state


def test_an_issue_moved_before_its_workflow_was_learnt_tells_where_it_was_born(
    bound: Bound,
) -> None:
    binding = bound.bind()
    bound.item("The first of its type", status="Backlog")

    def move() -> None:
        (issue,) = bound.jira.issues(binding.jira_project_key)
        bound.jira.move(issue["id"], "In Progress")

    with just_after(*CREATION, move):
        bound.run()
    item = bound.item("The second", status="In progress")
    bound.run(within=LONGEST_LAG)
    assert stands(bound, item) == ("In progress", "In Progress")
    assert bound.link(item).state == "in_step"


def test_a_workflow_that_begins_elsewhere_by_now_moves_no_item(bound: Bound) -> None:
    bound.item("The first of its type")
    bound.bind()
    started = StatusExits.objects.filter(is_start=True)
    before = set(started.values_list("status", flat=True))
    started.update(is_start=False)
    known = bound.jira.ask("GET", "status", by=bound.jira.service)
    StatusExits.objects.update_or_create(
        binding=bound.binding,
        issue_type=StatusExits.objects.values_list("issue_type", flat=True)[0],
        status=next(it["id"] for it in known if it["name"] == "In Progress"),
        defaults={"is_start": True, "read_at": timezone.now()},
    )
    item = bound.item("Made when it began elsewhere", status="In progress")
    bound.run(within=LONGEST_LAG)
    assert stands(bound, item) == ("In progress", "In Progress")
    assert bound.link(item).state == "in_step"
    assert set(started.values_list("status", flat=True)) == before


def test_an_item_moved_on_before_its_issue_was_read_back_takes_it_along(bound: Bound) -> None:
    bound.item("The first of its type")
    bound.bind()
    item = bound.item("Moved on", status="In progress")
    with just_after(*CREATION, lambda: bound.change(item, status="Done")):
        bound.run()
    bound.run(within=LONGEST_LAG)
    assert stands(bound, item) == ("Done", "Done")
    assert bound.link(item).state == "in_step"


def test_an_item_restored_before_it_was_sent_is_sent(bound: Bound) -> None:
    bound.bind()
    item = bound.item("There and back")
    delete_item(item.pk, actor=bound.me)
    bound.run()
    restore_item(item.pk, actor=bound.me)
    bound.run()
    assert bound.link(item).state == "in_step"


def test_an_issue_has_one_home_though_two_teams_share_its_space(bound: Bound) -> None:
    bound.bind()
    other = a_team(bound.workplace, name="Second", key_prefix="SEC")
    bind_team(bound.owner, other, Wish(bound.connection, bound.jira.project_key))
    bound.run()
    bound.item("From here")
    bound.jira.create("From there")
    bound.run()
    bound.poll()
    for binding in other.bindings.all():
        sweep_now(bound.owner, binding)
    bound.run(within=LONGEST_LAG)
    assert WorkItem.objects.count() == 2
    assert len(issues(bound)) == 2
    assert Link.objects.count() == 2


def test_a_sweep_leaves_old_issues_where_only_what_changes_is_wanted(bound: Bound) -> None:
    old = bound.jira.create("From long ago")
    binding = bound.bind(start=Start.FROM_NOW_ON)
    sweep_now(bound.owner, binding)
    bound.run()
    bound.poll()
    assert not WorkItem.objects.exists()
    bound.jira.edit(old, summary="Touched now")
    bound.poll()
    assert bound.item_of(old).title == "Touched now"


def test_what_keeps_one_item_does_not_hold_up_a_send_or_slow_it_down(bound: Bound) -> None:
    for number in range(20):
        add_comment(bound.item(f"Number {number}").pk, "Said", actor=bound.me)
    bound.binding = bind_team(
        bound.owner, bound.team, Wish(bound.connection, bound.jira.project_key)
    )
    fails = [
        {"match": {"method": "POST", "path": "*/comment", "nth": nth}, "fault": "status_before"}
        for nth in range(2, 20, 2)
    ]
    bound.jira.sim("POST", "faults", fails)
    bound.run(within=200)
    assert set(Link.objects.values_list("state", flat=True)) == {"in_step"}
    sent = [bound.jira.comments(issue) for issue in issues(bound)]
    assert [len(comments) for comments in sent] == [1] * 20
