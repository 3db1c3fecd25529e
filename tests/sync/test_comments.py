"""Comments that one side deletes while the other edits them, and answers that are lost."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.bound import Bound
from helpers.held import words_of

from duolog.core.policy import ConflictPolicy
from duolog.sync.binding.services import Rules
from duolog.sync.inbox.settling import resolve
from duolog.sync.models import ChildLink, Conflict
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.comments import add_comment, delete_comment, edit_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def here(item: WorkItem) -> list[str]:
    return [c.body for c in Comment.objects.filter(work_item=item, deleted_at=None)]


def told(bound: Bound, rules: Rules | None = None) -> tuple[WorkItem, str, Comment, str]:
    """An item with a comment, its issue, and the comment there."""
    item = bound.item()
    comment = add_comment(item.pk, "As it was", actor=bound.me)
    bound.bind(rules)
    issue = str(bound.link(item).issue_id)
    return item, issue, comment, str(bound.jira.comments(issue)[0]["id"])


def edit_there(bound: Bound, issue: str, comment: str, text: str) -> None:
    body: dict[str, Any] = {"body": bound.jira.text(text)}
    bound.jira.ask("PUT", f"issue/{issue}/comment/{comment}", body, by=bound.jira.service)


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        pytest.param("here", [], id="it goes there too"),
        pytest.param("jira", ["Edited there"], id="it comes back here"),
    ],
)
def test_deleted_here_and_edited_in_jira(bound: Bound, choice: Any, left: list[str]) -> None:
    item, issue, comment, there = told(bound)
    delete_comment(comment.pk, actor=bound.me)
    edit_there(bound, issue, there, "Edited there")
    bound.run()
    link = bound.link(item)
    assert link.state == "conflict"
    resolve(bound.owner, link, {f"comment/{link.conflicts.get().key}": choice})
    bound.run(within=60)
    bound.poll()
    assert here(item) == left
    assert len(bound.jira.comments(issue)) == len(left)
    assert bound.link(item).state == "in_step"


@pytest.mark.parametrize("policy", [ConflictPolicy.JIRA_WINS, ConflictPolicy.DUOLOG_WINS])
def test_deleted_in_jira_and_edited_here(bound: Bound, policy: ConflictPolicy) -> None:
    item, issue, comment, there = told(bound, Rules(conflict_policy=policy))
    bound.jira.ask("DELETE", f"issue/{issue}/comment/{there}", by=bound.jira.service)
    edit_comment(comment.pk, "Edited here", actor=bound.me)
    bound.run(within=120)
    bound.poll()
    left = ["Edited here"] if policy is ConflictPolicy.DUOLOG_WINS else []
    assert here(item) == left
    assert len(bound.jira.comments(issue)) == len(left)
    assert bound.link(item).state == "in_step"


@pytest.mark.parametrize("fault", ["cut_before", "cut_after", "status_before", "status_after"])
def test_a_comment_whose_answer_is_lost_is_written_once(bound: Bound, fault: str) -> None:
    item = bound.item()
    bound.bind()
    add_comment(item.pk, "Once", actor=bound.me)
    match = {"method": "POST", "path": "*/comment"}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": fault}])
    bound.run(within=200)
    assert len(bound.jira.comments(str(bound.link(item).issue_id))) == 1
    assert bound.link(item).state == "in_step"


@pytest.mark.parametrize("fault", ["cut_after", "cut_before"])
def test_a_comment_whose_answer_is_lost_and_that_is_then_edited_here_arrives_edited_once(
    bound: Bound, fault: str
) -> None:
    item, issue, comment = said_in_doubt(bound, fault)
    edit_comment(comment.pk, "Said **better**", actor=bound.me)
    bound.run(within=120)
    bound.poll()
    assert here(item) == ["Said **better**"]
    (there,) = bound.jira.comments(issue)
    assert words_of(there["body"]).strip().endswith("Said **better**")
    assert bound.link(item).state == "in_step"
    assert not Conflict.objects.exists()
    assert not ChildLink.objects.exclude(sent="").exists()


def test_edited_in_jira_as_well_it_is_a_conflict(bound: Bound) -> None:
    item, issue, comment = said_in_doubt(bound, "cut_after")
    edit_there(bound, issue, str(bound.jira.comments(issue)[0]["id"]), "Edited there")
    edit_comment(comment.pk, "Edited here", actor=bound.me)
    bound.run(within=120)
    assert here(item) == ["Edited here"]
    (there,) = bound.jira.comments(issue)
    assert words_of(there["body"]).strip() == "Edited there"
    assert bound.link(item).state == "conflict"


def said_in_doubt(bound: Bound, fault: str) -> tuple[WorkItem, str, Comment]:
    """An item in step, its issue, and a comment whose creation in Jira was not answered."""
    item = bound.item()
    bound.bind()
    match = {"method": "POST", "path": "*/comment"}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": fault, "times": 1}])
    comment = add_comment(item.pk, "Said in *haste*\n\n- one\n- two", actor=bound.me)
    bound.run()
    return item, str(bound.link(item).issue_id), comment
