"""Teams turned off: one hidden team holds everything, and its name appears nowhere (ruling 21)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from helpers.builders import a_member, a_team, a_workplace, an_item, the_owner
from helpers.rest import Rest, rest_of
from web.visitors import signed_in

from duolog.people.errors import Forbidden, Invalid
from duolog.people.models import Member, Role, Workplace
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.services import (
    add_team_member,
    archive_team,
    create_project,
    create_team,
    turn_teams_off,
    turn_teams_on,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SECRET = "Zebra Squad"
PAGES = [
    "/", "/mine", "/inbox", "/projects", "/projects/{project}", "/settings", "/members", "/trash",
    "/teams/ZEB", "/teams/ZEB?view=board", "/teams/ZEB/settings", "/teams/ZEB/jira", "/nav",
    "/items/ZEB-1", "/items/ZEB-1/relations/find?q=mend", "/find?q=mend", "/find?q=zebra",
    "/new-item", "/integrations/jira", "/profile", "/notices", "/security",
]  # fmt: skip


@pytest.fixture
def hidden(workplace: Workplace, owner: Member) -> Team:
    """A team with an item and a person, while teams are off."""
    team = a_team(workplace, name=SECRET, key_prefix="ZEB")
    an_item(team)
    add_team_member(team.pk, a_member(workplace).pk, actor=Actor.of(owner))
    return turn_teams_off(workplace, actor=Actor.of(owner))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_the_hidden_team(page: str, client: Client, hidden: Team) -> None:
    owner = Actor.of(the_owner(hidden.workplace))
    project = create_project(hidden.workplace, "Checkout", actor=owner)
    base = f"/w/{hidden.workplace.slug}"
    answer = client.get(base + page.format(project=project.pk), follow=True)
    assert answer.status_code == 200
    content = answer.content.decode()
    assert "Zebra" not in content.replace("for “zebra”", "")
    assert "New team" not in content


def test_the_settings_of_the_workplace_set_the_statuses(client: Client, hidden: Team) -> None:
    base = f"/w/{hidden.workplace.slug}"
    page = client.get(f"{base}/settings").content.decode()
    assert "In progress" in page
    added = client.post(f"{base}/teams/ZEB/statuses", {"name": "Blocked", "stage": "in_progress"})
    assert client.get(added["Location"], follow=True).redirect_chain[-1][0] == f"{base}/settings"
    assert "Blocked" in client.get(f"{base}/settings").content.decode()
    twice = client.post(f"{base}/teams/ZEB/statuses", {"name": "Blocked", "stage": "done"})
    assert twice.status_code == 422
    assert "a status Blocked already" in twice.content.decode()


def test_the_switch_turns_teams_off_and_on_and_loses_nothing(
    client: Client, workplace: Workplace
) -> None:
    team = a_team(workplace, name=SECRET, key_prefix="ZEB")
    item = an_item(team)
    before = (team.statuses.count(), team.memberships.count())
    path = f"/w/{workplace.slug}/settings"
    assert client.post(path, {"act": "teams"}).status_code == 302
    assert SECRET not in client.get(path).content.decode()
    client.post(f"/w/{workplace.slug}/new-item", {"team": team.pk, "title": "Made meanwhile"})
    assert client.post(path, {"act": "teams", "teams": "on"}).status_code == 302
    assert SECRET in client.get(path).content.decode()
    team.refresh_from_db()
    assert (team.is_hidden, team.name) == (False, SECRET)
    assert (team.statuses.count(), team.memberships.count()) == before
    item.refresh_from_db()
    assert item.team == team
    assert team.last_number == 2


def test_a_workplace_without_a_team_gets_one(client: Client, workplace: Workplace) -> None:
    client.post(f"/w/{workplace.slug}/settings", {"act": "teams"})
    team = workplace.teams.get()
    assert (team.is_hidden, team.key_prefix) == (True, "FERN")
    assert client.get(f"/w/{workplace.slug}/")["Location"].endswith("/teams/FERN")


def test_several_teams_are_not_hidden_with_their_items(client: Client, team: Team) -> None:
    other = a_team(team.workplace, name="Other", key_prefix="OTH")
    path = f"/w/{team.workplace.slug}/settings"
    refused = client.post(path, {"act": "teams"})
    assert refused.status_code == 422
    assert "Archive all but one" in refused.content.decode()
    assert not team.workplace.teams.filter(is_hidden=True).exists()
    owner = Actor.of(the_owner(team.workplace))
    archive_team(other.pk, actor=owner)
    assert turn_teams_off(team.workplace, actor=owner) == team
    for act in (
        lambda: create_team(team.workplace, name="New", key_prefix="NEW", actor=owner),
        lambda: archive_team(team.pk, actor=owner),
    ):
        with pytest.raises(Invalid):
            act()


@pytest.mark.parametrize("role", [Role.GUEST, Role.MEMBER])
def test_only_admins_turn_teams_off(role: Role, team: Team) -> None:
    member = a_member(team.workplace, role=role)
    path = f"/w/{team.workplace.slug}/settings"
    assert signed_in(member).post(path, {"act": "teams"}).status_code == 403
    assert "Work without teams" not in signed_in(member).get(path).content.decode()
    for turn in (turn_teams_off, turn_teams_on):
        with pytest.raises(Forbidden):
            turn(team.workplace, actor=Actor.of(member))


def test_the_api_works_without_a_team(hidden: Team) -> None:
    rest: Rest = rest_of(the_owner(hidden.workplace))
    told: Any = rest.get("/workplace")
    assert (told["has_teams"], told["team_id"]) == (False, str(hidden.pk))
    assert rest.get("/teams")["items"] == []
    made = rest.ask("POST", "/work-items", {"title": "Without a team"})
    assert made.status_code == 201
    assert made.json()["key"] == "ZEB-2"
    assert rest.ask("POST", "/teams", {"name": "New", "key_prefix": "NEW"}).status_code == 422
    said = "".join(rest.ask("GET", f"/teams/{hidden.pk}{path}").content.decode()
                   for path in ("", "/statuses", "/members"))  # fmt: skip
    assert SECRET not in said
    changed = rest.ask("PATCH", "/workplace", {"has_teams": True})
    assert changed.json()["has_teams"] is True
    assert [team["name"] for team in rest.get("/teams")["items"]] == [SECRET]
    refused = rest.ask("POST", "/work-items", {"title": "Without a team"})
    assert refused.status_code == 422
    assert "Name the team" in refused.content.decode()


def test_a_slug_gives_a_prefix_whatever_it_is_made_of() -> None:
    for name in ("東京", "9 lives", "X", "Fernhill & Söhne"):
        workplace = a_workplace(name)
        team = turn_teams_off(workplace, actor=Actor.of(the_owner(workplace)))
        assert re.fullmatch("[A-Z][A-Z0-9]{1,9}", team.key_prefix)
