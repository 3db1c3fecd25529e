"""Secrets we hand out once and keep only as a hash: API tokens and invitation links."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from duolog.people.audit import audit
from duolog.people.errors import NotFound
from duolog.people.models import ApiToken, Member, Scope
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
    member: Member, *, name: str, scope: Scope = Scope.WRITE, by_command_line: bool = False
) -> tuple[ApiToken, str]:
    """A new token and, this once, its plain text."""
    name = read_name(name, most=80)
    plain = new_secret("duolog")
    token = ApiToken.objects.create(
        member=member, name=name, token_hash=hash_of(plain), scope=scope
    )
    by = None if by_command_line else member
    audit(member.workplace, by, "token created", name if by else f"{name}, for {member}")
    return token, plain


@transaction.atomic
def revoke_api_token(member: Member, token_id: int, *, clock: Clock = timezone.now) -> None:
    """End one of the member's own tokens at once; ending it again changes nothing."""
    token = ApiToken.objects.filter(member=member, pk=token_id).first()
    if token is None:
        raise NotFound("You have no such token.")
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock()):
        audit(member.workplace, member, "token revoked", token.name)


def member_for_token(plain: str, *, clock: Clock = timezone.now) -> tuple[Member, Scope] | None:
    """Who uses the API with this token and for what, or None where it opens nothing.

    Notes the use, at most once a minute.
    """
    token = (
        ApiToken.objects.select_related("member__user", "member__workplace")
        .filter(token_hash=hash_of(plain), revoked_at=None)
        .filter(member__left_at=None, member__user__is_active=True)
        .first()
    )
    if token is None:
        return None
    present = clock()
    if token.last_used_at is None or token.last_used_at <= present - _TOUCH_EVERY:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=present - _TOUCH_EVERY)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=present)
    return token.member, Scope(token.scope)
