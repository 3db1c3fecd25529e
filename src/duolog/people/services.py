"""Every write about people: workplaces and memberships; names of the modules beside it.

Rights are asked of `rights`.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from duolog.people.audit import audit
from duolog.people.errors import Invalid, NotFound
from duolog.people.invitations import (
    accept,
    end_invitations_of,
    find_invitation,
    invite,
    invite_to,
    renew_invitation,
    withdraw_invitation,
)
from duolog.people.membership import add_member
from duolog.people.models import Member, Role, User, Workplace
from duolog.people.rights import Right, holds, require
from duolog.people.sessions import end_sessions
from duolog.people.text import read_name
from duolog.people.tokens import (
    Clock,
    create_api_token,
    revoke_api_token,
    revoke_tokens_of,
    token_of,
)

__all__ = [
    "accept",
    "add_member",
    "ask_admins_for_second_factor",
    "audit",
    "change_role",
    "create_another_workplace",
    "create_api_token",
    "create_workplace",
    "find_invitation",
    "invite",
    "invite_to",
    "remove_member",
    "rename_workplace",
    "renew_invitation",
    "revoke_api_token",
    "token_of",
    "withdraw_invitation",
]


@transaction.atomic
def create_workplace(
    *, name: str, owner: User, slug: str = "", by_command_line: bool = False
) -> Workplace:
    """A new workplace whose owner is this user; the slug is made of the name where left out."""
    name = read_name(name, most=120)
    workplace = Workplace.objects.create(name=name, slug=_free_slug(slug or name))
    member = Member.objects.create(workplace=workplace, user=owner, role=Role.OWNER)
    audit(workplace, None if by_command_line else member, "workplace created", name)
    return workplace


def create_another_workplace(by: Member, *, name: str) -> Workplace:
    """A workplace beside the present one, whose owner is the same person."""
    require(by, Right.CREATE_WORKPLACE)
    return create_workplace(name=name, owner=by.user)


@transaction.atomic
def rename_workplace(by: Member, *, name: str) -> Workplace:
    """Give the workplace another name; its address stays."""
    require(by, Right.MANAGE_PEOPLE)
    workplace = by.workplace
    workplace.name = read_name(name, most=120)
    workplace.save(update_fields=["name"])
    audit(workplace, by, "workplace renamed", workplace.name)
    return workplace


@transaction.atomic
def ask_admins_for_second_factor(by: Member, *, asked: bool) -> Workplace:
    """Let owners and admins see nothing of the workplace until they have a second factor."""
    require(by, Right.MANAGE_PEOPLE)
    workplace = by.workplace
    workplace.admins_need_second_factor = asked
    workplace.save(update_fields=["admins_need_second_factor"])
    audit(workplace, by, "second factor of admins", "needed" if asked else "not needed")
    return workplace


@transaction.atomic
def change_role(member_id: int, role: Role, *, by: Member) -> Member:
    """Give a member another role.  A workplace keeps at least one owner."""
    require(by, Right.MANAGE_PEOPLE)
    member = _locked_member(by, member_id)
    if Role.OWNER in {role, member.role}:
        require(by, Right.MANAGE_OWNERS)
    if role != Role.OWNER:
        _keep_an_owner(member)
    member.role = role
    member.save(update_fields=["role"])
    if not holds(member, Right.MANAGE_PEOPLE):
        end_invitations_of(member)
    audit(member.workplace, by, "role changed", f"{member.user} is {role.label}")
    return member


@transaction.atomic
def remove_member(member_id: int, *, by: Member, clock: Clock = timezone.now) -> None:
    """End a membership, or one's own, with its tokens and the invitations it made.

    What the member wrote stays theirs.
    """
    if member_id != by.pk:
        require(by, Right.MANAGE_PEOPLE)
    member = _locked_member(by, member_id)
    if member.role == Role.OWNER:
        require(by, Right.MANAGE_OWNERS)
    _keep_an_owner(member)
    member.left_at = clock()
    member.save(update_fields=["left_at"])
    revoke_tokens_of(member, clock=clock)
    end_invitations_of(member)
    audit(member.workplace, by, "member removed", str(member.user))
    if not member.user.memberships.filter(left_at=None).exists():
        end_sessions(member.user)


def _locked_member(by: Member, member_id: int) -> Member:
    """Locks all owners too, so that two cannot step down at the same moment."""
    members = Member.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    here = members.filter(workplace_id=by.workplace_id, left_at=None).order_by("pk")
    rows = {row.pk: row for row in here.filter(role=Role.OWNER)}
    found = rows.get(member_id) or here.filter(pk=member_id).first()
    if found is None:
        raise NotFound("There is no such member here.")
    return found


def _keep_an_owner(member: Member) -> None:
    if member.role != Role.OWNER:
        return
    others = Member.objects.filter(
        workplace_id=member.workplace_id, role=Role.OWNER, left_at=None
    ).exclude(pk=member.pk)
    if not others.exists():
        raise Invalid({"role": "A workplace needs an owner. Make somebody else owner first."})


def _free_slug(wanted: str) -> str:
    base = slugify(wanted)[:34].strip("-") or "workplace"
    taken = set(Workplace.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 2
    slug = base
    while slug in taken:
        slug = f"{base}-{number}"
        number += 1
    return slug
