"""Makes the workplace, its people and its teams, as the content says."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from duolog.demo.content import fernhill
from duolog.people.models import Member, Role, User, Workplace
from duolog.people.services import add_member, create_workplace
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.services import add_team_member, create_team


@dataclass(frozen=True, slots=True)
class Cast:
    """The workplace and who is in it, by the first part of their address."""

    workplace: Workplace
    members: Mapping[str, Member]
    password: str

    @property
    def owner(self) -> Member:
        """The one who signs in."""
        return self.members[fernhill.PEOPLE[0].login]

    def actor(self, login: str) -> Actor:
        """Somebody, acting for themself."""
        return Actor.of(self.members[login])


def make_people() -> Cast:
    """The workplace with its members.  Only the owner has a password, told this once."""
    password = secrets.token_urlsafe(9)
    owner, *others = fernhill.PEOPLE
    user = User.objects.create_user(_address(owner.login), password, name=owner.name)
    workplace = create_workplace(name=fernhill.NAME, owner=user, slug=fernhill.SLUG)
    members = {owner.login: Member.objects.select_related("user", "workplace").get(user=user)}
    for person in others:
        another = User.objects.create_user(_address(person.login), None, name=person.name)
        members[person.login] = add_member(workplace, another, role=Role(person.role))
    return Cast(workplace, members, password)


def make_teams(cast: Cast) -> dict[str, Team]:
    """The teams with their people, by prefix."""
    me = Actor.of(cast.owner)
    teams = {}
    for crew in fernhill.CREWS:
        team = create_team(cast.workplace, name=crew.name, key_prefix=crew.prefix, actor=me)
        for login in crew.people[1:]:
            add_team_member(team.pk, cast.members[login].pk, actor=me)
        teams[crew.prefix] = team
    return teams


def _address(login: str) -> str:
    return f"{login}@{fernhill.DOMAIN}"
