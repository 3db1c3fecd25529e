"""Undo of what the sync wrote: both sides get back what was before, or it says why not."""

from __future__ import annotations

import pytest
from helpers.bound import Bound
from helpers.killed import STEP, killed_at

from duolog.core.lifecycle import OnDelete
from duolog.core.policy import ConflictPolicy
from duolog.people.errors import Forbidden, Outdated
from duolog.people.models import Role
from duolog.sync.binding.services import Rules, sweep_now
from duolog.sync.inbox.settling import resolve
from duolog.sync.models import JournalEntry, Run
from duolog.sync.shown.journal import JournalFilter, list_journal
from duolog.sync.undo.runs import undo_run
from duolog.sync.undo.writes import undo_item, undo_write
from duolog.work.queue import release_leases
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.comments import add_comment, delete_comment, edit_comment
from duolog.workplace.services.trash import delete_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def last(bound: Bound, kind: str, key: str = "", **which: object) -> JournalEntry:
    """The newest write of a slot."""
    rows = JournalEntry.objects.filter(kind=kind, **which)
    return rows.filter(key=key).latest("pk") if key else rows.latest("pk")


def at_rest(bound: Bound, item: WorkItem) -> tuple[WorkItem, dict]:
    """The item and its issue, once nothing is left to do, and another look writes nothing."""
    bound.run(within=60)
    written = JournalEntry.objects.count()
    bound.poll()
    assert JournalEntry.objects.count() == written
    item.refresh_from_db()
    assert bound.link(item).state == "in_step", bound.link(item).reason
    return item, bound.jira.get(str(bound.link(item).issue_id))


def titled(bound: Bound) -> WorkItem:
    """An item whose title was changed here, and that change sent."""
    item = bound.item("Before")
    bound.bind()
    bound.change(item, title="After")
    bound.run()
    return item


def test_a_write_to_jira_is_undone_on_both_sides(bound: Bound) -> None:
    item = titled(bound)
    entry = last(bound, "field", "title")
    assert (entry.side, entry.cause, entry.actor) == ("remote", "here", bound.owner.name)
    undo_write(bound.owner, entry)
    item, issue = at_rest(bound, item)
    assert (item.title, issue["summary"]) == ("Before", "Before")
    here, there = JournalEntry.objects.filter(cause="undo").order_by("pk")
    assert (here.side, here.undoes, here.actor) == ("local", entry, bound.owner.name)
    assert (there.side, there.actor) == ("remote", bound.owner.name)
    entry.refresh_from_db()
    assert entry.undone_by == bound.owner


def test_an_edit_that_came_from_jira_is_undone_on_both_sides(bound: Bound) -> None:
    item = bound.item("Before")
    bound.bind()
    bound.jira.edit(str(bound.link(item).issue_id), summary="Theirs", duedate="2027-03-01")
    bound.poll()
    undo_write(bound.owner, last(bound, "field", "title", side="local"))
    item, issue = at_rest(bound, item)
    assert (item.title, issue["summary"]) == ("Before", "Before")
    assert str(item.due_on) == issue["duedate"] == "2027-03-01", "only that one write"


def test_an_undo_is_made_once_and_can_itself_be_undone(bound: Bound) -> None:
    item = titled(bound)
    entry = last(bound, "field", "title")
    undo_write(bound.owner, entry)
    with pytest.raises(Outdated, match="undone already"):
        undo_write(bound.owner, entry)
    at_rest(bound, item)
    with pytest.raises(Outdated, match="undone already"):
        undo_write(bound.owner, entry)
    undo_write(bound.owner, last(bound, "field", "title", side="local", cause="undo"))
    item, issue = at_rest(bound, item)
    assert (item.title, issue["summary"]) == ("After", "After")


@pytest.mark.parametrize("where", ["here", "Jira"])
def test_nothing_newer_is_put_over(bound: Bound, where: str) -> None:
    item = titled(bound)
    entry = last(bound, "field", "title")
    if where == "here":
        bound.change(item, title="Newer")
    else:
        bound.jira.edit(str(bound.link(item).issue_id), summary="Newer")
    with pytest.raises(Outdated, match=f"changed (in )?{where} since"):
        undo_write(bound.owner, entry)
    bound.poll()
    item, issue = at_rest(bound, item)
    assert (item.title, issue["summary"]) == ("Newer", "Newer")
    assert entry.undone_at is None


def test_an_item_goes_back_to_a_moment(bound: Bound) -> None:
    item = bound.item("First", labels=["kept"])
    bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.change(item, title="Second", labels=["kept", "ours"])
    bound.run()
    since = last(bound, "field", "title").at
    bound.jira.edit(issue, summary="Third", priority={"name": "High"})
    bound.poll()
    result = undo_item(bound.owner, bound.link(item), since=since)
    assert len(result.undone) == 4
    item, fields = at_rest(bound, item)
    assert (item.title, fields["summary"]) == ("First", "First")
    assert [label.name for label in item.labels.all()] == fields["labels"] == ["kept"]
    assert item.priority != "high"


def test_only_the_last_pass_of_an_item_is_undone(bound: Bound) -> None:
    item = titled(bound)
    bound.change(item, title="Later", priority="high")
    bound.run()
    result = undo_item(bound.owner, bound.link(item))
    assert {entry.key for entry in result.undone} == {"title", "priority"}
    item, issue = at_rest(bound, item)
    assert (item.title, issue["summary"], item.priority) == ("After", "After", "none")


def test_of_many_writes_those_that_do_not_fit_are_named(bound: Bound) -> None:
    item = titled(bound)
    bound.change(item, title="Later", priority="high")
    bound.run()
    bound.jira.edit(str(bound.link(item).issue_id), summary="Theirs")
    result = undo_item(bound.owner, bound.link(item))
    assert [entry.key for entry in result.undone] == ["priority"]
    (kept,) = result.kept
    assert (kept.entry.key, "in Jira since" in kept.why) == ("title", True)


def test_a_comment_gets_its_former_text_back(bound: Bound) -> None:
    item = bound.item()
    comment = add_comment(item.pk, "As it was", actor=bound.me)
    bound.bind()
    edit_comment(comment.pk, "Rewritten", actor=bound.me)
    bound.run()
    undo_write(bound.owner, last(bound, "comment", side="remote"))
    at_rest(bound, item)
    comment.refresh_from_db()
    assert comment.body == "As it was"
    (there,) = bound.jira.comments(str(bound.link(item).issue_id))
    assert "As it was" in str(there["body"])


def test_a_comment_deleted_here_comes_back_on_both_sides(bound: Bound) -> None:
    item = bound.item()
    comment = add_comment(item.pk, "Wanted", actor=bound.me)
    bound.bind()
    delete_comment(comment.pk, actor=bound.me)
    bound.run()
    issue = str(bound.link(item).issue_id)
    assert not bound.jira.comments(issue)
    undo_write(bound.owner, last(bound, "comment", side="remote"))
    at_rest(bound, item)
    (here,) = Comment.objects.filter(work_item=item, deleted_at=None)
    assert (here.pk, here.body, here.author) == (comment.pk, "Wanted", bound.owner)
    (there,) = bound.jira.comments(issue)
    assert "Wanted" in str(there["body"])


def test_a_comment_deleted_in_jira_comes_back_on_both_sides(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    comment = bound.jira.comment(issue, "Theirs")
    bound.poll()
    bound.jira.ask("DELETE", f"issue/{issue}/comment/{comment}", by=bound.jira.service)
    bound.jira.edit(issue, summary="So that a poll sees it")
    bound.poll()
    undo_write(bound.owner, last(bound, "comment", side="local"))
    at_rest(bound, item)
    (here,) = Comment.objects.filter(work_item=item, deleted_at=None)
    assert here.body == "Theirs"
    (there,) = bound.jira.comments(issue)
    assert "Theirs" in str(there["body"])


def test_a_settlement_is_undone_by_undoing_its_write(bound: Bound) -> None:
    item = bound.item("As it was")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.change(item, title="Ours")
    bound.jira.edit(issue, summary="Theirs")
    bound.run()
    resolve(bound.owner, bound.link(item), {"title": "here"})
    bound.run()
    entry = last(bound, "field", "title")
    assert (entry.cause, entry.actor) == ("settled", bound.owner.name)
    undo_write(bound.owner, entry)
    item, fields = at_rest(bound, item)
    assert (item.title, fields["summary"]) == ("Theirs", "Theirs")


def test_what_a_policy_chose_is_undone(bound: Bound) -> None:
    item = bound.item("As it was")
    bound.bind(Rules(conflict_policy=ConflictPolicy.DUOLOG_WINS))
    issue = str(bound.link(item).issue_id)
    bound.change(item, title="Ours")
    bound.jira.edit(issue, summary="Theirs")
    bound.run()
    entry = last(bound, "field", "title")
    assert entry.cause == "policy"
    undo_write(bound.owner, entry)
    item, fields = at_rest(bound, item)
    assert (item.title, fields["summary"]) == ("Theirs", "Theirs")


def test_an_issue_made_of_an_item_goes_again_and_is_not_made_anew(bound: Bound) -> None:
    bound.bind()
    item = bound.item("Sent by mistake")
    bound.run()
    issue = str(bound.link(item).issue_id)
    undo_write(bound.owner, last(bound, "link", verb="created"))
    bound.run(within=200)
    assert bound.jira.find(issue) is None
    item.refresh_from_db()
    assert item.deleted_at is None
    bound.change(item, title="Still only here")
    bound.run(within=200)
    bound.poll()
    assert not bound.jira.issues(bound.jira.project_key)
    assert bound.link(item).state == "ended"


@pytest.mark.parametrize("crossed", [False, True], ids=["unseen", "crossed"])
def test_an_issue_changed_in_jira_since_is_not_deleted(bound: Bound, crossed: bool) -> None:
    bound.bind()
    item = bound.item("Sent")
    bound.run()
    issue = str(bound.link(item).issue_id)
    bound.jira.comment(issue, "I work on this")
    if crossed:
        bound.poll()
    with pytest.raises(Outdated, match="changed in Jira"):
        undo_write(bound.owner, last(bound, "link", verb="created"))
    assert bound.jira.find(issue) is not None


def test_an_item_made_of_an_issue_goes_to_the_trash_and_the_issue_stays(bound: Bound) -> None:
    bound.bind(Rules(on_delete_jira=OnDelete.DELETE))
    issue = bound.jira.create("Theirs")
    bound.poll()
    item = bound.item_of(issue)
    entry = last(bound, "link", verb="created")
    assert (entry.side, entry.cause) == ("local", "jira")
    undo_write(bound.owner, entry)
    bound.run(within=60)
    bound.poll()
    item.refresh_from_db()
    assert item.deleted_at is not None
    assert bound.jira.find(issue) is not None
    assert WorkItem.objects.filter(deleted_at=None).count() == 0


def test_an_item_changed_here_since_does_not_go_to_the_trash(bound: Bound) -> None:
    bound.bind()
    issue = bound.jira.create("Theirs")
    bound.poll()
    item = bound.item_of(issue)
    bound.change(item, title="Ours by now")
    bound.run()
    with pytest.raises(Outdated, match="changed here"):
        undo_write(bound.owner, last(bound, "link", verb="created"))
    item.refresh_from_db()
    assert item.deleted_at is None


def test_an_item_deleted_after_its_issue_comes_back_alone(bound: Bound) -> None:
    item = bound.item("Wanted")
    bound.bind(Rules(on_delete_here=OnDelete.DELETE))
    bound.jira.delete(str(bound.link(item).issue_id))
    sweep_now(bound.owner, bound.binding)
    bound.run(within=60)
    item.refresh_from_db()
    assert item.deleted_at is not None
    undo_write(bound.owner, last(bound, "link", verb="deleted"))
    bound.run(within=60)
    item.refresh_from_db()
    assert item.deleted_at is None
    assert not bound.jira.issues(bound.jira.project_key)


def test_a_deleted_issue_cannot_come_back_and_it_says_so(bound: Bound) -> None:
    item = bound.item("Deleted here")
    bound.bind(Rules(on_delete_jira=OnDelete.DELETE))
    delete_item(item.pk, actor=bound.me)
    bound.run(within=60)
    with pytest.raises(Outdated, match="keeps no trash"):
        undo_write(bound.owner, last(bound, "link", verb="deleted"))


def test_a_whole_send_is_undone_and_what_was_worked_on_stays(bound: Bound) -> None:
    items = [bound.item(f"Number {n}") for n in range(4)]
    bound.bind()
    worked_on = str(bound.link(items[2]).issue_id)
    bound.jira.edit(worked_on, summary="In use")
    run = Run.objects.get(kind="send")
    assert JournalEntry.objects.filter(run=run, verb="created").count() == 4
    undoing = undo_run(bound.owner, run)
    assert undo_run(bound.owner, run) == undoing, "asked for twice, begun once"
    bound.run(within=60)
    left = bound.jira.issues(bound.jira.project_key)
    assert [issue["id"] for issue in left] == [worked_on]
    undoing.refresh_from_db()
    assert (undoing.state, undoing.found > 0) == ("done", True)
    kept = [e for e in list_journal(bound.workplace, JournalFilter(run_id=run.pk)) if e.not_undone]
    assert {entry.link for entry in kept} == {bound.link(items[2])}
    assert "changed in Jira" in kept[0].not_undone
    assert WorkItem.objects.filter(deleted_at=None).count() == 4


def test_undoing_a_whole_run_or_a_making_is_for_those_who_may_bind(bound: Bound) -> None:
    bound.item("Sent")
    bound.bind()
    assert bound.maya.role == Role.MEMBER
    with pytest.raises(Forbidden):
        undo_run(bound.maya, Run.objects.get(kind="send"))
    with pytest.raises(Forbidden):
        undo_write(bound.maya, last(bound, "link", verb="created"))


@pytest.mark.kill
@pytest.mark.timeout(600)
def test_an_undo_survives_a_kill_at_every_effect(bound: Bound) -> None:
    item = bound.item("Number 0")
    bound.bind()
    effect = 0
    while True:
        effect += STEP
        bound.change(item, title=f"Number {effect}")
        bound.run()
        entry = last(bound, "field", "title", side="remote")

        def undo(entry: JournalEntry = entry) -> None:
            undo_write(bound.owner, entry)
            bound.run()

        killed = killed_at(effect, undo)
        release_leases()
        bound.run(within=130)
        entry.refresh_from_db()
        if entry.undone_at is None:
            undo_write(bound.owner, entry)
        item, issue = at_rest(bound, item)
        assert item.title == issue["summary"] == f"Number {effect - STEP}"
        assert JournalEntry.objects.filter(undoes=entry).count() == 1
        bound.change(item, title=f"Number {effect}")
        bound.run()
        if not killed:
            break
    assert effect > 5
