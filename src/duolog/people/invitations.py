"""Invitations: an open offer to join, reached by a link whose secret is shown or mailed once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from duolog.people.audit import audit
from duolog.people.errors import Invalid, NotFound
from duolog.people.membership import let_in_as, require_for_role
from duolog.people.models import Invitation, Member, Role, User, Workplace
from duolog.people.tokens import Clock, hash_of, new_secret

INVITATION_LASTS: Final = timedelta(days=7)
ENDED: Final = "This invitation was used, taken back or is too old. Ask for a new one."


class NotMailed(Exception):
    """The mail server did not take the mail; the invitation stands, and its link can be given."""


def link_of(plain: str) -> str:
    """The address that an invited person opens."""
    return f"{settings.PUBLIC_URL}/join/{plain}"


@transaction.atomic
def invite(
    by: Member, *, email: str, role: Role = Role.MEMBER, clock: Clock = timezone.now
) -> tuple[Invitation, str]:
    """An offer to join and, this once, the secret of its link, good for seven days."""
    require_for_role(by, by.workplace, role)
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
    """The same offer, made by the command line, which needs no right.

    An address has one open invitation at most; one that is too old makes room.
    """
    email = _address(email)
    Workplace.objects.select_for_update(no_key=True).get(pk=workplace.pk)
    if workplace.members.filter(user__email=email, left_at=None).exists():
        raise Invalid({"email": f"{email} is a member already."})
    unused = workplace.invitations.filter(email=email, accepted_at=None)
    if unused.filter(expires_at__gt=clock()).exists():
        raise Invalid(
            {"email": f"{email} is invited already. Renew that invitation, or take it back."}
        )
    unused.delete()
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


@transaction.atomic
def renew_invitation(
    invitation_id: int, *, by: Member, clock: Clock = timezone.now
) -> tuple[Invitation, str]:
    """A new link for seven more days, in place of the one before, which opens nothing more."""
    invitation = _open_one(invitation_id, by)
    plain = new_secret("join")
    invitation.token_hash = hash_of(plain)
    invitation.expires_at = clock() + INVITATION_LASTS
    invitation.invited_by = by
    invitation.save(update_fields=["token_hash", "expires_at", "invited_by"])
    audit(by.workplace, by, "invitation renewed", invitation.email)
    return invitation, plain


@transaction.atomic
def withdraw_invitation(invitation_id: int, *, by: Member) -> None:
    """Take back an open invitation."""
    invitation = _open_one(invitation_id, by)
    audit(by.workplace, by, "invitation withdrawn", invitation.email)
    invitation.delete()


def end_invitations_of(member: Member) -> None:
    """Take back what somebody offered who may offer nothing more."""
    Invitation.objects.filter(invited_by=member, accepted_at=None).delete()


def mail_invitation(invitation: Invitation, plain: str, *, clock: Clock = timezone.now) -> None:
    """Send the link to the invited address.  Call it outside of any transaction.

    Raises `NotMailed`, which says why.
    """
    name = invitation.workplace.name
    try:
        send_mail(f"Join {name} on Duolog", _letter(invitation, plain), None, [invitation.email])
    except OSError as error:  # SMTPException is one
        raise NotMailed(f"The mail server did not take it ({type(error).__name__}).") from error
    invitation.mailed_at = clock()
    Invitation.objects.filter(pk=invitation.pk).update(mailed_at=invitation.mailed_at)


def find_invitation(plain: str, *, clock: Clock = timezone.now) -> Invitation | None:
    """The open invitation behind a link, or None where it was used, withdrawn or is too old."""
    return (
        Invitation.objects.select_related("workplace", "invited_by__user")
        .filter(token_hash=hash_of(plain), accepted_at=None, expires_at__gt=clock())
        .first()
    )


@transaction.atomic
def accept(plain: str, user: User, *, clock: Clock = timezone.now) -> Member:
    """Join by an invitation link, which then opens nothing more; only with the invited address."""
    invitation = find_invitation(plain, clock=clock)
    if invitation is None:
        raise Invalid({"link": ENDED})
    return accept_as(invitation, user, clock=clock)


@transaction.atomic
def accept_as(invitation: Invitation, user: User, *, clock: Clock = timezone.now) -> Member:
    """Join by an invitation whose link, or whose address, was proven."""
    if invitation.email != user.email:
        raise Invalid({"link": f"This invitation is for {invitation.email}, not {user.email}."})
    unused = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
    if unused.update(accepted_at=clock()) != 1:
        raise Invalid({"link": ENDED})
    member = let_in_as(invitation.workplace, user, Role(invitation.role))
    audit(invitation.workplace, member, "joined by invitation", f"as {member.get_role_display()}")
    return member


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid({"email": "Write a whole e-mail address, such as ann@example.com."}) from None
    return email


def _open_one(invitation_id: int, by: Member) -> Invitation:
    """Only who may give the role may deal with its offer."""
    require_for_role(by, by.workplace, Role.MEMBER)
    found = (
        Invitation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("workplace")
        .filter(pk=invitation_id, workplace_id=by.workplace_id, accepted_at=None)
        .first()
    )
    if found is None:
        raise NotFound("There is no such open invitation.")
    require_for_role(by, by.workplace, Role(found.role))
    return found


def _letter(invitation: Invitation, plain: str) -> str:
    who = invitation.invited_by
    offer = f"{who.name} ({who.user.email}) invites you" if who else "You are invited"
    return f"""{offer} to the workplace {invitation.workplace.name} on Duolog, as {invitation.role}.

Join here:

{link_of(plain)}

The link works once, until {invitation.expires_at:%d %B %Y, %H:%M} UTC, and only for {invitation.email}.
If you did not expect it, do nothing.
"""
