"""A settlement taken back: whoever settled it, only its own writes, and only once."""

from __future__ import annotations

import pytest
from helpers.bound import Bound

from duolog.core.policy import ConflictPolicy
from duolog.people.errors import Outdated
from duolog.sync.binding.services import Rules, change_rules
from duolog.sync.inbox.history import list_settled
from duolog.sync.inbox.settling import resolve, undo_settlement
from duolog.sync.models import Conflict
from duolog.workplace.models import WorkItem

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def clash(bound: Bound, item: WorkItem, here: object, there: str, field: str = "title") -> Conflict:
    """The conflict of two edits of one field, ours and then Jira's."""
    bound.change(item, **{field: here})
    bound.jira.sim("POST", "clock", {"advance_seconds": 5})
    name = {"title": "summary", "description": "description"}[field]
    value = there if field == "title" else bound.jira.text(*there.split("\n\n"))
    bound.jira.edit(str(bound.link(item).issue_id), **{name: value})
    bound.poll()
    return Conflict.objects.filter(link=bound.link(item)).latest("pk")


def titles(bound: Bound, item: WorkItem) -> tuple[str, str]:
    """What is here and in Jira, once nothing more is to be done."""
    bound.poll()
    item.refresh_from_db()
    return item.title, str(bound.jira.get(str(bound.link(item).issue_id))["summary"])


def offered(bound: Bound) -> set[int]:
    return {each.conflict_id for each in list_settled(bound.workplace)} - {0}


@pytest.mark.parametrize(
    ("policy", "other"),
    [
        pytest.param(ConflictPolicy.JIRA_WINS, "Ours", id="Jira had won"),
        pytest.param(ConflictPolicy.DUOLOG_WINS, "Theirs", id="Duolog had won"),
    ],
)
def test_what_a_policy_settled_is_undone(bound: Bound, policy: ConflictPolicy, other: str) -> None:
    item = bound.item("As it was")
    bound.bind(Rules(conflict_policy=policy))
    row = clash(bound, item, "Ours", "Theirs")
    assert offered(bound) == {row.pk}
    undo_settlement(bound.owner, row)
    assert titles(bound, item) == (other, other)


def test_a_policy_chosen_later_settles_the_conflict_that_waits(bound: Bound) -> None:
    item = bound.item("As it was")
    binding = bound.bind()
    row = clash(bound, item, "Ours", "Theirs")
    change_rules(bound.owner, binding, Rules(conflict_policy=ConflictPolicy.DUOLOG_WINS))
    bound.change(item, priority="low")
    assert titles(bound, item) == ("Ours", "Ours")
    (settled,) = list_settled(bound.workplace)
    assert (settled.words, settled.conflict_id) == ("Title: what was here was kept", row.pk)


def test_what_was_undone_is_neither_offered_nor_undone_again(bound: Bound) -> None:
    item = bound.item("As it was")
    bound.bind(Rules(conflict_policy=ConflictPolicy.JIRA_WINS))
    row = clash(bound, item, "Ours", "Theirs")
    undo_settlement(bound.owner, row)
    assert titles(bound, item) == ("Ours", "Ours")
    assert offered(bound) == set()
    with pytest.raises(Outdated, match="undone already"):
        undo_settlement(bound.owner, row)
    assert titles(bound, item) == ("Ours", "Ours")


def test_a_later_settlement_is_not_undone_with_an_earlier_one(bound: Bound) -> None:
    item = bound.item("As it was")
    bound.bind()
    first = clash(bound, item, "Ours", "Theirs")
    resolve(bound.owner, bound.link(item), {"title": "here"})
    assert titles(bound, item) == ("Ours", "Ours")
    second = clash(bound, item, "Ours again", "Theirs again")
    assert second != first
    resolve(bound.owner, bound.link(item), {"title": "jira"})
    assert titles(bound, item) == ("Theirs again", "Theirs again")
    first.refresh_from_db()
    with pytest.raises(Outdated, match="changed"):
        undo_settlement(bound.owner, first)
    assert titles(bound, item) == ("Theirs again", "Theirs again")


def test_of_two_texts_merged_both_sides_get_what_was_here(bound: Bound) -> None:
    item = bound.item(description="One.\n\nTwo.")
    bound.bind()
    row = clash(bound, item, "One, ours.\n\nTwo.", "One.\n\nTwo, theirs.", "description")
    item.refresh_from_db()
    assert (row.winner, item.description) == ("merged", "One, ours.\n\nTwo, theirs.")
    undo_settlement(bound.owner, row)
    bound.poll()
    item.refresh_from_db()
    there = bound.jira.get(str(bound.link(item).issue_id))["description"]
    assert (item.description, there) == (
        "One, ours.\n\nTwo.",
        bound.jira.text("One, ours.", "Two."),
    )
    assert offered(bound) == set()
