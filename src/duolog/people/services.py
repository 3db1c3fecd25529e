"""Every write about people: workplaces, memberships, invitations.  Rights are asked of `rights`."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from duolog.people.audit import audit
from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Invitation, Member, Role, User, Workplace
from duolog.people.rights import Right, require
from duolog.people.text import read_name
from duolog.people.tokens import (
    Clock,
    create_api_token,
    hash_of,
    member_for_token,
    new_secret,
    revoke_api_token,
)

__all__ = [
    "accept",
    "add_member",
    "audit",
    "change_role",
    "create_api_token",
    "create_workplace",
    "find_invitation",
    "invite",
    "invite_to",
    "member_for_token",
    "remove_member",
    "rename_workplace",
    "revoke_api_token",
    "withdraw_invitation",
]

INVITATION_LASTS: Final = timedelta(days=7)


@transaction.atomic
def create_workplace(*, name: str, owner: User, slug: str = "") -> Workplace:
    """A new workplace whose owner is this user; the slug is made of the name where left out."""
    name = read_name(name, most=120)
    workplace = Workplace.objects.create(name=name, slug=_free_slug(slug or name))
    member = Member.objects.create(workplace=workplace, user=owner, role=Role.OWNER)
    audit(workplace, member, "workplace created", name)
    return workplace


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
def add_member(
    workplace: Workplace, user: User, *, role: Role = Role.MEMBER, by: Member | None = None
) -> Member:
    """Have the user in the workplace with this role; who left comes back as who they were.

    `by` is None for the command line and the demo, which need no right.
    """
    if by is not None:
        _require_for_role(by, workplace, role)
    member, is_new = Member.objects.get_or_create(
        workplace=workplace, user=user, defaults={"role": role}
    )
    if not is_new and member.left_at is not None:
        member.left_at, member.role = None, role
        member.save(update_fields=["left_at", "role"])
    elif not is_new:
        raise Invalid({"email": f"{user} is a member already."})
    audit(workplace, by, "member added", f"{user} as {role.label}")
    return member


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
    audit(member.workplace, by, "role changed", f"{member.user} is {role.label}")
    return member


@transaction.atomic
def remove_member(member_id: int, *, by: Member, clock: Clock = timezone.now) -> None:
    """End a membership, or one's own; what the member wrote stays theirs."""
    if member_id != by.pk:
        require(by, Right.MANAGE_PEOPLE)
    member = _locked_member(by, member_id)
    if member.role == Role.OWNER:
        require(by, Right.MANAGE_OWNERS)
    _keep_an_owner(member)
    member.left_at = clock()
    member.save(update_fields=["left_at"])
    audit(member.workplace, by, "member removed", str(member.user))


@transaction.atomic
def invite(
    by: Member, *, email: str, role: Role = Role.MEMBER, clock: Clock = timezone.now
) -> tuple[Invitation, str]:
    """An offer to join and, this once, the secret of its link, good for seven days."""
    _require_for_role(by, by.workplace, role)
    return invite_to(by.workplace, email=email, role=role, by=by, clock=clock)


@transaction.atomic
def invite_to(
    workplace: Workplace,
    *,
    email: str,
    role: Role = Role.MEMBER,
    by: Member | None = None,
    clock: Clock = timezone.now,
) -> tuple[Invitation, str]:
    """The same offer, made by the command line, which needs no right."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid({"email": "Write a whole e-mail address, such as ann@example.com."}) from None
    if workplace.members.filter(user__email=email, left_at=None).exists():
        raise Invalid({"email": f"{email} is a member already."})
    plain = new_secret("join")
    invitation = Invitation.objects.create(
        workplace=workplace,
        email=email,
        role=role,
        token_hash=hash_of(plain),
        invited_by=by,
        expires_at=clock() + INVITATION_LASTS,
    )
    audit(workplace, by, "invited", f"{email} as {role.label}")
    return invitation, plain


def find_invitation(plain: str, *, clock: Clock = timezone.now) -> Invitation | None:
    """The open invitation behind a link, or None where it was used, withdrawn or is too old."""
    return (
        Invitation.objects.select_related("workplace", "invited_by__user")
        .filter(token_hash=hash_of(plain), accepted_at=None, expires_at__gt=clock())
        .first()
    )


@transaction.atomic
def accept(plain: str, user: User, *, clock: Clock = timezone.now) -> Member:
    """Join by an invitation link, which then opens nothing more."""
    invitation = find_invitation(plain, clock=clock)
    if invitation is None or not _use_up(invitation, clock):
        raise Invalid({"link": "This invitation was used or is too old. Ask for a new one."})
    return add_member(invitation.workplace, user, role=Role(invitation.role))


@transaction.atomic
def withdraw_invitation(invitation_id: int, *, by: Member) -> None:
    """Take back an open invitation."""
    require(by, Right.MANAGE_PEOPLE)
    found = Invitation.objects.filter(
        pk=invitation_id, workplace_id=by.workplace_id, accepted_at=None
    ).first()
    if found is None:
        raise NotFound("There is no such open invitation.")
    audit(by.workplace, by, "invitation withdrawn", found.email)
    found.delete()


def _use_up(invitation: Invitation, clock: Clock) -> bool:
    unused = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
    return unused.update(accepted_at=clock()) == 1


def _require_for_role(by: Member, workplace: Workplace, role: Role) -> None:
    if by.workplace_id != workplace.pk:
        raise Forbidden("You are not a member of this workplace.")
    require(by, Right.MANAGE_OWNERS if role == Role.OWNER else Right.MANAGE_PEOPLE)


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
