"""Who may come in by single sign-on: existing people, and invited ones, by a confirmed address."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from duolog.people.accounts import vouch_for_email
from duolog.people.errors import Forbidden
from duolog.people.invitations import accept_as
from duolog.people.models import Invitation, User
from duolog.people.tokens import Clock


@dataclass(frozen=True, slots=True)
class Identity:
    """What the provider says of a person."""

    email: str
    is_confirmed: bool
    name: str


def uses_single_sign_on(user: User) -> bool:
    """Whether the user came in by the provider before."""
    found: bool = SocialAccount.objects.filter(user=user).exists()
    return found


@transaction.atomic
def let_in(identity: Identity, provider: str, *, clock: Clock = timezone.now) -> User:
    """The user with that address, made now if it is invited, who joins where it is invited.

    Raises `Forbidden` where the provider does not vouch for the address, or nobody invited it.
    """
    email = identity.email.strip().lower()
    if not email or not identity.is_confirmed:
        raise Forbidden(
            f"{provider} does not say that {email or 'your address'} is confirmed. "
            "Have it confirmed there, then try again."
        )
    user = User.objects.filter(email=email).first()
    offers = Invitation.objects.select_related("workplace").filter(
        email=email, accepted_at=None, expires_at__gt=clock()
    )
    invitations = list(offers.order_by("pk"))
    if user is None and not invitations:
        raise Forbidden(f"Nobody invited {email}. Ask an administrator for an invitation.")
    if user is None:
        name = " ".join(identity.name.split())[:120] or email.partition("@")[0]
        user = User.objects.create_user(email, None, name=name)
        vouch_for_email(user)
    if not user.is_active:
        raise Forbidden(f"The account of {email} is closed.")
    here = set(user.memberships.filter(left_at=None).values_list("workplace_id", flat=True))
    for invitation in invitations:
        if invitation.workplace_id not in here:
            accept_as(invitation, user, clock=clock)
    return user
