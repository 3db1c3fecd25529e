"""A team's settings: its admin sets it up, and only admins of the workplace bind it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from helpers.builders import a_member, a_team, the_owner
from web.visitors import signed_in

from duolog.people.errors import Forbidden
from duolog.people.models import Member, Role
from duolog.people.rights import Right, require
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.queries import list_team_members
from duolog.workplace.services import add_team_member

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def leader(team: Team) -> Member:
    """A plain member of the workplace who leads the team."""
    leader = a_member(team.workplace, name="Lena Lead")
    owner = Actor.of(the_owner(team.workplace))
    add_team_member(team.pk, leader.pk, actor=owner, is_admin=True)
    return leader


def base(team: Team) -> str:
    return f"/w/{team.workplace.slug}/teams/{team.key_prefix}"


def test_a_team_admin_sets_up_their_team(team: Team, leader: Member) -> None:
    client = signed_in(leader)
    assert client.post(f"{base(team)}/name", {"name": "Core"}).status_code == 302
    added = client.post(f"{base(team)}/statuses", {"name": "Blocked", "stage": "in_progress"})
    assert added.status_code == 302
    ann = a_member(team.workplace)
    client.post(f"{base(team)}/members", {"member": ann.pk, "act": "admin"})
    page = client.get(f"{base(team)}/settings").content.decode()
    assert all(words in page for words in ("Core", "Blocked", "Ann Lee", "Team admin"))
    client.post(f"{base(team)}/members", {"member": ann.pk, "act": "remove"})
    assert ann not in [place.member for place in list_team_members(team)]


def test_a_team_admin_sets_up_no_other_team_and_binds_none(team: Team, leader: Member) -> None:
    other = a_team(team.workplace, name="Other", key_prefix="OTH")
    client = signed_in(leader)
    assert client.post(f"{base(other)}/name", {"name": "Mine"}).status_code == 403
    assert b"Only an admin of the workplace binds" in client.get(f"{base(team)}/settings").content
    with pytest.raises(Forbidden, match="bind a team"):
        require(leader, Right.BIND, team=team)


def test_a_guest_is_in_a_team_but_never_its_admin(client: Client, team: Team) -> None:
    gus = a_member(team.workplace, name="Gus Guest", role=Role.GUEST)
    refused = client.post(f"{base(team)}/members", {"member": gus.pk, "act": "admin"})
    assert refused.status_code == 422
    assert "is a guest, who only reads" in refused.content.decode()
    client.post(f"{base(team)}/members", {"member": gus.pk, "act": "plain"})
    page = client.get(f"{base(team)}/settings").content.decode()
    assert "Make admin: Gus" not in re.sub(r"<[^>]+>", "", page)


@pytest.mark.parametrize("who", ["", "x", "-1", "9" * 30])
def test_a_member_that_is_none_is_refused(who: str, client: Client, team: Team) -> None:
    answer = client.post(f"{base(team)}/members", {"member": who, "act": "plain"})
    assert answer.status_code == 404
