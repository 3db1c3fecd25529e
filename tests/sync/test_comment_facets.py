"""What comments have beside their text: who may read them, whom they answer, who wrote them."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.bound import Bound

from duolog.core.policy import ConflictPolicy
from duolog.people.errors import Invalid
from duolog.sync.binding.services import Rules, change_rules, sweep_now
from duolog.sync.link.kept_back import readers_of
from duolog.sync.models import Hold, JournalEntry, Run, RunKind
from duolog.sync.undo.writes import may_be_undone
from duolog.workplace.models import Activity, Comment, WorkItem
from duolog.workplace.services.comments import (
    add_comment,
    delete_comment,
    edit_comment,
    restore_comment,
)

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
ADMINS = {"type": "role", "value": "Administrator"}


def here(item: WorkItem) -> list[str]:
    return [c.body for c in Comment.objects.filter(work_item=item, deleted_at=None)]


def restrict(bound: Bound, issue: str, text: str, visibility: object = ADMINS) -> None:
    """Have only admins read the one comment of the issue, which says this from now on."""
    [comment] = all_there(bound, issue)
    body: dict[str, Any] = {"body": bound.jira.text(text), "visibility": visibility}
    bound.jira.ask("PUT", f"issue/{issue}/comment/{comment['id']}", body, by=bound.jira.service)


def all_there(bound: Bound, issue: str) -> list[dict[str, Any]]:
    """The comments as the service account sees them, restricted ones too."""
    told = bound.jira.ask("GET", f"issue/{issue}/comment", by=bound.jira.service)
    return list(told["comments"])


def told(bound: Bound, rules: Rules | None = None) -> tuple[WorkItem, str, Comment]:
    item = bound.item()
    comment = add_comment(item.pk, "For all to read", actor=bound.me)
    bound.bind(rules)
    return item, str(bound.link(item).issue_id), comment


def kept_texts(item: WorkItem) -> str:
    """Everything that our records hold of the item's comments."""
    entries = JournalEntry.objects.filter(kind="comment")
    lines = Activity.objects.filter(work_item=item)
    comments = Comment.objects.filter(work_item=item)
    return str([*entries.values_list("before", "after"), *lines.values_list("before", "after"),
                *comments.values_list("body")])  # fmt: skip


def test_a_private_comment_does_not_cross(bound: Bound) -> None:
    """Complaint: private comment crossing."""
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    body = {"body": bound.jira.text("Secret"), "visibility": ADMINS}
    bound.jira.ask("POST", f"issue/{issue}/comment", body, by=bound.jira.service)
    bound.jira.comment(issue, "Open")
    bound.poll()
    assert here(item) == ["Open"]
    assert "Secret" not in kept_texts(item)
    sweep_now(bound.owner, bound.link(item).binding)
    bound.run()
    assert Run.objects.filter(kind=RunKind.SWEEP).latest("pk").found == 0


def test_a_comment_that_becomes_restricted_is_taken_away_here(bound: Bound) -> None:
    item, issue, comment = told(bound)
    edit_comment(comment.pk, "For all to read, edited", actor=bound.me)
    bound.run()
    restrict(bound, issue, "For admins")
    bound.poll()
    assert here(item) == []
    assert "admins" not in kept_texts(item)
    assert "For all" not in kept_texts(item)
    entry = JournalEntry.objects.get(verb="restricted")
    assert (entry.side, may_be_undone(entry)) == ("local", False)
    assert bound.link(item).state == "in_step"
    assert len(all_there(bound, issue)) == 1


def test_a_comment_that_was_deleted_here_before_it_is_restricted_is_forgotten_too(
    bound: Bound,
) -> None:
    item, issue, comment = told(bound)
    delete_comment(comment.pk, actor=bound.me)
    restore_comment(comment.pk, actor=bound.me)
    bound.run()
    restrict(bound, issue, "For admins")
    add_comment(item.pk, "Goes on being told", actor=bound.me)
    delete_comment(comment.pk, actor=bound.me)
    bound.poll()
    bound.poll()
    assert "For all" not in kept_texts(item)
    assert "Goes on being told" in kept_texts(item)
    assert len(all_there(bound, issue)) == 2, "what Jira shows to some stays theirs"
    with pytest.raises(Invalid, match="forgotten"):
        restore_comment(comment.pk, actor=bound.me)


def test_a_comment_that_becomes_open_appears_once(bound: Bound) -> None:
    item, issue, _ = told(bound)
    restrict(bound, issue, "For admins")
    bound.poll()
    restrict(bound, issue, "For all again", None)
    bound.poll()
    bound.poll()
    assert here(item) == ["For all again"]
    assert len(all_there(bound, issue)) == 1


@pytest.mark.parametrize(
    "policy", [ConflictPolicy.ASK, ConflictPolicy.DUOLOG_WINS, ConflictPolicy.NEWEST_WINS]
)
def test_an_edit_here_widens_no_readership(bound: Bound, policy: ConflictPolicy) -> None:
    item, issue, comment = told(bound, Rules(conflict_policy=policy))
    restrict(bound, issue, "For admins")
    edit_comment(comment.pk, "Edited here meanwhile", actor=bound.me)
    bound.run(within=60)
    bound.poll()
    [there] = all_there(bound, issue)
    assert there["visibility"]["value"] == "Administrator"
    assert here(item) == []


def test_one_way_an_edit_here_keeps_the_readers_that_jira_chose(bound: Bound) -> None:
    item, issue, comment = told(bound, Rules(direction="one_way"))
    restrict(bound, issue, "For admins")
    bound.poll()
    edit_comment(comment.pk, "Edited here", actor=bound.me)
    bound.run(within=60)
    [there] = all_there(bound, issue)
    assert there["visibility"]["value"] == "Administrator"
    assert "Edited here" in str(there["body"])
    assert here(item) == ["Edited here"]


def test_an_answer_says_whom_it_answers_above_the_text(bound: Bound) -> None:
    item, issue, comment = told(bound)
    answer = add_comment(item.pk, "So I did", actor=bound.me, parent=comment.pk)
    bound.run()
    there = str(all_there(bound, issue)[-1]["body"])
    assert "Olive Owner, answering Olive Owner, in Duolog:" in there
    edit_comment(answer.pk, "So I did, twice", actor=bound.me)
    bound.run()
    bound.poll()
    there = str(all_there(bound, issue)[-1]["body"])
    assert there.count("in Duolog:") == 1
    assert "answering Olive Owner" in there
    answer.refresh_from_db()
    assert (answer.body, answer.parent) == ("So I did, twice", comment)


def test_a_thread_stays_when_jira_edits_an_answer(bound: Bound) -> None:
    item, issue, comment = told(bound)
    answer = add_comment(item.pk, "Yes", actor=bound.me, parent=comment.pk)
    bound.run()
    there = all_there(bound, issue)[-1]
    body = there["body"]
    if bound.jira.is_cloud:
        body["content"][-1]["content"][0]["text"] = "No"
    else:
        body = body.replace("Yes", "No")
    bound.jira.ask(
        "PUT", f"issue/{issue}/comment/{there['id']}", {"body": body}, by=bound.jira.service
    )
    bound.poll()
    answer.refresh_from_db()
    assert (answer.body, answer.parent) == ("No", comment)


def test_a_comment_from_jira_is_its_authors_here_too(bound: Bound) -> None:
    """The member that the account stands for, else the name that Jira shows."""
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    maya, other = bound.jira.people[:2]
    body = {"body": bound.jira.text("By somebody else")}
    bound.jira.comment(issue, "By Maya")
    bound.jira.ask("POST", f"issue/{issue}/comment", body, by=other)
    bound.poll()
    first, second = Comment.objects.filter(work_item=item)
    assert (maya.name, first.author) == ("Maya Lind", bound.maya)
    assert (second.author, second.author_name) == (None, f"{other.name} in Jira")


def test_a_comment_edited_there_and_deleted_here_is_asked_about(bound: Bound) -> None:
    """Complaint: comment edited and deleted on either side."""
    item, issue, comment = told(bound)
    restrict(bound, issue, "Edited there", None)
    delete_comment(comment.pk, actor=bound.me)
    bound.run()
    assert bound.link(item).state == "conflict"
    assert len(all_there(bound, issue)) == 1


def test_a_comment_deleted_there_and_edited_here_is_asked_about(bound: Bound) -> None:
    """Complaint: comment edited and deleted on either side."""
    item, issue, comment = told(bound)
    [there] = all_there(bound, issue)
    bound.jira.ask("DELETE", f"issue/{issue}/comment/{there['id']}", by=bound.jira.service)
    edit_comment(comment.pk, "Edited here", actor=bound.me)
    bound.run()
    assert bound.link(item).state == "conflict"
    assert here(item) == ["Edited here"]


TAKEN = Rules(restricted_comments=True)


def test_restricted_comments_come_here_where_a_binding_takes_them(bound: Bound) -> None:
    item = bound.item()
    binding = bound.bind()
    issue = str(bound.link(item).issue_id)
    body = {"body": bound.jira.text("For admins"), "visibility": ADMINS}
    bound.jira.ask("POST", f"issue/{issue}/comment", body, by=bound.jira.service)
    bound.poll()
    assert here(item) == []
    change_rules(bound.owner, binding, TAKEN)
    bound.run()
    assert here(item) == ["For admins"]
    comment = Comment.objects.get(work_item=item)
    assert readers_of(item) == {comment.pk: "role Administrator"}
    edit_comment(comment.pk, "Edited here", actor=bound.me)
    add_comment(item.pk, "An answer", actor=bound.me, parent=comment.pk)
    bound.run()
    bound.poll()
    there = all_there(bound, issue)
    assert [it["visibility"]["value"] for it in there] == ["Administrator"] * 2
    assert "Edited here" in str(there[0]["body"])
    assert "An answer" in str(there[1]["body"])
    assert bound.link(item).state == "in_step", bound.link(item).reason
    change_rules(bound.owner, binding, Rules())
    bound.run()
    assert here(item) == []
    assert "Edited here" not in kept_texts(item)
    assert len(all_there(bound, issue)) == 2, "nothing is taken away in Jira"


def test_an_answer_to_a_restricted_comment_that_is_gone_is_not_shown_to_all(bound: Bound) -> None:
    item, issue, comment = told(bound, TAKEN)
    restrict(bound, issue, "For admins")
    bound.poll()
    (there,) = all_there(bound, issue)
    add_comment(item.pk, "Between us", actor=bound.me, parent=comment.pk)
    bound.jira.ask("DELETE", f"issue/{issue}/comment/{there['id']}", by=bound.jira.service)
    bound.run()
    assert all_there(bound, issue) == []
    assert "no longer has" in Hold.objects.get(released_at=None).reason
    assert here(item) == ["Between us"], "what was written stays to be seen"
    bound.poll()
    assert all_there(bound, issue) == []


def test_a_comment_that_is_restricted_later_stays_where_a_binding_takes_them(bound: Bound) -> None:
    item, issue, comment = told(bound, TAKEN)
    restrict(bound, issue, "For admins")
    bound.poll()
    assert here(item) == ["For admins"]
    assert readers_of(item) == {comment.pk: "role Administrator"}
    restrict(bound, issue, "For all again", None)
    bound.poll()
    assert (here(item), readers_of(item)) == (["For all again"], {})
