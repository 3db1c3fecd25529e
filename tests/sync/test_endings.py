"""One side of a link is deleted: what follows, and what must not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from helpers import filed, worklogs
from helpers.bound import Bound
from helpers.interleaved import just_after

from duolog.core.lifecycle import OnDelete
from duolog.people.errors import Invalid, Outdated
from duolog.sync.basis.scopes import FilterHere
from duolog.sync.binding.services import Rules, sweep_now
from duolog.sync.inbox.settling import resolve_deletion
from duolog.sync.models import Direction, Hold
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.services import log_time
from duolog.workplace.services.comments import add_comment
from duolog.workplace.services.trash import delete_item, restore_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
FOLLOW = Rules(on_delete_jira=OnDelete.DELETE, on_delete_here=OnDelete.DELETE)


def issues(bound: Bound) -> list[str]:
    return [str(issue["id"]) for issue in bound.jira.issues(bound.jira.project_key)]


def test_an_issue_jira_does_not_let_us_delete_is_held_in_words(bound: Bound) -> None:
    item = bound.item("With a sub-task")
    bound.bind(FOLLOW)
    issue = str(bound.link(item).issue_id)
    bound.jira.create("Below", kind="Sub-task", parent={"id": issue})
    delete_item(item.pk, actor=bound.me)
    bound.run(within=60)
    assert bound.link(item).state == "held"
    assert "subtask" in bound.link(item).reason.casefold()
    assert issue in issues(bound)


def test_an_item_restored_at_the_last_moment_keeps_its_issue(bound: Bound) -> None:
    item = bound.item("Wanted after all")
    bound.bind(FOLLOW)
    issue = str(bound.link(item).issue_id)
    delete_item(item.pk, actor=bound.me)
    with just_after("GET", f"/issue/{issue}", lambda: restore_item(item.pk, actor=bound.me)):
        bound.run(within=60)
    assert issues(bound) == [issue]
    assert bound.link(item).state == "in_step"


def test_an_edit_at_the_last_moment_keeps_the_item(bound: Bound) -> None:
    item = bound.item("Before")
    binding = bound.bind(FOLLOW)
    bound.jira.delete(str(bound.link(item).issue_id))
    sweep_now(bound.owner, binding)
    with just_after("GET", "/mypermissions", lambda: bound.change(item, title="After")):
        bound.run(within=60)
    item.refresh_from_db()
    assert (item.title, item.deleted_at) == ("After", None)
    assert bound.link(item).state == "held"


def test_one_way_never_deletes_here(bound: Bound) -> None:
    item = bound.item("Only ours")
    rules = Rules(direction=Direction.ONE_WAY, on_delete_here=OnDelete.DELETE)
    binding = bound.bind(rules)
    bound.jira.delete(str(bound.link(item).issue_id))
    sweep_now(bound.owner, binding)
    bound.run(within=60)
    item.refresh_from_db()
    assert item.deleted_at is None
    assert bound.link(item).state == "held"


def test_an_issue_deleted_in_jira_is_made_anew_once_with_all_that_the_item_has(
    bound: Bound, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    item = bound.item("Still wanted", description="In full")
    add_comment(item.pk, "Said", actor=bound.me)
    filed.put(bound, item)
    log_time(item.pk, NewWorklog(started=NINE, seconds=60), actor=bound.me)
    bound.bind()
    former = str(bound.link(item).issue_id)
    bound.jira.delete(former)
    sweep_now(bound.owner, bound.binding)
    bound.run(within=60)
    hold = Hold.objects.get(released_at=None)
    lost = {"match": {"path": "*/issue*", "method": "POST", "nth": 1}, "fault": "cut_after"}
    bound.jira.sim("POST", "faults", [lost])
    resolve_deletion(bound.owner, hold, "restore")
    with pytest.raises(Outdated):
        resolve_deletion(bound.owner, hold, "restore")
    bound.run(within=300)
    (issue,) = issues(bound)
    assert issue != former
    found = bound.jira.get(issue)
    assert (found["summary"], "In full" in str(found["description"])) == (item.title, True)
    assert len(bound.jira.comments(issue)) == len(bound.jira.files(issue)) == 1
    assert [each["timeSpentSeconds"] for each in worklogs.there(bound, issue)] == [60]
    assert (bound.link(item).state, bound.link(item).issue_id) == ("in_step", issue)


def test_what_the_binding_no_longer_sends_is_not_made_anew(bound: Bound) -> None:
    item = bound.item("A bug", type="bug")
    bound.bind(Rules(filter_here=FilterHere(types=("bug",))))
    bound.jira.delete(str(bound.link(item).issue_id))
    sweep_now(bound.owner, bound.binding)
    bound.run(within=60)
    hold = Hold.objects.get(released_at=None)
    bound.change(item, type="task")
    with pytest.raises(Invalid, match="no longer sent"):
        resolve_deletion(bound.owner, hold, "restore")
    resolve_deletion(bound.owner, hold, "unlink")
    bound.run(within=60)
    assert (issues(bound), bound.link(item).state) == ([], "ended")


def test_an_item_that_is_back_already_may_still_be_asked_back(bound: Bound) -> None:
    item = bound.item("Back before the answer")
    bound.bind()
    delete_item(item.pk, actor=bound.me)
    bound.run()
    restore_item(item.pk, actor=bound.me)
    resolve_deletion(bound.owner, Hold.objects.get(released_at=None), "restore")
    bound.run()
    assert bound.link(item).state == "in_step"


def test_an_old_answer_about_a_deletion_does_not_decide_the_next(bound: Bound) -> None:
    item = bound.item("Deleted twice")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    delete_item(item.pk, actor=bound.me)
    bound.run()
    resolve_deletion(bound.owner, Hold.objects.get(released_at=None), "delete")
    restore_item(item.pk, actor=bound.me)
    bound.run()
    assert bound.link(item).state == "in_step"
    delete_item(item.pk, actor=bound.me)
    bound.run()
    assert issues(bound) == [issue]
    assert bound.link(item).state == "held"


@pytest.mark.parametrize("first", ["here", "jira"])
def test_once_neither_side_is_there_nobody_is_asked_any_more(bound: Bound, first: str) -> None:
    item = bound.item("Deleted on both sides")
    bound.bind()
    link = bound.link(item)

    def delete(where: str) -> None:
        if where == "here":
            delete_item(item.pk, actor=bound.me)
        else:
            bound.jira.delete(str(link.issue_id))
        sweep_now(bound.owner, bound.binding)
        bound.run(within=60)

    delete(first)
    assert Hold.objects.filter(released_at=None).count() == 1
    delete("jira" if first == "here" else "here")
    assert not Hold.objects.filter(released_at=None).exists()
    assert bound.link(item).state == "ended"
