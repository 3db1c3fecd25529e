"""Moving a work item to another team."""

from __future__ import annotations

import pytest
from helpers.builders import FROM_JIRA, a_member, a_team, an_item, the_owner

from duolog.people.errors import Forbidden, Invalid, NotFound, Stale
from duolog.people.models import Role
from duolog.workplace import queries, services
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def team() -> Team:
    return a_team()


@pytest.fixture
def web(team: Team) -> Team:
    return a_team(team.workplace, name="Web", key_prefix="WEB")


@pytest.fixture
def actor(team: Team) -> Actor:
    return Actor.of(the_owner(team.workplace))


def test_a_moved_item_has_the_next_key_and_is_found_by_its_former_one(
    team: Team, web: Team, actor: Actor
) -> None:
    an_item(web)
    item = an_item(team, title="Goes", labels=["a"])
    moved = services.move_to_team(item.pk, web, actor=actor)
    assert (moved.key, moved.team, moved.version) == ("WEB-2", web, 2)
    assert queries.get_item(team.workplace, "plat-1").pk == item.pk
    assert [found.pk for found in queries.find(team.workplace, "PLAT-1")] == [item.pk]
    told = item.activity.get(verb="moved")
    assert (told.before, told.after) == ("Platform (PLAT-1)", "Web (WEB-2)")
    assert an_item(team).key == "PLAT-2", "a number is never given twice"


def test_an_item_that_comes_back_has_its_former_key_again(
    team: Team, web: Team, actor: Actor
) -> None:
    item = an_item(team)
    services.move_to_team(item.pk, web, actor=actor)
    assert services.move_to_team(item.pk, team, actor=actor).key == "PLAT-1"
    assert queries.get_item(team.workplace, "WEB-1").pk == item.pk
    assert services.move_to_team(item.pk, web, actor=actor).key == "WEB-1"


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        pytest.param("In review", "In review", id="of the same name"),
        pytest.param("In progress", "Doing", id="the first of the same stage"),
        pytest.param("Backlog", "To do", id="to do where there is no draft"),
        pytest.param("Canceled", "Done", id="done where nothing is canceled"),
    ],
)
def test_the_status_is_chosen_by_stage(
    team: Team, web: Team, actor: Actor, was: str, becomes: str
) -> None:
    services.rename_status(web.statuses.get(name="In progress").pk, "Doing", actor=actor)
    for gone, heir in (("Backlog", "To do"), ("Canceled", "Done")):
        statuses = web.statuses
        services.remove_status(
            statuses.get(name=gone).pk, to=statuses.get(name=heir).pk, actor=actor
        )
    item = an_item(team, status=was)
    assert services.move_to_team(item.pk, web, actor=actor).status.name == becomes


def test_a_status_of_the_new_team_can_be_named_with_other_changes(
    team: Team, web: Team, actor: Actor
) -> None:
    item = an_item(team)
    changes = {"status": "Done", "title": "Both at once"}
    moved = services.move_to_team(item.pk, web, changes, actor=actor)
    assert (moved.status, moved.title) == (web.statuses.get(name="Done"), "Both at once")
    theirs = team.statuses.get(name="Done")
    with pytest.raises(Invalid):
        services.move_to_team(item.pk, web, {"status": theirs}, actor=actor)


def test_sub_tasks_go_along_and_other_children_stay_below(
    team: Team, web: Team, actor: Actor
) -> None:
    epic = an_item(team, type="epic")
    item, sub = an_item(team, parent=epic), an_item(team, type="sub_task")
    child = an_item(team)
    for each in (sub, child):
        services.update_item(each.pk, {"parent": item}, actor=actor)
    moved = services.move_to_team(item.pk, web, actor=actor)
    sub.refresh_from_db()
    child.refresh_from_db()
    assert (moved.parent, sub.team, child.team) == (epic, web, team)
    assert {sub.parent, child.parent} == {moved}


def test_a_sub_task_does_not_leave_its_parent(team: Team, web: Team, actor: Actor) -> None:
    parent = an_item(team)
    sub = an_item(team, type="sub_task", parent=parent)
    with pytest.raises(Invalid) as caught:
        services.move_to_team(sub.pk, web, actor=actor)
    assert parent.key in caught.value.errors["team"]
    assert queries.get_item(team.workplace, sub.pk).team == team
    assert services.move_to_team(sub.pk, web, {"type": "task"}, actor=actor).team == web
    other = an_item(team, type="sub_task", parent=parent)
    assert services.move_to_team(other.pk, web, actor=FROM_JIRA).team == web


def test_who_may_not_edit_or_looked_at_another_state_moves_nothing(
    team: Team, web: Team, actor: Actor
) -> None:
    item = an_item(team)
    guest = a_member(team.workplace, role=Role.GUEST)
    stranger = the_owner(a_team().workplace)
    with pytest.raises(Forbidden):
        services.move_to_team(item.pk, web, actor=Actor.of(guest))
    with pytest.raises(NotFound):
        services.move_to_team(item.pk, web, actor=Actor.of(stranger))
    with pytest.raises(Stale):
        services.move_to_team(item.pk, web, actor=actor, expected_version=7)
    services.archive_team(web.pk, actor=actor)
    with pytest.raises(Invalid):
        services.move_to_team(item.pk, web, actor=actor)
    assert queries.get_item(team.workplace, item.pk).team == team


def test_a_move_to_where_it_is_writes_nothing(team: Team, actor: Actor) -> None:
    item = an_item(team)
    assert services.move_to_team(item.pk, team, actor=actor).version == 1
