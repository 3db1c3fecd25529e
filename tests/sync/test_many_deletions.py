"""Many deletions at once wait for a person, and are settled by one decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from helpers.bound import Bound

from duolog.core.lifecycle import OnDelete
from duolog.people.errors import Forbidden, Invalid, NotFound, Outdated
from duolog.people.models import AuditEntry
from duolog.sync.binding.services import Rules, sweep_now, unlink
from duolog.sync.inbox.deletions import Deletions, decide, get_deletions, list_deletions
from duolog.sync.marks import ask_to_look
from duolog.sync.models import Hold, JournalEntry, Link
from duolog.workplace.models import WorkItem
from duolog.workplace.services.trash import delete_item

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
FOLLOW = Rules(on_delete_jira=OnDelete.DELETE, on_delete_here=OnDelete.DELETE)
MANY, HELD = 9, 4
"""Of nine that are deleted the guard holds all but the first five."""


def after_deleting(bound: Bound, where: str) -> Deletions:
    """What waits after nine of ten were deleted on one side."""
    items = [bound.item(f"Item {number}") for number in range(MANY + 1)]
    bound.bind(FOLLOW)
    for item in items[:MANY]:
        if where == "here":
            delete_item(item.pk, actor=bound.me)
        else:
            bound.jira.delete(str(bound.link(item).issue_id))
    sweep_now(bound.owner, bound.binding)
    bound.run(within=60)
    (found,) = list_deletions(bound.workplace)
    assert (found.where, len(found.holds)) == (where, HELD)
    return found


def alive(bound: Bound) -> tuple[int, int]:
    """How many items and how many issues there are."""
    here = WorkItem.objects.filter(deleted_at=None).count()
    return here, len(bound.jira.issues(bound.jira.project_key))


def test_links_that_ended_long_ago_do_not_make_the_guard_weaker(bound: Bound) -> None:
    items = [bound.item(f"Item {number}") for number in range(40)]
    bound.bind(FOLLOW)
    for item in items[MANY:]:
        unlink(bound.owner, bound.link(item))
    for item in items[:MANY]:
        delete_item(item.pk, actor=bound.me)
    bound.run(within=60)
    (found,) = list_deletions(bound.workplace)
    assert len(found.holds) == HELD


@pytest.mark.parametrize(
    ("where", "choice", "left"),
    [
        pytest.param("here", "delete", (1, 1), id="the issues go too"),
        pytest.param("here", "unlink", (1, 1 + HELD), id="the issues stay alone"),
        pytest.param("here", "restore", (1 + HELD, 1 + HELD), id="the items come back"),
        pytest.param("jira", "delete", (1, 1), id="the items go too"),
        pytest.param("jira", "unlink", (1 + HELD, 1), id="the items stay alone"),
        pytest.param("jira", "restore", (1 + HELD, 1 + HELD), id="the issues are made anew"),
    ],
)
def test_one_decision_settles_all(
    bound: Bound, where: str, choice: str, left: tuple[int, int]
) -> None:
    asked = after_deleting(bound, where)
    names = [name.partition(" ")[0] for name in asked.names]
    assert decide(bound.owner, asked, choice, version=asked.version) == HELD
    bound.run(within=60)
    assert alive(bound) == left
    assert not Hold.objects.filter(released_at=None).exists()
    told = AuditEntry.objects.get(act="deletions decided").subject
    assert told.startswith(f"{HELD} deleted in {where}")
    assert all(name in told for name in names)
    in_step = Link.objects.filter(state="in_step").count()
    assert in_step == (1 + HELD if choice == "restore" else 1)
    if choice == "delete":
        assert JournalEntry.objects.filter(kind="link", verb="deleted").count() == MANY


@pytest.mark.parametrize("where", ["here", "jira"])
def test_who_asks_a_person_does_not_answer_itself_the_day_after(bound: Bound, where: str) -> None:
    after_deleting(bound, where)
    before = alive(bound)
    a_while_ago = timezone.now() - timedelta(days=2)
    JournalEntry.objects.filter(verb="deleted").update(at=a_while_ago)
    ask_to_look(Link.objects.filter(state="held").values_list("pk", flat=True))
    sweep_now(bound.owner, bound.binding)
    bound.run(within=60)
    (found,) = list_deletions(bound.workplace)
    assert (len(found.holds), alive(bound)) == (HELD, before)


def test_a_decision_is_about_what_was_shown(bound: Bound) -> None:
    asked = after_deleting(bound, "here")
    with pytest.raises(Forbidden):
        decide(bound.maya, asked, "unlink", version=asked.version)
    with pytest.raises(Invalid):
        decide(bound.owner, asked, "both", version=asked.version)
    (left,) = WorkItem.objects.filter(deleted_at=None)
    delete_item(left.pk, actor=bound.me)
    bound.run(within=60)
    with pytest.raises(Outdated):
        decide(bound.owner, asked, "delete", version=asked.version)
    again = get_deletions(bound.workplace, asked.id)
    assert len(again.holds) == HELD + 1
    assert decide(bound.owner, again, "unlink", version=again.version) == HELD + 1
    with pytest.raises(NotFound):
        get_deletions(bound.workplace, asked.id)
