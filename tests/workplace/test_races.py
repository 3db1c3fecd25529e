"""Threads at the same rows: no number twice, no change lost, no circle of parents."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from helpers.builders import a_team, an_item, the_owner

from duolog.people.errors import Invalid, Stale
from duolog.workplace import services
from duolog.workplace.actors import Actor
from duolog.workplace.models import Attachment, Reading, Relation, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each act returned or raised, all begun at the same moment in threads of their own."""
    barrier = threading.Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        barrier.wait(timeout=5)
        try:
            return act()
        except (Invalid, Stale) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def test_no_number_is_given_twice() -> None:
    team = a_team()
    actor = Actor.of(the_owner(team.workplace))

    def make() -> list[int]:
        new = services.NewItem(title="Mend it")
        return [services.create_item(team.pk, new, actor=actor).number for _ in range(5)]

    numbers = [number for made in at_once([make] * 4) for number in made]
    assert sorted(numbers) == list(range(1, 21))


def test_of_two_who_expect_the_same_version_one_is_told_to_look_again() -> None:
    item = an_item()
    actor = Actor.of(the_owner(item.team.workplace))

    def change(title: str) -> Callable[[], WorkItem]:
        return lambda: services.update_item(
            item.pk, {"title": title}, actor=actor, expected_version=1
        )

    outcomes = at_once([change("Mine"), change("Yours")])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Stale", "WorkItem"]


def test_changes_of_different_fields_both_stay() -> None:
    item = an_item()
    actor = Actor.of(the_owner(item.team.workplace))
    at_once(
        [
            lambda: services.update_item(item.pk, {"title": "New"}, actor=actor),
            lambda: services.update_item(item.pk, {"priority": "high"}, actor=actor),
            lambda: services.add_label(item.pk, "red", actor=actor),
            lambda: services.add_comment(item.pk, "Hi", actor=actor),
        ]
    )
    item.refresh_from_db()
    assert (item.title, item.priority, item.version) == ("New", "high", 5)
    assert (item.labels.count(), item.comments.count()) == (1, 1)


def test_two_items_do_not_become_each_others_parent() -> None:
    one = an_item()
    two = an_item(one.team)
    actor = Actor.of(the_owner(one.team.workplace))
    outcomes = at_once(
        [
            lambda: services.update_item(one.pk, {"parent": two}, actor=actor),
            lambda: services.update_item(two.pk, {"parent": one}, actor=actor),
        ]
    )
    assert sum(isinstance(outcome, Invalid) for outcome in outcomes) == 1
    assert WorkItem.objects.exclude(parent=None).count() == 1


def test_bulk_edits_in_opposite_order_both_finish() -> None:
    items = [an_item()]
    items += [an_item(items[0].team) for _ in range(5)]
    ids = [item.pk for item in items]
    actor = Actor.of(the_owner(items[0].team.workplace))
    at_once(
        [
            lambda: services.bulk_update(ids, {"priority": "high"}, actor=actor),
            lambda: services.bulk_update(ids[::-1], {"type": "bug"}, actor=actor),
        ]
    )
    rows = set(WorkItem.objects.values_list("priority", "type", "version"))
    assert rows == {("high", "bug", 3)}


def test_a_relation_told_from_both_ends_at_once_is_one() -> None:
    one = an_item()
    two = an_item(one.team)
    actor = Actor.of(the_owner(one.team.workplace))
    made = at_once(
        [
            lambda: services.add_relation(one.pk, Reading.BLOCKS, two.pk, actor=actor),
            lambda: services.add_relation(two.pk, Reading.IS_BLOCKED_BY, one.pk, actor=actor),
        ]
    )
    assert made[0] == made[1] == Relation.objects.get()


def test_of_two_items_that_would_block_each_other_one_is_refused() -> None:
    one = an_item()
    two = an_item(one.team)
    actor = Actor.of(the_owner(one.team.workplace))
    outcomes = at_once(
        [
            lambda: services.add_relation(one.pk, Reading.BLOCKS, two.pk, actor=actor),
            lambda: services.add_relation(two.pk, Reading.BLOCKS, one.pk, actor=actor),
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Invalid", "Relation"]


def test_a_file_sent_twice_at_once_hangs_there_once() -> None:
    item = an_item()
    actor = Actor.of(the_owner(item.team.workplace))

    def send() -> Attachment:
        return services.attach(item.pk, services.keep_file("a.txt", [b"abc"]), actor=actor)

    first, second = at_once([send, send])
    assert first == second == Attachment.objects.get()
    assert WorkItem.objects.get(pk=item.pk).version == 2
