"""The main job: what is written on one side appears on the other."""

from __future__ import annotations

import pytest
from helpers.bound import Bound

from duolog.sync.models import Link
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.comments import add_comment, delete_comment, edit_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def test_an_item_here_becomes_an_issue(bound: Bound) -> None:
    item = bound.item(
        "Cap the upload size", description="Say **why**.", labels=["storage", "two words"]
    )
    bound.bind()
    issue = bound.jira.get(str(bound.link(item).issue_id))
    assert issue["summary"] == "Cap the upload size"
    assert sorted(issue["labels"]) == ["storage", "two-words"]
    assert bound.link(item).state == "in_step", bound.link(item).reason


def test_an_issue_there_becomes_an_item(bound: Bound) -> None:
    issue = bound.jira.create(
        "Rotate the keys", kind="Bug", description=bound.jira.text("Every spring.")
    )
    bound.jira.comment(issue, "Who does it?")
    bound.bind()
    item = bound.item_of(issue)
    assert (item.title, item.type, item.description) == ("Rotate the keys", "bug", "Every spring.")
    assert [c.body for c in Comment.objects.filter(work_item=item)] == ["Who does it?"]
    assert bound.link(item).state == "in_step"


def test_edits_cross_both_ways(bound: Bound) -> None:
    item = bound.item("First words")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.change(item, title="Second words", priority="high", status="In progress")
    bound.run()
    there = bound.jira.get(issue)
    assert (there["summary"], there["priority"]["name"], there["status"]["name"]) == (
        "Second words", "High", "In Progress",
    )  # fmt: skip
    bound.jira.edit(issue, summary="Third words", duedate="2027-01-31")
    bound.jira.move(issue, "Done")
    bound.poll()
    item.refresh_from_db()
    assert (item.title, str(item.due_on), item.status.name) == ("Third words", "2027-01-31", "Done")


def test_comments_are_created_edited_and_deleted_both_ways(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    ours = add_comment(item.pk, "From here", actor=bound.me)
    bound.run()
    (_,) = bound.jira.comments(issue)
    edit_comment(ours.pk, "From here, edited", actor=bound.me)
    bound.run()
    assert "edited" in str(bound.jira.comments(issue)[0]["body"])
    theirs = bound.jira.comment(issue, "From Jira")
    bound.poll()
    assert Comment.objects.filter(work_item=item, body="From Jira").count() == 1
    delete_comment(ours.pk, actor=bound.me)
    bound.run()
    assert [c["id"] for c in bound.jira.comments(issue)] == [theirs]


def test_a_second_look_finds_nothing_to_do(bound: Bound) -> None:
    for number in range(3):
        bound.item(f"Item {number}")
    bound.bind()
    before = WorkItem.objects.count(), Link.objects.count()
    bound.poll()
    bound.jira.reset()
    bound.poll()
    path = "search/jql" if bound.jira.is_cloud else "search"
    assert bound.jira.calls() == {f"POST {bound.jira.rest}/{path}": 1}
    assert (WorkItem.objects.count(), Link.objects.count()) == before
