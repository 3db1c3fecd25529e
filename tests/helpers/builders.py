"""A workplace with what a test needs in it, made through the services.  No assertions here."""

from __future__ import annotations

import itertools
from typing import Any, Final

from duolog.people.models import Member, Role, User, Workplace
from duolog.people.services import add_member, create_workplace
from duolog.workplace.actors import Actor
from duolog.workplace.models import Cause, Team, WorkItem
from duolog.workplace.services import NewItem, create_item, create_team

_count = itertools.count(1)

FROM_JIRA: Final = Actor(None, "Ann Lee in Jira", Cause.SYNC)
"""How synchronisation acts where the Jira account is mapped to no member."""


def a_user(name: str = "Olive Owner", *, password: str | None = None) -> User:
    """A user with an e-mail of their own; hashing a password is slow, so few tests want one."""
    email = f"{name.split(maxsplit=1)[0].lower()}{next(_count)}@example.com"
    return User.objects.create_user(email, password, name=name)


def a_workplace(name: str = "Fernhill") -> Workplace:
    """A workplace with one owner, Olive."""
    return create_workplace(name=name, owner=a_user())


def the_owner(workplace: Workplace) -> Member:
    """The member who made the workplace."""
    return workplace.members.select_related("user", "workplace").get(role=Role.OWNER)


def a_member(
    workplace: Workplace | None = None, *, name: str = "Ann Lee", role: Role = Role.MEMBER
) -> Member:
    """A member of this workplace, or of a new one."""
    return add_member(workplace or a_workplace(), a_user(name), role=role)


def a_team(
    workplace: Workplace | None = None, *, name: str = "Platform", key_prefix: str = "PLAT"
) -> Team:
    """A team with the usual statuses, of this workplace or of a new one."""
    workplace = workplace or a_workplace()
    return create_team(
        workplace, name=name, key_prefix=key_prefix, actor=Actor.of(the_owner(workplace))
    )


def an_item(
    team: Team | None = None, *, actor: Actor | None = None, title: str = "Mend it", **fields: Any
) -> WorkItem:
    """A work item of this team, or of a new one, made by the owner unless by another actor."""
    team = team or a_team()
    actor = actor or Actor.of(the_owner(team.workplace))
    return create_item(team, NewItem(title=title, **fields), actor=actor)
