"""One side of a link is deleted: what follows, and what must not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.interleaved import just_after
from helpers.jirasim import Jira

from duolog.core.lifecycle import OnDelete
from duolog.sync.models import Direction, Hold
from duolog.sync.services import Rules, sweep_now
from duolog.sync.settling import resolve_deletion
from duolog.workplace.services.trash import delete_item, restore_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
FOLLOW = Rules(on_delete_jira=OnDelete.DELETE, on_delete_here=OnDelete.DELETE)


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        yield bound


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
