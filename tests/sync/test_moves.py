"""Issues and projects that change their place in Jira."""

from __future__ import annotations

import pytest
from helpers.bound import Bound
from helpers.builders import a_team

from duolog.notifications.models import Kind, Notice
from duolog.sync.binding.services import Rules, Wish, bind_team, poll_now, sweep_now
from duolog.sync.models import Direction, JournalEntry
from duolog.workplace.models import WorkItem

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def test_a_moved_issue_waits_in_words_and_goes_on_once_it_is_back(bound: Bound) -> None:
    item = bound.item("Moves")
    binding = bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.jira.sim("POST", "issues/move", {"issue": issue, "project": "LIN"})
    try:
        bound.change(item, title="Edited here")
        bound.run(within=60)
        assert bound.link(item).state == "held"
        assert "moved to LIN-" in bound.link(item).reason
        assert bound.jira.get(issue)["summary"] == "Moves", "nothing was written over there"
    finally:
        bound.jira.sim("POST", "issues/move", {"issue": issue, "project": binding.jira_project_key})
    sweep_now(bound.owner, binding)
    bound.run(within=60)
    assert bound.link(item).state == "in_step", bound.link(item).reason
    assert bound.jira.get(issue)["summary"] == "Edited here"


def test_a_moved_issue_takes_its_item_along_where_its_new_space_is_bound(bound: Bound) -> None:
    item = bound.item("Moves in Jira", status="In progress", assignee=bound.maya)
    first = bound.bind()
    web = a_team(bound.workplace, name="Web", key_prefix="WEB")
    second = bind_team(bound.owner, web, Wish(bound.connection, "LIN"))
    bound.run(within=60)
    link = bound.link(item)
    items, writes = WorkItem.objects.count(), JournalEntry.objects.filter(kind="field").count()
    issue = str(link.issue_id)
    bound.jira.sim("POST", "issues/move", {"issue": issue, "project": "LIN"})
    for binding in (second, first):  # whoever polls first
        poll_now(bound.owner, binding)
        bound.run(within=60)
    item.refresh_from_db()
    assert (item.team, bound.link(item).pk, bound.link(item).binding) == (web, link.pk, second)
    assert bound.link(item).state == "in_step", bound.link(item).reason
    assert bound.link(item).issue_key.startswith("LIN-")
    assert WorkItem.objects.count() == items
    assert bound.jira.get(issue)["summary"] == "Moves in Jira"
    written = JournalEntry.objects.filter(kind="field", side="remote").order_by("pk")[writes:]
    assert not written, "Jira's move writes nothing in Jira"
    assert Notice.objects.get(kind=Kind.MOVED).member == bound.maya
    bound.change(item, title="Edited in its new place")
    bound.run(within=60)
    assert bound.jira.get(issue)["summary"] == "Edited in its new place"


def test_a_status_set_here_before_the_move_is_not_lost(bound: Bound) -> None:
    item = bound.item("Set here")
    binding = bound.bind()
    web = a_team(bound.workplace, name="Web", key_prefix="WEB")
    bind_team(bound.owner, web, Wish(bound.connection, "LIN"))
    bound.run(within=60)
    issue = str(bound.link(item).issue_id)
    bound.change(item, status="Done")
    bound.jira.sim("POST", "issues/move", {"issue": issue, "project": "LIN"})
    sweep_now(bound.owner, binding)
    bound.run(within=60)
    item.refresh_from_db()
    is_disputed = bound.link(item).conflicts.filter(key="status", settled_at=None).exists()
    assert item.status.name == "Done"
    assert is_disputed or bound.jira.get(issue)["status"]["statusCategory"]["key"] == "done"


def test_with_a_binding_one_way_a_moved_issue_waits(bound: Bound) -> None:
    item = bound.item("Stays here")
    binding = bound.bind(Rules(direction=Direction.ONE_WAY))
    web = a_team(bound.workplace, name="Web", key_prefix="WEB")
    bind_team(bound.owner, web, Wish(bound.connection, "LIN"))
    bound.run(within=60)
    issue = {"issue": str(bound.link(item).issue_id)}
    bound.jira.sim("POST", "issues/move", {**issue, "project": "LIN"})
    bound.change(item, title="Looked at")
    bound.run(within=60)
    item.refresh_from_db()
    assert (item.team, bound.link(item).state) == (bound.team, "held")
    bound.jira.sim("POST", "issues/move", {**issue, "project": binding.jira_project_key})


def test_a_renamed_project_is_called_so_here_with_all_its_issues(bound: Bound) -> None:
    items = [bound.item(f"Item {number}") for number in range(3)]
    binding = bound.bind()
    old = bound.jira.project_key
    bound.jira.rename_project(old, "NEWKEY")
    try:
        bound.change(items[0], title="Looked at")
        bound.run(within=60)
        binding.refresh_from_db()
        assert binding.jira_project_key == "NEWKEY"
        assert all(bound.link(item).issue_key.startswith("NEWKEY-") for item in items)
    finally:
        bound.jira.rename_project("NEWKEY", old)
