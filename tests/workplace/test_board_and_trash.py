"""Moving on the board, deleting, restoring and removing for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from helpers.builders import a_member, a_team, a_workplace, an_item, the_owner
from hypothesis import given, settings
from hypothesis import strategies as st

from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Role
from duolog.work.models import Work
from duolog.workplace import queries, services
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def team() -> Team:
    return a_team()


@pytest.fixture
def actor(team: Team) -> Actor:
    return Actor.of(the_owner(team.workplace))


def column(team: Team, name: str) -> list[int]:
    found = next(each for each in queries.board(team) if each.status.name == name)
    return [item.number for item in found.items]


def test_an_item_goes_where_it_is_dropped(team: Team, actor: Actor) -> None:
    one, two, three = (an_item(team) for _ in range(3))
    services.move_item(three.pk, "To do", actor=actor, before=one.pk)
    assert column(team, "To do") == [3, 1, 2]
    services.move_item(three.pk, "To do", actor=actor, after=one.pk)
    assert column(team, "To do") == [1, 3, 2]
    services.move_item(one.pk, "To do", actor=actor)
    assert column(team, "To do") == [3, 2, 1]
    services.move_item(two.pk, "Done", actor=actor)
    services.move_item(one.pk, "Done", actor=actor, before=two.pk)
    assert (column(team, "To do"), column(team, "Done")) == ([3], [1, 2])


def test_a_move_is_one_change_that_names_the_status(team: Team, actor: Actor) -> None:
    item = an_item(team)
    moved = services.move_item(item.pk, "Done", actor=actor)
    assert moved.version == 2
    assert ("status", "To do", "Done") in set(item.activity.values_list("field", "before", "after"))


def test_an_item_drops_between_two_though_no_number_is_left(team: Team, actor: Actor) -> None:
    items = [an_item(team, rank=1.0 + number * 1e-9) for number in range(3)]
    services.move_item(items[2].pk, "To do", actor=actor, before=items[1].pk)
    assert column(team, "To do") == [1, 3, 2]
    versions = WorkItem.objects.exclude(pk=items[2].pk).values_list("version", flat=True)
    assert set(versions) == {1}


def test_a_neighbour_must_stand_in_the_column(team: Team, actor: Actor) -> None:
    one, two = an_item(team), an_item(team, status="Done")
    for neighbour in (two.pk, one.pk, 0):
        with pytest.raises(Invalid, match="neighbour"):
            services.move_item(one.pk, "To do", actor=actor, before=neighbour)


def test_only_those_who_edit_items_move_them(team: Team) -> None:
    item = an_item(team)
    guest = Actor.of(a_member(team.workplace, role=Role.GUEST))
    with pytest.raises(Forbidden):
        services.move_item(item.pk, "Done", actor=guest)
    stranger = Actor.of(the_owner(a_workplace("Elsewhere")))
    with pytest.raises(NotFound):
        services.move_item(item.pk, "Done", actor=stranger)


@settings(max_examples=10)
@given(moves=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12))
def test_any_moves_leave_the_order_that_a_list_would_have(moves: list[tuple[int, int]]) -> None:
    team = a_team()
    actor = Actor.of(the_owner(team.workplace))
    items = [an_item(team) for _ in range(4)]
    model = [item.number for item in items]
    for moved, before in moves:
        if moved != before:
            services.move_item(items[moved].pk, "To do", actor=actor, before=items[before].pk)
            model.remove(items[moved].number)
            model.insert(model.index(items[before].number), items[moved].number)
    assert column(team, "To do") == model


def test_the_trash_gives_back_what_was_deleted(team: Team, actor: Actor) -> None:
    item = an_item(team)
    deleted = services.delete_item(item.pk, actor=actor)
    assert (deleted.version, Work.objects.get(kind="item").want) == (2, 2)
    assert queries.list_trash(team.workplace).items == (item,)
    assert not queries.list_items(team.workplace).items
    for act in (
        lambda: services.update_item(item.pk, {"title": "New"}, actor=actor),
        lambda: services.delete_item(item.pk, actor=actor),
        lambda: services.add_comment(item.pk, "Hi", actor=actor),
        lambda: queries.get_item(team.workplace, item.key),
    ):
        with pytest.raises(NotFound):
            act()
    assert services.restore_item(item.pk, actor=actor).version == 3
    assert queries.get_item(team.workplace, item.key) == item
    with pytest.raises(NotFound):
        services.restore_item(item.pk, actor=actor)


def test_after_thirty_days_an_item_is_gone_and_its_number_stays_taken(
    team: Team, actor: Actor
) -> None:
    parent = an_item(team)
    child = an_item(team, parent=parent)
    services.add_comment(parent.pk, "Hi", actor=actor)
    services.delete_item(parent.pk, actor=actor, clock=lambda: NOON)
    almost = NOON + timedelta(days=30, seconds=-1)
    assert services.purge_trash(clock=lambda: almost) == 0
    assert services.purge_trash(clock=lambda: NOON + timedelta(days=30)) == 1
    child.refresh_from_db()
    assert child.parent is None
    assert an_item(team).key == "PLAT-3"


def test_a_guest_deletes_nothing(team: Team) -> None:
    item = an_item(team)
    guest = Actor.of(a_member(team.workplace, role=Role.GUEST))
    with pytest.raises(Forbidden):
        services.delete_item(item.pk, actor=guest)
