"""Lists, board, details and live changes: right, within the workplace, and at a fixed cost."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from helpers.builders import a_member, a_team, a_workplace, an_item, the_owner
from pytest_django import DjangoAssertNumQueries

from duolog.people.errors import Invalid, NotFound
from duolog.people.models import Workplace
from duolog.workplace import queries, services
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team, WorkItem
from duolog.workplace.queries import GroupBy, ItemFilter, Sort

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def team() -> Team:
    return a_team()


@pytest.fixture
def workplace(team: Team) -> Workplace:
    return team.workplace


@pytest.fixture
def actor(workplace: Workplace) -> Actor:
    return Actor.of(the_owner(workplace))


def a_varied_list(team: Team, actor: Actor, count: int = 12) -> list[WorkItem]:
    """Items that tie in some fields, differ in others, and lack some."""
    ann, bo = (a_member(team.workplace, name=name) for name in ("Ann Lee", "Bo Chen"))
    project = services.create_project(team.workplace, "Checkout", actor=actor)
    items = []
    for number in range(count):
        item = an_item(
            team,
            title=f"Item {number % 5}",
            status=("Done", "To do", "In progress")[number % 3],
            priority=("low", "urgent", "none", "high")[number % 4],
            assignee=(ann, None, bo)[number % 3],
            project=(None, project)[number % 2],
            type=("bug", "task")[number % 2],
            due_on=(None, date(2026, 5, 1), date(2026, 1, 1))[number % 3],
            labels=("red",) if number % 2 else (),
        )
        services.add_comment(item.pk, "Seen", actor=actor)
        items.append(item)
    return items


@pytest.mark.parametrize("group", [None, *GroupBy])
def test_pages_together_are_the_whole_list_in_one_order(
    team: Team, actor: Actor, group: GroupBy | None
) -> None:
    a_varied_list(team, actor)
    for sort, is_descending in product(set(Sort) - {Sort.DELETED}, (False, True)):
        order = {"sort": sort, "group": group, "is_descending": is_descending}
        whole = queries.list_items(team.workplace, **order).items
        met: list[WorkItem] = []
        cursor = ""
        while len(met) < len(whole):
            page = queries.list_items(team.workplace, **order, page=(cursor, 5))
            met.extend(page.items)
            cursor = page.next_cursor
            assert bool(cursor) == (len(met) < len(whole)), order
        assert met == list(whole), order
        assert len(set(whole)) == 12


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        pytest.param(Sort.PRIORITY, ["urgent", "high", "low", "none"], id="urgent comes first"),
        pytest.param(Sort.STATUS, ["To do", "In progress", "Done"], id="in the team's own order"),
        pytest.param(Sort.ASSIGNEE, ["Ann Lee", "Bo Chen", None], id="nobody comes last"),
        pytest.param(Sort.DUE, [date(2026, 1, 1), date(2026, 5, 1), None], id="no date is last"),
    ],
)
def test_an_order_means_what_people_expect(
    team: Team, actor: Actor, sort: Sort, shown: list[object]
) -> None:
    a_varied_list(team, actor)
    of = {
        Sort.PRIORITY: lambda item: item.priority,
        Sort.STATUS: lambda item: item.status.name,
        Sort.ASSIGNEE: lambda item: item.assignee and item.assignee.name,
        Sort.DUE: lambda item: item.due_on,
    }[sort]
    met = [of(item) for item in queries.list_items(team.workplace, sort=sort).items]
    assert list(dict.fromkeys(met)) == shown
    assert met == sorted(met, key=shown.index)


def test_groups_are_counted_over_all_pages(team: Team, actor: Actor) -> None:
    a_varied_list(team, actor)
    for group in GroupBy:
        counts = queries.count_groups(team.workplace, ItemFilter(), group)
        items = queries.list_items(team.workplace, group=group).items
        met = [queries.group_of(item, group) for item in items]
        assert {key.value: met.count(key) for key in met} == counts


def test_a_cursor_of_another_order_is_refused(team: Team, actor: Actor) -> None:
    a_varied_list(team, actor, 3)
    page = queries.list_items(team.workplace, sort=Sort.TITLE, page=("", 1))
    for cursor in (page.next_cursor, "garbage", "W10", "bnVsbA"):
        with pytest.raises(Invalid):
            queries.list_items(team.workplace, sort=Sort.DUE, page=(cursor, 1))


@pytest.mark.parametrize(
    ("which", "count"),
    [
        pytest.param(ItemFilter(), 12, id="nothing narrows"),
        pytest.param(ItemFilter(types=frozenset({"bug"})), 6, id="a type"),
        pytest.param(ItemFilter(labels=frozenset({"red"})), 6, id="a label"),
        pytest.param(ItemFilter(stages=frozenset({"done", "to_do"})), 8, id="stages"),
        pytest.param(ItemFilter(priorities=frozenset({"urgent"})), 3, id="a priority"),
        pytest.param(ItemFilter(text="item 4"), 3, id="words, also of a key"),
        pytest.param(ItemFilter(text="?"), 0, id="no word at all"),
        pytest.param(ItemFilter(in_trash=True), 0, id="the trash"),
        pytest.param(ItemFilter(ids=frozenset()), 0, id="none of them"),
    ],
)
def test_a_filter_narrows(team: Team, actor: Actor, which: ItemFilter, count: int) -> None:
    a_varied_list(team, actor)
    assert len(queries.list_items(team.workplace, which).items) == count


def test_a_list_costs_four_queries_however_long(
    team: Team, actor: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_varied_list(team, actor)
    with django_assert_num_queries(4):
        page = queries.list_items(team.workplace, ItemFilter(team=team.pk), group=GroupBy.STATUS)
        shown = [
            (item.team, item.status, item.project, item.assignee and item.assignee.name)
            for item in page.items
        ]
        labels = [[label.name for label in item.labels.all()] for item in page.items]
    assert len(shown) == len(labels) == 12
    assert set(page.comment_counts.values()) == {1}


def test_a_board_shows_the_first_of_each_column_at_a_fixed_cost(
    team: Team, actor: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_varied_list(team, actor)
    with django_assert_num_queries(5 + 6):  # six statuses
        columns = queries.board(team, shown=3)
    shown = {column.status.name: (len(column.items), column.total) for column in columns}
    assert shown["Done"] == shown["To do"] == (3, 4)
    assert shown["Backlog"] == (0, 0)
    for column in columns:
        assert [item.rank for item in column.items] == sorted(item.rank for item in column.items)


def test_an_item_comes_with_all_of_its_page_at_a_fixed_cost(
    team: Team, actor: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    item = an_item(team)
    for _ in range(3):
        services.add_comment(item.pk, "Seen", actor=actor)
        an_item(team, parent=item)
    with django_assert_num_queries(9):
        detail = queries.item_detail(team.workplace, "plat-1")
        assert {comment.author and comment.author.name for comment in detail.comments} == {
            "Olive Owner"
        }
    assert len(detail.children) == 3
    assert [line.verb for line in detail.activity] == ["created", *["commented"] * 3]


def test_nothing_of_another_workplace_is_read(team: Team, actor: Actor) -> None:
    item = an_item(team)
    elsewhere = a_workplace("Elsewhere")
    for missing in (item.pk, item.key):
        with pytest.raises(NotFound):
            queries.get_item(elsewhere, missing)
    assert not queries.list_items(elsewhere, ItemFilter(team=team.pk)).items
    assert not queries.find(elsewhere, "PLAT-1")
    assert not queries.list_teams(elsewhere)
    cursor = queries.changes_since(elsewhere).cursor
    services.update_item(item.pk, {"title": "New"}, actor=actor)
    assert not queries.changes_since(elsewhere, cursor).item_ids


def test_projects_tell_how_far_they_are(
    workplace: Workplace,
    team: Team,
    actor: Actor,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    project = services.create_project(workplace, "Checkout", {"teams": [team]}, actor=actor)
    for status in ("Done", "To do", "Canceled", "Done"):
        an_item(team, status=status, project=project)
    services.create_project(workplace, "Bare", actor=actor)
    with django_assert_num_queries(3):
        bare, checkout = queries.list_projects(workplace)
    assert (bare.total, bare.done) == (0, 0)
    assert (checkout.total, checkout.done) == (3, 2)


def test_a_page_learns_once_what_changed(workplace: Workplace, team: Team, actor: Actor) -> None:
    item, _other = an_item(team), an_item(team)
    start = queries.changes_since(workplace)
    assert not start.item_ids
    assert queries.changes_since(workplace, start.cursor) == start
    services.update_item(item.pk, {"title": "New"}, actor=actor)
    told = queries.changes_since(workplace, start.cursor)
    assert told.item_ids == {item.pk}
    assert not queries.changes_since(workplace, told.cursor).item_ids


def test_a_change_committed_late_under_a_lower_number_is_told(
    workplace: Workplace, team: Team, actor: Actor
) -> None:
    late, early = an_item(team), an_item(team)
    line = late.activity.get()
    number = line.pk
    line.delete()
    services.update_item(early.pk, {"title": "New"}, actor=actor)
    cursor = queries.changes_since(workplace).cursor
    line.pk = number
    line.save(force_insert=True)
    told = queries.changes_since(workplace, cursor)
    assert late.pk in told.item_ids
    assert not queries.changes_since(workplace, told.cursor).item_ids


def test_looking_for_changes_costs_one_read(
    workplace: Workplace, team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    an_item(team)
    cursor = queries.changes_since(workplace).cursor
    with django_assert_num_queries(1):
        queries.changes_since(workplace, cursor)


def test_a_cursor_never_given_out_is_refused(workplace: Workplace) -> None:
    with pytest.raises(Invalid):
        queries.changes_since(workplace, "1; DROP")
