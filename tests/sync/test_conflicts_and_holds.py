"""What the sync cannot decide, or is refused, waits for a person; the rest goes on."""

from __future__ import annotations

import pytest
from helpers.bound import Bound

from duolog.core.lifecycle import OnDelete
from duolog.core.policy import ConflictPolicy
from duolog.people.errors import Outdated
from duolog.sync.binding.services import (
    Rules,
    change_mapping,
    pause,
    resume,
    retry,
    sweep_now,
    unlink,
)
from duolog.sync.inbox.settling import resolve, resolve_deletion
from duolog.sync.models import Conflict, Direction, Hold, JournalEntry, Link
from duolog.sync.shown.queries import badge_of, inbox
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.comments import add_comment
from duolog.workplace.services.trash import delete_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def conflicting(bound: Bound, rules: Rules | None = None) -> tuple[WorkItem, str]:
    """An item whose title changed on both sides, there later, its due date only there."""
    item = bound.item("As it was")
    bound.bind(rules)
    issue = str(bound.link(item).issue_id)
    bound.change(item, title="Ours")
    bound.jira.sim("POST", "clock", {"advance_seconds": 5})  # it may lag by two (`start_over`)
    bound.jira.edit(issue, summary="Theirs", duedate="2027-03-01")
    bound.run()
    item.refresh_from_db()
    return item, issue


def test_a_conflict_leaves_both_sides_alone_and_the_rest_goes_on(bound: Bound) -> None:
    item, issue = conflicting(bound)
    assert (item.title, str(item.due_on)) == ("Ours", "2027-03-01")
    assert bound.jira.get(issue)["summary"] == "Theirs"
    badge = badge_of(item)
    assert badge is not None
    assert badge.state == "conflict"
    (entry,) = inbox(bound.workplace)
    assert [f.key for f in entry.fields] == ["title"]


@pytest.mark.parametrize(
    ("choice", "title"),
    [
        pytest.param("here", "Ours", id="what is here goes to Jira"),
        pytest.param("jira", "Theirs", id="what is in Jira comes here"),
        pytest.param({"value": "Both"}, "Both", id="a third value goes to both"),
    ],
)
def test_a_person_settles_a_conflict(bound: Bound, choice: object, title: str) -> None:
    item, issue = conflicting(bound)
    resolve(bound.owner, bound.link(item), {"title": choice})
    bound.run()
    item.refresh_from_db()
    assert item.title == title
    assert bound.jira.get(issue)["summary"] == title
    assert bound.link(item).state == "in_step"
    assert not inbox(bound.workplace)


def test_a_conflict_comes_back_when_jira_moved_on_meanwhile(bound: Bound) -> None:
    item, issue = conflicting(bound)
    bound.jira.edit(issue, summary="Theirs, again")
    resolve(bound.owner, bound.link(item), {"title": "here"})
    bound.run()
    assert bound.jira.get(issue)["summary"] == "Theirs, again"
    assert bound.link(item).state == "conflict"


def test_edits_of_different_paragraphs_end_on_both_sides(bound: Bound) -> None:
    item = bound.item("Texts", description="First.\n\nSecond.\n\nThird.")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.change(item, description="First, here.\n\nSecond.\n\nThird.")
    bound.jira.edit(issue, description=bound.jira.text("First.", "Second.", "Third, there."))
    bound.run()
    item.refresh_from_db()
    both = ["First, here.", "Second.", "Third, there."]
    assert item.description == "\n\n".join(both)
    assert bound.jira.get(issue)["description"] == bound.jira.text(*both)
    assert bound.link(item).state == "in_step"
    (row,) = Conflict.objects.filter(link=bound.link(item))
    assert (row.winner, row.settled_at is not None) == ("merged", True)
    assert not inbox(bound.workplace)


@pytest.mark.parametrize(
    ("policy", "title"),
    [
        pytest.param(ConflictPolicy.JIRA_WINS, "Theirs", id="Jira wins"),
        pytest.param(ConflictPolicy.DUOLOG_WINS, "Ours", id="Duolog wins"),
        pytest.param(ConflictPolicy.NEWEST_WINS, "Theirs", id="the newest, which is Jira's, wins"),
    ],
)
def test_a_policy_settles_a_conflict_and_it_is_recorded(
    bound: Bound, policy: ConflictPolicy, title: str
) -> None:
    item, issue = conflicting(bound, Rules(conflict_policy=policy))
    assert (item.title, bound.jira.get(issue)["summary"]) == (title, title)
    (row,) = Conflict.objects.filter(link=bound.link(item))
    assert row.settled_at is not None


def test_a_title_too_long_is_held_in_words_and_the_rest_goes_on(bound: Bound) -> None:
    item = bound.item("Short")
    bound.bind()
    bound.change(item, title="x" * 300, priority="urgent")
    bound.run()
    link = bound.link(item)
    issue = bound.jira.get(str(link.issue_id))
    assert (issue["summary"], issue["priority"]["name"]) == ("Short", "Highest")
    (hold,) = Hold.objects.filter(link=link, released_at=None)
    assert "300 characters; Jira allows 255" in hold.reason
    assert link.state == "held"
    bound.jira.reset()
    bound.change(item, priority="low")
    bound.run()
    (hold,) = Hold.objects.filter(link=link)
    assert (hold.attempts, hold.released_at) == (1, None), "neither tried again nor forgotten"
    assert bound.link(item).state == "held"
    bound.change(item, title="Short again")
    bound.run()
    assert bound.link(item).state == "in_step"


def test_an_item_jira_refuses_to_create_is_held_and_can_be_retried(bound: Bound) -> None:
    bound.bind()
    item = bound.item("y" * 300)
    bound.run()
    link = bound.link(item)
    assert link.state == "held"
    (hold,) = Hold.objects.filter(link=link, released_at=None)
    bound.change(item, title="Fits now")
    retry(bound.owner, hold)
    bound.run()
    assert bound.link(item).state == "in_step"
    assert bound.jira.get(str(bound.link(item).issue_id))["summary"] == "Fits now"


def test_mending_an_item_jira_would_not_create_is_enough(bound: Bound) -> None:
    bound.bind()
    item = bound.item("z" * 300)
    bound.run()
    assert bound.link(item).state == "held"
    bound.change(item, title="Short enough")
    bound.run()
    assert bound.link(item).state == "in_step"
    assert not inbox(bound.workplace)


def test_an_unknown_assignee_never_becomes_nobody(bound: Bound) -> None:
    stranger = next(p for p in bound.jira.people if p.name != "Maya Lind")
    issue = bound.jira.create("Theirs", assignee=stranger.named)
    bound.bind()
    item = bound.item_of(issue)
    assert item.assignee is None
    assert bound.link(item).state == "differs"
    bound.change(item, title="Ours now")
    bound.run()
    there = bound.jira.get(issue)["assignee"]
    assert there["displayName"] == stranger.name
    maya = str(bound.maya.pk)
    users = {"out": {maya: stranger.account_id}, "in": {stranger.account_id: maya}}
    assert bound.binding is not None
    change_mapping(bound.owner, bound.binding, {"users": users})
    bound.run()
    item.refresh_from_db()
    assert item.assignee == bound.maya
    assert bound.link(item).state == "in_step"


def test_one_way_never_writes_here_and_shows_what_differs(bound: Bound) -> None:
    item = bound.item("Ours")
    bound.bind(Rules(direction=Direction.ONE_WAY))
    issue = str(bound.link(item).issue_id)
    bound.jira.edit(issue, duedate="2027-05-05")
    bound.jira.create("Not for us")
    bound.poll()
    item.refresh_from_db()
    assert item.due_on is None
    assert bound.link(item).state == "differs"
    assert WorkItem.objects.count() == 1
    bound.change(item, title="Ours still")
    bound.run()
    there = bound.jira.get(issue)
    assert (there["summary"], there["duedate"]) == ("Ours still", "2027-05-05")


@pytest.mark.parametrize(
    ("choice", "is_left_there"),
    [
        pytest.param("delete", False, id="the issue follows the item"),
        pytest.param("unlink", True, id="the issue stays alone"),
    ],
)
def test_deleting_here_asks_first(bound: Bound, choice: str, is_left_there: bool) -> None:
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    delete_item(item.pk, actor=bound.me)
    bound.run()
    (entry,) = inbox(bound.workplace)
    assert entry.is_deletion
    assert entry.hold is not None
    resolve_deletion(bound.owner, entry.hold, choice)
    bound.run()
    left = [i["id"] for i in bound.jira.issues(bound.jira.project_key)]
    assert (issue in left) is is_left_there
    assert bound.link(item).state == "ended"
    bound.poll()
    assert WorkItem.objects.filter(deleted_at=None).count() == 0, "it must not come back"


def test_of_two_people_who_decide_about_a_deletion_the_first_one_has_decided(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    delete_item(item.pk, actor=bound.me)
    bound.run()
    (entry,) = inbox(bound.workplace)
    assert entry.hold is not None
    seen_before = Hold.objects.get(pk=entry.hold.pk)
    resolve_deletion(bound.owner, entry.hold, "restore")
    with pytest.raises(Outdated, match="decided already"):
        resolve_deletion(bound.owner, seen_before, "delete")
    bound.run()
    item.refresh_from_db()
    assert (item.deleted_at, bound.jira.get(issue)["summary"]) == (None, item.title)


def test_a_deletion_in_jira_follows_by_rule_and_lands_in_the_trash(bound: Bound) -> None:
    item = bound.item()
    bound.bind(Rules(on_delete_here=OnDelete.DELETE))
    bound.jira.delete(str(bound.link(item).issue_id))
    sweep(bound)
    item.refresh_from_db()
    assert item.deleted_at is not None
    assert bound.link(item).state == "ended"


def test_an_emptied_project_is_not_followed_without_a_person(bound: Bound) -> None:
    items = [bound.item(f"Item {n}") for n in range(10)]
    bound.bind(Rules(on_delete_here=OnDelete.DELETE))
    for item in items:
        bound.jira.delete(str(bound.link(item).issue_id))
    sweep(bound)
    gone = WorkItem.objects.exclude(deleted_at=None).count()
    assert gone == 5
    assert sum(entry.is_deletion for entry in inbox(bound.workplace)) == 5


def test_a_restricted_comment_never_crosses(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    body = {
        "body": bound.jira.text("Secret"),
        "visibility": {"type": "role", "value": "Administrator"},
    }
    bound.jira.ask("POST", f"issue/{issue}/comment", body, by=bound.jira.service)
    bound.jira.comment(issue, "Open")
    bound.poll()
    assert [c.body for c in Comment.objects.filter(work_item=item)] == ["Open"]


def test_a_pause_keeps_the_changes_of_both_sides_for_later(bound: Bound) -> None:
    item = bound.item("Before")
    binding = bound.bind()
    issue = str(bound.link(item).issue_id)
    pause(bound.owner, binding)
    bound.change(item, title="Here")
    bound.jira.edit(issue, duedate="2027-06-06")
    bound.run()
    badge = badge_of(item)
    assert badge is not None
    assert badge.state == "paused"
    assert bound.jira.get(issue)["summary"] == "Before"
    resume(bound.owner, binding)
    bound.run()
    item.refresh_from_db()
    assert (str(item.due_on), bound.jira.get(issue)["summary"]) == ("2027-06-06", "Here")


def test_an_unlinked_pair_stays_unlinked(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    unlink(bound.owner, bound.link(item))
    bound.change(item, title="On its own")
    bound.jira.edit(issue, summary="Alone as well")
    bound.poll()
    assert Link.objects.count() == 1
    assert WorkItem.objects.count() == 1
    assert bound.jira.get(issue)["summary"] == "Alone as well"


def test_every_write_is_in_the_journal(bound: Bound) -> None:
    item = bound.item("Before")
    bound.bind()
    bound.change(item, title="After")
    add_comment(item.pk, "Said here", actor=bound.me)
    bound.run()
    rows = JournalEntry.objects.filter(link=bound.link(item), side="remote", verb="wrote")
    written = {(r.kind, r.before, r.after) for r in rows.exclude(kind="comment")}
    assert ("field", "Before", "After") in written
    assert rows.filter(kind="comment", after="Said here").exists()


def sweep(bound: Bound) -> None:
    assert bound.binding is not None
    sweep_now(bound.owner, bound.binding)
    bound.run()
