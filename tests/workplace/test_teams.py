"""Teams, their statuses and members, and projects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from helpers.builders import a_member, a_team, a_workplace, an_item, the_owner

from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Role
from duolog.workplace import queries, services
from duolog.workplace.actors import Actor
from duolog.workplace.models import Stage, Team, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def team() -> Team:
    return a_team()


@pytest.fixture
def actor(team: Team) -> Actor:
    return Actor.of(the_owner(team.workplace))


def names(team: Team) -> list[str]:
    return list(team.statuses.values_list("name", flat=True))


def status(team: Team, name: str) -> int:
    return team.statuses.get(name=name).pk


def test_a_team_begins_with_the_usual_statuses(team: Team) -> None:
    assert list(team.statuses.values_list("name", "stage")) == [
        ("Backlog", "draft"),
        ("To do", "to_do"),
        ("In progress", "in_progress"),
        ("In review", "in_progress"),
        ("Done", "done"),
        ("Canceled", "canceled"),
    ]


@pytest.mark.parametrize("prefix", ["", "P", "1ST", "PLÄT", "ELEVENCHARS", "A-B", "plat"])
def test_a_prefix_is_short_plain_and_the_teams_own(team: Team, actor: Actor, prefix: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_team(team.workplace, name="New", key_prefix=prefix, actor=actor)
    assert list(refused.value.errors) == ["key_prefix"]


def test_statuses_are_added_renamed_and_ordered(team: Team, actor: Actor) -> None:
    added = services.add_status(team.pk, name=" On  hold ", stage=Stage.TO_DO, actor=actor)
    assert names(team)[-1] == "On hold"
    services.rename_status(added.pk, "Parked", actor=actor)
    order = [added.pk, *team.statuses.exclude(pk=added.pk).values_list("pk", flat=True)]
    services.reorder_statuses(team.pk, order, actor=actor)
    assert names(team)[:2] == ["Parked", "Backlog"]
    for wrong in (order[1:], [*order, added.pk]):
        with pytest.raises(Invalid):
            services.reorder_statuses(team.pk, wrong, actor=actor)
    with pytest.raises(Invalid, match="already"):
        services.rename_status(added.pk, "dONE", actor=actor)
    services.rename_status(added.pk, "PARKED", actor=actor)


def test_a_removed_status_hands_its_items_on(team: Team, actor: Actor) -> None:
    live, binned = an_item(team, status="In review"), an_item(team, status="In review")
    services.delete_item(binned.pk, actor=actor)
    services.remove_status(status(team, "In review"), to=status(team, "Done"), actor=actor)
    assert "In review" not in names(team)
    live.refresh_from_db()
    assert (live.status.name, live.version) == ("Done", 2)
    assert services.restore_item(binned.pk, actor=actor).status.name == "Done"


def test_a_status_is_not_handed_to_itself_nor_to_another_team(team: Team, actor: Actor) -> None:
    other = a_team(team.workplace, name="Design", key_prefix="DSG")
    review = status(team, "In review")
    for heir in (review, status(other, "Done"), 0):
        with pytest.raises(Invalid):
            services.remove_status(review, to=heir, actor=actor)


@pytest.mark.parametrize("needed", ["To do", "Done"])
def test_a_team_keeps_a_status_of_each_needed_stage(team: Team, actor: Actor, needed: str) -> None:
    with pytest.raises(Invalid, match="needs a status"):
        services.remove_status(status(team, needed), to=status(team, "Backlog"), actor=actor)
    with pytest.raises(Invalid, match="needs a status"):
        services.change_stage(status(team, needed), Stage.DRAFT, actor=actor)
    assert needed in names(team)


def test_one_of_two_in_progress_may_go(team: Team, actor: Actor) -> None:
    services.change_stage(status(team, "In progress"), Stage.TO_DO, actor=actor)
    with pytest.raises(Invalid):
        services.remove_status(status(team, "In review"), to=status(team, "Done"), actor=actor)


CHANGES: list[Callable[[Team, Actor], Any]] = [
    lambda team, actor: services.rename_team(team.pk, "New", actor=actor),
    lambda team, actor: services.archive_team(team.pk, actor=actor),
    lambda team, actor: services.add_status(team.pk, name="X", stage=Stage.DONE, actor=actor),
    lambda team, actor: services.rename_status(status(team, "Done"), "Shipped", actor=actor),
    lambda team, actor: services.change_stage(status(team, "Backlog"), Stage.TO_DO, actor=actor),
    lambda team, actor: services.add_team_member(
        team.pk, the_owner(team.workplace).pk, actor=actor
    ),
    lambda team, actor: services.remove_team_member(
        team.pk, the_owner(team.workplace).pk, actor=actor
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_team_is_changed_by_its_admins_and_nobody_else(
    team: Team, actor: Actor, change: Callable[[Team, Actor], Any]
) -> None:
    member = a_member(team.workplace)
    with pytest.raises(Forbidden, match="manage this team"):
        change(team, Actor.of(member))
    with pytest.raises(NotFound):
        change(team, Actor.of(the_owner(a_workplace("Elsewhere"))))
    services.add_team_member(team.pk, member.pk, actor=actor, is_admin=True)
    change(team, Actor.of(member))


def test_a_stranger_does_not_join_a_team(team: Team, actor: Actor) -> None:
    with pytest.raises(NotFound):
        services.add_team_member(team.pk, a_member().pk, actor=actor)


def test_only_admins_make_teams_and_only_at_home(team: Team) -> None:
    member = Actor.of(a_member(team.workplace))
    stranger = Actor.of(the_owner(a_workplace("Elsewhere")))
    for other in (member, stranger):
        with pytest.raises(Forbidden):
            services.create_team(team.workplace, name="New", key_prefix="NEW", actor=other)


def test_an_archived_team_is_listed_no_more_but_found(team: Team, actor: Actor) -> None:
    item = an_item(team)
    services.archive_team(team.pk, actor=actor)
    assert not queries.list_teams(team.workplace)
    assert queries.get_team(team.workplace, "plat") == team
    assert queries.get_item(team.workplace, item.key) == item


def test_a_project_is_changed_by_members_within_its_workplace(team: Team) -> None:
    member = a_member(team.workplace)
    ours = Actor.of(member)
    project = services.create_project(
        team.workplace, "Checkout", {"kind": "solution", "due_on": "2026-12-01"}, actor=ours
    )
    services.update_project(project.pk, {"lead": member, "teams": [team.pk]}, actor=ours)
    project.refresh_from_db()
    assert (project.kind, project.lead, list(project.teams.all())) == ("solution", member, [team])
    foreign = a_team(a_workplace("Elsewhere"))
    wrong = {"name": "", "kind": "x", "lead": the_owner(foreign.workplace), "teams": [foreign]}
    with pytest.raises(Invalid) as refused:
        services.update_project(project.pk, wrong, actor=ours)
    assert refused.value.errors.keys() == wrong.keys()
    with pytest.raises(NotFound):
        services.archive_project(project.pk, actor=Actor.of(the_owner(foreign.workplace)))
    guest = Actor.of(a_member(team.workplace, role=Role.GUEST))
    with pytest.raises(Forbidden):
        services.archive_project(project.pk, actor=guest)
    item = an_item(team, project=project)
    services.archive_project(project.pk, actor=ours)
    assert not queries.list_projects(team.workplace)
    assert WorkItem.objects.get(pk=item.pk).project == project
