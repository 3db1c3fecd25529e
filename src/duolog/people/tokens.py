"""API tokens, and how secrets are made that we hand out once and keep only as a hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from duolog.people.audit import audit
from duolog.people.errors import Invalid, NotFound
from duolog.people.models import ApiToken, Member, Scope
from duolog.people.rights import Right, holds
from duolog.people.text import read_name

Clock = Callable[[], datetime]

_TOUCH_EVERY: Final = timedelta(minutes=1)


def new_secret(prefix: str) -> str:
    """256 random bits, with a prefix that tells people and scanners what it is."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def hash_of(secret: str) -> str:
    """What is stored of a secret.  Plain SHA-256 serves, since the secret itself is random."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_api_token(
    member: Member,
    *,
    name: str,
    scope: Scope = Scope.WRITE,
    expires_on: date | None = None,
    by_command_line: bool = False,
    clock: Clock = timezone.now,
) -> tuple[ApiToken, str]:
    """A new token and, this once, its plain text; it works until that day has ended, in UTC."""
    name = read_name(name, most=80)
    if expires_on is not None and expires_on < clock().date():
        raise Invalid({"expires_on": "Choose a day from today on, or none."})
    plain = new_secret("duolog")
    token = ApiToken.objects.create(
        member=member, name=name, token_hash=hash_of(plain), scope=scope, expires_on=expires_on
    )
    by = None if by_command_line else member
    audit(member.workplace, by, "token created", name if by else f"{name}, for {member}")
    return token, plain


@transaction.atomic
def revoke_api_token(by: Member, token_id: int, *, clock: Clock = timezone.now) -> None:
    """End a token at once: one's own, or, for who manages people, anybody's of the workplace.

    Ending it again changes nothing.
    """
    token = (
        ApiToken.objects.select_related("member__user")
        .filter(member__workplace_id=by.workplace_id, pk=token_id)
        .first()
    )
    if token is None or not (token.member_id == by.pk or holds(by, Right.MANAGE_PEOPLE)):
        raise NotFound("There is no such token.")
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock()):
        whose = "" if token.member_id == by.pk else f" of {token.member}"
        audit(by.workplace, by, "token revoked", token.name + whose)


@transaction.atomic
def end_token(token_id: int, *, clock: Clock = timezone.now) -> ApiToken:
    """The same for the command line, whose user holds the installation and needs no right."""
    token = ApiToken.objects.select_related("member__workplace").filter(pk=token_id).first()
    if token is None:
        raise NotFound("There is no such token.")
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock()):
        audit(token.member.workplace, None, "token revoked", f"{token.name} of {token.member}")
    return token


def revoke_tokens_of(member: Member, *, clock: Clock = timezone.now) -> None:
    """End all tokens of a member who leaves, so that none works again if they come back."""
    ApiToken.objects.filter(member=member, revoked_at=None).update(revoked_at=clock())


def working_tokens(clock: Clock = timezone.now) -> QuerySet[ApiToken]:
    """The tokens that open something today."""
    unended = Q(expires_on=None) | Q(expires_on__gte=clock().date())
    return ApiToken.objects.filter(
        unended, revoked_at=None, member__left_at=None, member__user__is_active=True
    )


def token_of(plain: str, *, clock: Clock = timezone.now) -> ApiToken | None:
    """The token behind the text that somebody sent, or None where it opens nothing.

    Notes the use, at most once a minute.
    """
    token = (
        working_tokens(clock)
        .select_related("member__user", "member__workplace")
        .filter(token_hash=hash_of(plain))
        .first()
    )
    if token is None:
        return None
    present = clock()
    if token.last_used_at is None or token.last_used_at <= present - _TOUCH_EVERY:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=present - _TOUCH_EVERY)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=present)
    return token
