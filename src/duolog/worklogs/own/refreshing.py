"""Reading people's own worklogs from Jira into our database, behind what they look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from duolog.connections.clients import client_for
from duolog.connections.models import Connection, Health, Method
from duolog.connections.queries import list_personal
from duolog.core.errors import Refused
from duolog.core.worklog_days import Days
from duolog.core.worklogs import read_zone
from duolog.jira.own_worklogs import Reader, look_again, one_by_one, read_own
from duolog.people.models import Member
from duolog.work.clock import present
from duolog.work.marks import INTERACTIVE, mark
from duolog.work.queue import Job, LeaseLost, finish, renew
from duolog.worklogs.models import OwnWorklog, ReadRange, WorklogState
from duolog.worklogs.own.gathering import side_by_side
from duolog.worklogs.own.merging import Merge, doubtful, take_in
from duolog.worklogs.own.remembering import recall, remember
from duolog.worklogs.own.standing import READ, how_read
from duolog.worklogs.own.zones import zone_of

KEPT: Final = timedelta(days=90)
"""For how long it is remembered that days were read which nobody looked at since."""
FRESH: Final = timedelta(seconds=15)
"""What was read so shortly ago is not read again unless a person asks for it."""


@transaction.atomic
def ask_to_refresh(
    member: Member,
    first: date,
    last: date,
    connection: Connection | None = None,
    *,
    at_once: bool = False,
    zone: str = "",
) -> None:
    """Have these days read again over all of the member's connections, or over one of them.

    Returns before anything is read.  What is fresh is left alone, unless it is to be `at_once`, as
    a person asks.  A connection that has stopped is not asked before a person acts.
    """
    zone, now = zone or zone_of(member), present()
    over: Sequence[Connection] = [connection] if connection else list_personal(member)
    for stands in how_read(over, Days(first, last, read_zone(zone)), zone):
        is_fresh = stands.read_at is not None and now - stands.read_at < FRESH
        if stands.connection.health == Health.CONNECTED and (at_once or not is_fresh):
            _ask(stands.connection, (first, last, zone), now)


def read_what_was_asked(job: Job) -> None:
    """Read every range of one connection that was asked for since it was last tried.

    What Jira refuses is kept with the range, in words; what it puts off is tried again.
    """
    connection = Connection.objects.filter(pk=int(job.key)).first()
    if connection is not None and connection.health == Health.CONNECTED:
        _forget_another_account(connection)
        while (row := _next_asked(connection)) is not None:
            _read(connection, row, job)
    with transaction.atomic():
        ReadRange.objects.filter(connection_id=int(job.key), asked_at__lt=present() - KEPT).delete()
        if not finish(job):
            raise LeaseLost


def _ask(connection: Connection, days: tuple[date, date, str], now: datetime) -> None:
    first, last, zone = days
    ReadRange.objects.update_or_create(
        connection=connection, first=first, last=last, zone=zone, defaults={"asked_at": now}
    )
    mark(READ, connection.pk, lane=connection.lane, priority=INTERACTIVE)


def _next_asked(connection: Connection) -> ReadRange | None:
    """The longest: shorter ones within it need no reading of their own."""
    rows = ReadRange.objects.filter(connection=connection)
    asked = rows.filter(Q(tried_at=None) | Q(asked_at__gt=F("tried_at")))
    return max(asked, key=lambda row: (row.last - row.first, -row.pk), default=None)


def _read(connection: Connection, row: ReadRange, job: Job) -> None:
    """Read one range whole and take it in, or keep what was refused.  Raises the rest."""
    began, days = present(), Days(row.first, row.last, read_zone(row.zone))
    at_once = one_by_one if connection.method == Method.BASIC else side_by_side
    reader = Reader(client_for(connection), connection.account_id, days, at_once)
    try:
        merge = Merge(connection, days, read_own(reader, began, recall(row.before)), began)
        if merge.reading.error is None:
            merge = replace(merge, reading=look_again(reader, merge.reading, doubtful(merge)))
        _keep(merge, row, job)
        if merge.reading.error is not None:
            raise merge.reading.error
    except Refused as refused:
        row.tried_at, row.problem, row.hint = began, str(refused), refused.hint
        row.save(update_fields=["tried_at", "problem", "hint"])


def _keep(merge: Merge, row: ReadRange, job: Job) -> None:
    """Take in what was read, and, if that was all, that these days are read by now."""
    with transaction.atomic():
        if not renew(job):
            raise LeaseLost
        take_in(merge)
        row.before = remember(merge.reading.before)
        row.save(update_fields=["before"])
        if merge.reading.error is None:
            rows = ReadRange.objects.filter(connection=merge.connection, zone=row.zone)
            within = rows.filter(first__gte=row.first, last__lte=row.last)
            within.filter(asked_at__lte=merge.began).update(
                tried_at=merge.began, read_at=merge.began, problem="", hint=""
            )


def _forget_another_account(connection: Connection) -> None:
    """What was read by the account that the connection had before is not this person's here."""
    since = connection.account_since
    if since is None:
        return
    former = ReadRange.objects.filter(connection=connection, read_at__lt=since)
    if not former.exists():
        return
    with transaction.atomic():
        saved = OwnWorklog.objects.filter(connection=connection, state=WorklogState.SAVED)
        saved.filter(Q(written_at=None) | Q(written_at__lt=since)).delete()
        former.update(read_at=None, before={})
