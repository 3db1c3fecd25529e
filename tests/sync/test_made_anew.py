"""Deleted in Jira, and made anew there by a person's choice: once, with all that the item has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from helpers import filed
from helpers.bound import Bound, a_bound_team
from helpers.crashes import LONGEST_LAG, at_every_effect
from helpers.held import held_here, held_there
from helpers.jirasim import Jira
from helpers.killed import IS_NIGHTLY, STEP

from duolog.sync.binding.services import sweep_now
from duolog.sync.inbox.settling import resolve_deletion
from duolog.sync.marks import ask_to_look
from duolog.sync.models import ChildLink, Conflict, Hold, Link, LinkState
from duolog.workplace.models import Reading, WorkItem
from duolog.workplace.queries import list_related
from duolog.workplace.services import add_relation
from duolog.workplace.services.comments import add_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def bound(jira: Jira, settings: Any, tmp_path: Any) -> Iterator[Bound]:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    with a_bound_team(jira) as bound:
        yield bound


def make(bound: Bound, title: str, other: WorkItem) -> WorkItem:
    """An item with something of each kind on it, in step."""
    item = bound.item(title, labels=["a"], status="Done")
    add_comment(item.pk, "Said once", actor=bound.me)
    filed.put(bound, item)
    add_relation(item.pk, Reading.BLOCKS, other.pk, actor=bound.me)
    bound.run()
    return item


def delete_there(bound: Bound, item: WorkItem) -> None:
    """Its issue goes in Jira, and the inbox asks what is to follow."""
    bound.jira.delete(str(bound.link(item).issue_id))
    sweep_now(bound.owner, bound.binding)
    bound.run()


def restore(bound: Bound) -> None:
    """A person has it made anew, if they are still asked."""
    for hold in Hold.objects.filter(released_at=None).select_related("link__binding"):
        resolve_deletion(bound.owner, hold, "restore")


def assert_made_anew(bound: Bound, item: WorkItem, other: WorkItem) -> None:
    item.refresh_from_db()
    titles = [item.title, other.title]
    found = [
        issue
        for issue in bound.jira.issues(bound.jira.project_key)
        if issue["fields"]["summary"] in titles
    ]
    assert sorted(issue["fields"]["summary"] for issue in found) == sorted(titles)
    (issue,) = [each for each in found if each["fields"]["summary"] == item.title]
    assert held_here(item) == held_there(issue)
    assert [each.other.title for each in list_related(item)] == [other.title]
    links = Link.objects.filter(work_item=item)
    assert sorted(links.values_list("state", flat=True)) == [LinkState.ENDED, LinkState.IN_STEP]
    children = ChildLink.objects.filter(link=bound.link(item)).exclude(state="ended")
    assert not children.filter(remote_id=None).exists()
    assert not Conflict.objects.exists()


def test_a_crash_at_any_effect_makes_it_anew_once(bound: Bound) -> None:
    other = bound.item("The other")
    bound.bind()

    def work(effect: int) -> Callable[[], object]:
        item = make(bound, f"Anew at {effect:03}", other)
        delete_there(bound, item)
        return lambda: (restore(bound), bound.run())

    def check(effect: int) -> None:
        item = WorkItem.objects.get(title=f"Anew at {effect:03}")
        ask_to_look([bound.link(other).pk])
        bound.run(within=LONGEST_LAG)
        assert_made_anew(bound, item, other)

    points = range(1, 1_000, STEP if IS_NIGHTLY else 5 * STEP)
    assert at_every_effect(bound, work, check, points, meanwhile=lambda: restore(bound)) > 10
