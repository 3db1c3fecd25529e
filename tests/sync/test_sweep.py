"""Polling and comparing without being told: what is found, what it costs, what is not believed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from helpers.bound import Bound
from helpers.builders import a_team

from duolog.core.lifecycle import OnDelete
from duolog.sync.binding.rules import Rules
from duolog.sync.binding.services import (
    Wish,
    bind_team,
    resume,
    retry_everything,
    sweep_now,
    unbind,
)
from duolog.sync.inbox.settling import resolve_deletion
from duolog.sync.marks import SWEEP, mark_binding
from duolog.sync.models import Direction, Hold, Link, Run, RunKind
from duolog.work.marks import retry_now
from duolog.work.models import Work
from duolog.workplace.models import Activity, WorkItem
from duolog.workplace.services.trash import delete_item, restore_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def sweep(bound: Bound) -> None:
    """What happens each hour."""
    assert bound.binding is not None
    mark_binding(SWEEP, bound.binding)
    retry_now(SWEEP, bound.binding.pk)
    bound.run(within=60)


def compare(bound: Bound) -> Run:
    """What happens each night."""
    assert bound.binding is not None
    sweep_now(bound.owner, bound.binding)
    bound.run(within=60)
    return Run.objects.filter(kind=RunKind.SWEEP).latest("pk")


def searches(bound: Bound) -> int:
    return sum(number for call, number in bound.jira.calls().items() if "search" in call)


def calls(bound: Bound) -> int:
    return sum(bound.jira.calls().values())


def test_nothing_moved_costs_one_call_by_poll_and_one_a_hundred_by_sweep(bound: Bound) -> None:
    for number in range(105):
        bound.item(f"Item {number}")
    bound.bind()
    bound.jira.sim("POST", "clock", {"advance_seconds": 600})
    bound.poll()
    bound.jira.reset()
    bound.poll()
    assert calls(bound) == 1
    bound.jira.reset()
    sweep(bound)
    assert calls(bound) <= 2 + 1
    bound.jira.reset()
    assert compare(bound).found == 0
    assert calls(bound) <= 2 + 1


def test_two_way_works_without_any_webhook(bound: Bound) -> None:
    item = bound.item("Before")
    bound.bind()
    bound.jira.edit(str(bound.link(item).issue_id), summary="After")
    child = bound.jira.create("New there")
    bound.poll()
    item.refresh_from_db()
    assert item.title == "After"
    assert bound.item_of(child).title == "New there"


def test_a_sweep_finds_what_was_deleted_and_what_is_new(bound: Bound) -> None:
    item = bound.item("Deleted there")
    bound.bind()
    bound.jira.delete(str(bound.link(item).issue_id))
    fresh = bound.jira.create("New there")
    sweep(bound)
    assert bound.link(item).state == "held"
    assert "deleted in Jira" in bound.link(item).reason
    assert bound.item_of(fresh).title == "New there"


def test_an_issue_that_is_only_hidden_goes_on_once_it_is_shown_again(bound: Bound) -> None:
    issue = bound.jira.create("Hidden for a while")
    bound.bind()
    item = bound.item_of(issue)
    bound.jira.edit(issue, security={"name": "Administrators and reporter"})
    with bound.jira.service_as_a_member(bound.jira.project_key):
        sweep(bound)
        assert "hidden from the service account" in bound.link(item).reason
        bound.jira.edit(issue, security=None)
        sweep(bound)
    assert bound.link(item).state == "in_step"
    assert not Hold.objects.filter(released_at=None).exists()


def test_an_issue_that_is_shown_again_as_it_was_goes_on(bound: Bound) -> None:
    issue = bound.jira.create("Hidden for a while")
    bound.bind()
    bound.jira.edit(issue, security={"name": "Administrators and reporter"})
    bound.jira.sim("POST", "clock", {"advance_seconds": 5})
    bound.poll()
    bound.run(within=60)
    with bound.jira.service_as_a_member(bound.jira.project_key):
        sweep(bound)
        assert "hidden from the service account" in bound.link(bound.item_of(issue)).reason
    sweep(bound)
    assert bound.link(bound.item_of(issue)).state == "in_step"
    assert not Hold.objects.filter(released_at=None).exists()


@pytest.mark.parametrize("policy", [OnDelete.DELETE, OnDelete.UNLINK])
@pytest.mark.parametrize("found_by", [sweep, compare, Bound.poll])
def test_an_issue_taken_for_deleted_goes_on_once_it_is_shown_again(
    bound: Bound, policy: OnDelete, found_by: Callable[[Bound], object]
) -> None:
    issue = bound.jira.create("Hidden for a while")
    bound.bind(Rules(on_delete_here=policy))
    item = bound.item_of(issue)
    bound.jira.edit(issue, security={"name": "Administrators and reporter"})
    with bound.jira.service_as_a_member(bound.jira.project_key):
        sweep(bound)
        assert bound.link(item).state == "ended"
        item.refresh_from_db()
        assert (item.deleted_at is not None) == (policy is OnDelete.DELETE)
        bound.jira.edit(issue, security=None, summary="Shown again")
        found_by(bound)
    bound.run(within=60)
    item.refresh_from_db()
    assert (item.title, item.deleted_at) == ("Shown again", None)
    assert bound.link(item).state == "in_step"
    assert WorkItem.objects.count() == 1
    told = Activity.objects.filter(work_item=item, verb__in=["deleted", "restored"])
    assert {act.actor_name for act in told} <= {"Jira"}


@pytest.mark.parametrize("choice", ["delete", "unlink"])
def test_what_a_person_decided_about_a_hidden_issue_stands(bound: Bound, choice: str) -> None:
    issue = bound.jira.create("Hidden for a while")
    bound.bind()
    item = bound.item_of(issue)
    bound.jira.edit(issue, security={"name": "Administrators and reporter"})
    with bound.jira.service_as_a_member(bound.jira.project_key):
        sweep(bound)
        resolve_deletion(bound.owner, Hold.objects.get(released_at=None), choice)
        bound.run(within=60)
        bound.jira.edit(issue, security=None)
        sweep(bound)
        bound.poll()
    item.refresh_from_db()
    assert (item.deleted_at is not None) == (choice == "delete")
    assert bound.link(item).state == "ended"


def test_an_item_that_a_person_deletes_after_all_stays_deleted(bound: Bound) -> None:
    issue = bound.jira.create("Hidden for a while")
    bound.bind(Rules(on_delete_here=OnDelete.DELETE))
    item = bound.item_of(issue)
    bound.jira.edit(issue, security={"name": "Administrators and reporter"})
    with bound.jira.service_as_a_member(bound.jira.project_key):
        sweep(bound)
        restore_item(item.pk, actor=bound.me)
        delete_item(item.pk, actor=bound.me)
        bound.run()
        bound.jira.edit(issue, security=None)
        sweep(bound)
    item.refresh_from_db()
    assert item.deleted_at is not None
    assert bound.link(item).state == "ended"


def test_an_issue_that_another_team_took_in_meanwhile_stays_with_it(bound: Bound) -> None:
    issue = bound.jira.create("Hidden for a while")
    before = bound.bind(Rules(on_delete_here=OnDelete.UNLINK))
    item = bound.item_of(issue)
    bound.jira.edit(issue, security={"name": "Administrators and reporter"})
    with bound.jira.service_as_a_member(bound.jira.project_key):
        sweep(bound)
    assert bound.link(item).state == "ended"
    unbind(bound.owner, before)
    other = a_team(bound.workplace, name="Second", key_prefix="SEC")
    bind_team(bound.owner, other, Wish(bound.connection, bound.jira.project_key))
    bound.run(within=60)
    bound.bind()
    sweep(bound)
    living = Link.objects.filter(issue_id=issue).exclude(state="ended")
    assert [link.binding.team for link in living] == [other]
    assert bound.link(item).state == "ended"


def test_a_forgotten_mark_here_heals(bound: Bound) -> None:
    item = bound.item("Before")
    bound.bind()
    WorkItem.objects.filter(pk=item.pk).update(title="After", version=item.version + 5)
    forgotten = bound.item("Never marked")
    Work.objects.filter(kind="item").delete()
    sweep(bound)
    assert bound.jira.get(str(bound.link(item).issue_id))["summary"] == "After"
    assert bound.link(forgotten).state == "in_step"


def test_what_drifted_is_named_and_made_due(bound: Bound) -> None:
    item = bound.item("As it is")
    bound.bind()
    link = bound.link(item)
    link.base_slots.filter(key="title").update(local="Otherwise", remote="Otherwise")
    run = compare(bound)
    assert run.found == 1
    assert run.drift == [
        {"link_id": link.pk, "issue_key": link.issue_key, "slots": ["field/title"]}
    ]
    assert compare(bound).found == 0


def test_what_differs_by_the_rules_is_no_drift(bound: Bound) -> None:
    item = bound.item("Only ours")
    bound.bind(Rules(direction=Direction.ONE_WAY))
    bound.jira.edit(str(bound.link(item).issue_id), summary="Theirs")
    bound.poll()
    assert bound.link(item).state == "differs"
    assert compare(bound).found == 0


def test_a_deletion_that_waits_for_a_person_is_no_drift(bound: Bound) -> None:
    item = bound.item("Deleted here")
    bound.bind()
    delete_item(item.pk, actor=bound.me)
    bound.run()
    assert bound.link(item).state == "held"
    assert compare(bound).found == 0


def test_mass_disappearance_after_a_revoked_permission(bound: Bound) -> None:
    items = [bound.item(f"Item {number}") for number in range(8)]
    binding = bound.bind(Rules(on_delete_here=OnDelete.DELETE))
    bound.jira.hide(bound.jira.project_key)
    sweep(bound)
    binding.refresh_from_db()
    assert binding.state == "paused"
    assert "may no longer see" in binding.trouble
    assert WorkItem.objects.filter(deleted_at=None).count() == 8
    assert not Link.objects.filter(state="ended").exists()
    bound.jira.hide(bound.jira.project_key, hidden=False)
    resume(bound.owner, binding)
    bound.run(within=60)
    assert {bound.link(item).state for item in items} == {"in_step"}
    binding.refresh_from_db()
    assert binding.trouble == ""


def test_an_archived_project_pauses_and_says_so(bound: Bound) -> None:
    item = bound.item("Kept")
    binding = bound.bind(Rules(on_delete_here=OnDelete.DELETE))
    bound.jira.archive(bound.jira.project_key)
    try:
        bound.change(item, title="Kept for later")
        sweep(bound)
        binding.refresh_from_db()
        assert binding.state == "paused"
        assert "was archived in Jira" in binding.trouble
        assert WorkItem.objects.get(pk=item.pk).deleted_at is None
    finally:
        bound.jira.archive(bound.jira.project_key, archived=False)
    resume(bound.owner, binding)
    retry_everything(bound.owner, bound.workplace)
    bound.run(within=60)
    assert bound.jira.get(str(bound.link(item).issue_id))["summary"] == "Kept for later"
    assert bound.link(item).state == "in_step"


def test_one_look_at_a_hidden_issue_pauses_before_any_deletion(bound: Bound) -> None:
    item = bound.item("Hidden")
    binding = bound.bind(Rules(on_delete_here=OnDelete.DELETE))
    bound.jira.hide(bound.jira.project_key)
    bound.change(item, title="Edited here")
    bound.run(within=60)
    binding.refresh_from_db()
    assert binding.state == "paused"
    bound.jira.hide(bound.jira.project_key, hidden=False)
    resume(bound.owner, binding)
    bound.run(within=60)
    assert bound.jira.get(str(bound.link(item).issue_id))["summary"] == "Edited here"
