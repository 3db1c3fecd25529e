"""What connections need without being asked: warnings before they end, and being kept alive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from duolog.connections.certificates import certificate_ends
from duolog.connections.grants import renew_now
from duolog.connections.models import Connection, ConnectionKind, Health, Method
from duolog.connections.oauth import purge_sign_ins
from duolog.connections.pacing import forget_old_paces
from duolog.connections.services import forget_secrets
from duolog.connections.standing import tell_owners
from duolog.connections.traffic import flush, purge_counts
from duolog.work.lanes import FOREVER, block_lane
from duolog.work.marks import BACKGROUND, mark
from duolog.work.queue import Job, LeaseLost, finish

CARE: Final = "care"
RENEW_GRANT: Final = "renew-grant"
EVERY: Final = 3600.0
WARN_BEFORE: Final = (1, 7, 30)
"""Days before its end on which the owner of a credential is told, each once."""
IDLE: Final = timedelta(days=30)
"""Atlassian ends a grant that was not renewed for 90 days; long before, we renew it."""


def keep_caring() -> None:
    """Have `care` run every hour from now on; asking again changes nothing."""
    mark(CARE, "all", priority=BACKGROUND, due_in=EVERY, every=EVERY)


def care(job: Job) -> None:
    """Everything that is due for any connection; what asks Jira becomes work of its own lane."""
    present = timezone.now()
    _warn_of_ends(present)
    _close_for_those_who_left()
    flush()
    purge_counts(present)
    forget_old_paces()
    purge_sign_ins()
    with transaction.atomic():
        for connection in _idle_grants(present):
            mark(RENEW_GRANT, connection.pk, lane=connection.lane, priority=BACKGROUND)
        _end(job)


def renew_grant(job: Job) -> None:
    """Renew one grant that nobody uses.  Raises Disconnected where it has ended."""
    renew_now(int(job.key))
    with transaction.atomic():
        _end(job)


def _end(job: Job) -> None:
    if not finish(job):
        raise LeaseLost


def _warn_of_ends(present: datetime) -> None:
    for connection in Connection.objects.exclude(health=Health.ENDED).select_related("workplace"):
        end, what = _next_end(connection)
        stage = None if end is None else _stage(end - present)
        if end is not None and stage is not None:
            _warn(connection, stage, _words(connection, what, end, present))


def _next_end(connection: Connection) -> tuple[datetime | None, str]:
    """What ends first of what it rests on: the credential, or the certificate it trusts."""
    ends = [(connection.expires_at, "credential")]
    ends.append((certificate_ends(connection.ca_certificate), "certificate"))
    known = [(end, what) for end, what in ends if end is not None]
    return min(known) if known else (None, "")


def _stage(left: timedelta) -> int | None:
    return next((days for days in WARN_BEFORE if left <= timedelta(days=days)), None)


def _warn(connection: Connection, stage: int, words: str) -> None:
    """Tell it once, whatever process comes first."""
    if connection.warned_days is not None and connection.warned_days <= stage:
        return
    seen = Connection.objects.filter(pk=connection.pk, warned_days=connection.warned_days)
    with transaction.atomic():
        if seen.update(warned_days=stage):
            tell_owners(connection, words)


def _words(connection: Connection, what: str, end: datetime, present: datetime) -> str:
    days = (end - present).days + 1
    when = "today" if days < 1 else "within a day" if days == 1 else f"in {days} days"
    if end <= present:
        when = "by now, as far as we know"
    day = date_format(end.date(), "j F Y")
    return f"The {what} of {connection.label} ends {when} ({day}). Replace it in time."


def _idle_grants(present: datetime) -> list[Connection]:
    rows = Connection.objects.filter(method=Method.OAUTH, health=Health.CONNECTED)
    return list(rows.filter(access_until__lt=present - IDLE))


def _close_for_those_who_left() -> None:
    """What belonged to a member who has left is of no use to anybody."""
    left = Connection.objects.filter(kind=ConnectionKind.PERSONAL, member__left_at__isnull=False)
    for connection in left.exclude(health=Health.ENDED):
        with transaction.atomic():
            block_lane(connection.lane, FOREVER)
            forget_secrets(connection)
            connection.health = Health.ENDED
            connection.reason = "Its member has left the workplace."
            connection.save()
