"""Keeps what was allowed by OAuth: access tokens are renewed by one worker for all, on all hosts.

Atlassian gives a new refresh token with each renewal and takes the old one back, but for ten
minutes in which it may be used once more.  So whoever renews holds a lease, and stores the new
refresh token before anybody uses the new access token.  Whoever dies in between loses nothing: once
the lease is over, the next repeats with the old token.  No transaction spans the calls.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Final

import stamina
from django.db.models import Q
from django.utils import timezone

from duolog.connections.models import Connection, Health
from duolog.connections.oauth_app import atlassian_for
from duolog.connections.seal import seal, unseal
from duolog.connections.standing import note_disconnected
from duolog.core.errors import Disconnected, Retryable, Scope
from duolog.jira.oauth import Grant
from duolog.people.errors import Invalid
from duolog.work.clock import now

LEASE: Final = timedelta(seconds=20)
"""Longer than the call can take; who renews after that stores nothing any more."""
MARGIN: Final = timedelta(minutes=2)
"""An access token that ends sooner is not begun with: a call may take its time."""
PATIENCE: Final = 5.0
"""Seconds for which a call waits until somebody else has renewed; then its work row waits."""


class _BeingRenewed(Exception):
    """Somebody holds the lease, or has just stored another grant: look again."""


class TokenOf:
    """Gives the access token of one connection, renewing it when it must.  For all threads."""

    def __init__(self, connection_id: int) -> None:
        self._connection_id = connection_id
        self._known = ("", datetime.min.replace(tzinfo=UTC))
        self._given = threading.local()

    def __repr__(self) -> str:
        return f"TokenOf({self._connection_id})"

    def __call__(self, *, force: bool) -> str:
        """The token; with `force` another one than this thread was given before.

        Raises Disconnected where the grant has ended, Retryable where it could not be renewed now.
        """
        token, until = self._known
        if force or until < timezone.now() + MARGIN:
            refused = getattr(self._given, "token", "") if force else ""
            self._known = token, _ = access_token(self._connection_id, refused=refused)
        self._given.token = token
        return token


def access_token(connection_id: int, *, refused: str = "") -> tuple[str, datetime]:
    """An access token other than the one that was refused, and when it ends.

    Raises Disconnected, or Retryable where it could not be had in time.
    """
    again = stamina.retry_context(
        on=_BeingRenewed, attempts=None, timeout=PATIENCE,
        wait_initial=0.05, wait_max=0.25, wait_jitter=0.1,
    )  # fmt: skip
    try:
        for attempt in again:
            with attempt:
                return _stored(connection_id, refused) or _renewed(connection_id, refused)
    except _BeingRenewed:
        pass
    raise Retryable(
        "Access to Jira is being renewed.",
        scope=Scope.CONNECTION,
        retry_after=timedelta(seconds=PATIENCE),
        hint="We go on by ourselves in a few seconds; nothing is lost.",
    )


def renew_now(connection_id: int) -> None:
    """Renew a grant, so that it does not end for want of use.  Raises as `access_token` does."""
    token = _stored(connection_id, "")
    access_token(connection_id, refused=token[0] if token else "")


def _stored(connection_id: int, refused: str) -> tuple[str, datetime] | None:
    row = _row(connection_id)
    if row.sealed_access_token is None or row.access_until is None:
        return None
    token = unseal(row.sealed_access_token)
    if token == refused or row.access_until < timezone.now() + MARGIN:
        return None
    return token, row.access_until


def _renewed(connection_id: int, refused: str) -> tuple[str, datetime]:
    present = datetime.fromtimestamp(now(), UTC)
    row = _row(connection_id)
    free = Q(renewing_until=None) | Q(renewing_until__lt=present)
    ours = Connection.objects.filter(pk=row.pk, grant_number=row.grant_number)
    if not ours.filter(free).update(renewing_until=present + LEASE):
        raise _BeingRenewed
    if (stored := _stored(connection_id, refused)) is not None:
        ours.update(renewing_until=None)
        return stored
    grant = _asked(row)
    until = datetime.fromtimestamp(now(), UTC) + grant.life
    is_kept = ours.update(
        sealed_secret=seal(grant.refresh_token),
        sealed_access_token=seal(grant.access_token),
        access_until=until,
        grant_number=row.grant_number + 1,
        renewing_until=None,
    )
    if not is_kept:
        raise _BeingRenewed  # our lease was over, and another grant has been stored
    return grant.access_token, until


def _asked(row: Connection) -> Grant:
    """A new grant from Atlassian; whatever goes wrong, the lease is given back."""
    ours = Connection.objects.filter(pk=row.pk, grant_number=row.grant_number)
    done = False
    try:
        grant = atlassian_for(row.workplace).renew(unseal(row.sealed_secret))
        done = True
    except Invalid as error:
        raise _stopped(row, Disconnected(str(error))) from error
    except Disconnected as error:
        if not ours.exists():
            raise _BeingRenewed from error  # somebody has stored a newer one meanwhile
        raise _stopped(row, error) from error
    finally:
        if not done:
            ours.update(renewing_until=None)
    return grant


def _stopped(row: Connection, error: Disconnected) -> Disconnected:
    note_disconnected(row.lane, error)
    return error


def _row(connection_id: int) -> Connection:
    row = Connection.objects.select_related("workplace").filter(pk=connection_id).first()
    if row is None or row.health == Health.ENDED:
        sentence = row.reason if row else "This connection was removed."
        raise Disconnected(sentence, hint=row.hint if row else "")
    return row
