"""Who may do what: the one place.  Reads memberships, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, Protocol

from duolog.people.errors import Forbidden
from duolog.people.models import Member, Role

__all__ = ["Forbidden", "Right", "holds", "holds_somewhere", "require"]

_NAMES_SHOWN: Final = 3


class Right(StrEnum):
    """One thing a member may be allowed to do; the value completes *you may not …*."""

    VIEW = "see this workplace"
    COMMENT = "comment"
    EDIT_ITEMS = "edit work items"
    LOG_TIME = "log time"
    CONNECT_SELF = "connect your own Jira account"
    SETTLE = "settle conflicts and retry held items"
    MANAGE_PROJECTS = "manage projects"
    MANAGE_TEAM = "manage this team"
    CREATE_TEAM = "create teams"
    MODERATE = "change what others wrote"
    MANAGE_PROPERTIES = "manage properties"
    MANAGE_PEOPLE = "manage people"
    CONNECT = "connect this workplace to Jira"
    BIND = "bind a team or project to Jira"
    AUDIT = "read the audit log"
    MANAGE_OWNERS = "make or unmake owners"
    CREATE_WORKPLACE = "make another workplace"


class TeamLike(Protocol):
    """What a team must tell for its admins to be known; teams live a layer above."""

    @property
    def pk(self) -> Any: ...
    @property
    def workplace_id(self) -> int: ...


_STANDING: Final[Mapping[str, int]] = {
    Role.GUEST: 0,
    Role.MEMBER: 1,
    Role.ADMIN: 2,
    Role.OWNER: 3,
}
_LEAST_ROLE: Final[Mapping[Right, Role]] = {
    Right.VIEW: Role.GUEST,
    Right.COMMENT: Role.MEMBER,
    Right.EDIT_ITEMS: Role.MEMBER,
    Right.LOG_TIME: Role.MEMBER,
    Right.CONNECT_SELF: Role.MEMBER,
    Right.SETTLE: Role.MEMBER,
    Right.MANAGE_PROJECTS: Role.MEMBER,
    Right.MANAGE_TEAM: Role.ADMIN,
    Right.CREATE_TEAM: Role.ADMIN,
    Right.MODERATE: Role.ADMIN,
    Right.MANAGE_PROPERTIES: Role.ADMIN,
    Right.MANAGE_PEOPLE: Role.ADMIN,
    Right.CONNECT: Role.ADMIN,
    Right.BIND: Role.ADMIN,
    Right.AUDIT: Role.ADMIN,
    Right.MANAGE_OWNERS: Role.OWNER,
    Right.CREATE_WORKPLACE: Role.OWNER,
}
_OF_TEAM_ADMINS: Final = frozenset({Right.MANAGE_TEAM, Right.MODERATE})


def holds(member: Member, right: Right, *, team: TeamLike | None = None) -> bool:
    """Whether the member has the right, in this team where one is named.

    Nobody has any right in a team of another workplace, nor after leaving.
    """
    if member.left_at is not None:
        return False
    if team is not None and team.workplace_id != member.workplace_id:
        return False
    if _STANDING[member.role] >= _STANDING[_LEAST_ROLE[right]]:
        return True
    return right in _OF_TEAM_ADMINS and team is not None and _is_team_admin(member, team)


def holds_somewhere(member: Member, right: Right) -> bool:
    """Whether the member has the right, be it in one team only."""
    if holds(member, right):
        return True
    if right not in _OF_TEAM_ADMINS or member.role == Role.GUEST or member.left_at is not None:
        return False
    return member.team_memberships.filter(is_admin=True).exists()


def require(member: Member, right: Right, *, team: TeamLike | None = None) -> None:
    """Raise `Forbidden`, naming those who can, unless the member has the right."""
    if not holds(member, right, team=team):
        raise Forbidden(f"You may not {right.value}. {_who_can(member, right)}")


def _is_team_admin(member: Member, team: TeamLike) -> bool:
    """Guests only read, whatever a team made of them."""
    if member.role == Role.GUEST:
        return False
    return member.team_memberships.filter(team_id=team.pk, is_admin=True).exists()


def _who_can(member: Member, right: Right) -> str:
    able = [role for role in Role.values if _STANDING[role] >= _STANDING[_LEAST_ROLE[right]]]
    if member.left_at is not None or Role.GUEST in able:
        return "You are not a member of this workplace."
    people = Member.objects.filter(
        workplace_id=member.workplace_id, role__in=able, left_at=None
    ).order_by("joined_at", "pk")
    names = [str(name) for name in people.values_list("user__name", flat=True)[:_NAMES_SHOWN]]
    return f"Ask {_either(names)}." if names else "Nobody here can at present."


def _either(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
