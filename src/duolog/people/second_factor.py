"""The second factor: who has one, who must, and what an operator can take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from allauth.mfa.models import Authenticator
from django.db import transaction

from duolog.people.audit import audit
from duolog.people.models import Member, Role, User
from duolog.people.sessions import end_sessions

FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What proves a person beside the password; recovery codes only stand in for them."""
_ADMINS: Final = frozenset({Role.OWNER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey or security key of a person."""

    id: int
    name: str
    signs_in_alone: bool


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What a person set up."""

    has_app: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def is_on(self) -> bool:
        """Whether a password alone no longer signs this person in."""
        return self.has_app or bool(self.passkeys)


def has_second_factor(user: User) -> bool:
    """Whether a password alone does not sign the user in."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def must_set_up(member: Member) -> bool:
    """Whether the workplace asks this member for a second factor that is not there."""
    if not member.workplace.admins_need_second_factor or member.role not in _ADMINS:
        return False
    return not has_second_factor(member.user)


def second_factor_of(user: User) -> SecondFactor:
    """What the user set up, for the page that shows it."""
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    keys = [row for row in rows if row.type == Authenticator.Type.WEBAUTHN]
    codes = [row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES]
    return SecondFactor(
        has_app=any(row.type == Authenticator.Type.TOTP for row in rows),
        passkeys=tuple(
            Passkey(row.pk, row.wrap().name, bool(row.wrap().is_passwordless)) for row in keys
        ),
        codes_left=sum(len(row.wrap().get_unused_codes()) for row in codes),
    )


@transaction.atomic
def remove_second_factor(user: User) -> int:
    """Take all factors and sessions of the user away; how many factors there were.

    For the command line, when somebody lost their phone and their recovery codes.
    """
    rows = Authenticator.objects.filter(user=user)
    count = len([row for row in rows if row.type in FACTORS])
    rows.delete()
    end_sessions(user)
    for member in user.memberships.filter(left_at=None).select_related("workplace"):
        audit(member.workplace, None, "second factor removed", str(user))
    return count
