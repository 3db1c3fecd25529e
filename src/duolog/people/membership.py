"""Joining a workplace, and which roles one may give.  Leaving is in `services`."""

from __future__ import annotations

from django.db import transaction

from duolog.people.audit import audit
from duolog.people.errors import Forbidden, Invalid
from duolog.people.models import Member, Role, User, Workplace
from duolog.people.rights import Right, require


@transaction.atomic
def add_member(
    workplace: Workplace, user: User, *, role: Role = Role.MEMBER, by: Member | None = None
) -> Member:
    """Have the user in the workplace with this role; who left comes back as who they were.

    `by` is None for the command line and the demo, which need no right.
    """
    if by is not None:
        require_for_role(by, workplace, role)
    member = let_in_as(workplace, user, role)
    audit(workplace, by, "member added", f"{user} as {role.label}")
    return member


def let_in_as(workplace: Workplace, user: User, role: Role) -> Member:
    """The membership itself, recorded and allowed by whoever asks; call it in their transaction."""
    member, is_new = Member.objects.get_or_create(
        workplace=workplace, user=user, defaults={"role": role}
    )
    if not is_new and member.left_at is not None:
        member.left_at, member.role = None, role
        member.save(update_fields=["left_at", "role"])
    elif not is_new:
        raise Invalid({"email": f"{user} is a member already."})
    return member


def require_for_role(by: Member, workplace: Workplace, role: Role) -> None:
    """Raise `Forbidden` unless the member may give this role there."""
    if by.workplace_id != workplace.pk:
        raise Forbidden("You are not a member of this workplace.")
    require(by, Right.MANAGE_OWNERS if role == Role.OWNER else Right.MANAGE_PEOPLE)
