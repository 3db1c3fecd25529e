"""Reading people's own worklogs from Jira into our database, behind what they look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from duolog.connections.models import Connection, Health
from duolog.connections.queries import list_personal
from duolog.people.models import Member
from duolog.people.tokens import Clock
from duolog.work.marks import INTERACTIVE, mark
from duolog.worklogs.models import ReadRange
from duolog.worklogs.own.standing import READ
from duolog.worklogs.own.zones import zone_of


@transaction.atomic
def ask_to_refresh(
    member: Member,
    first: date,
    last: date,
    connection: Connection | None = None,
    *,
    clock: Clock = timezone.now,
) -> None:
    """Have these days read again over all of the member's connections, or over one of them.

    Returns at once.  A connection that has stopped is not asked before a person acts.
    """
    zone, now = zone_of(member), clock()
    over: Sequence[Connection] = [connection] if connection else list_personal(member)
    for each in over:
        if each.health == Health.CONNECTED:
            _ask(each, first, last, zone, now)


def _ask(connection: Connection, first: date, last: date, zone: str, now: datetime) -> None:
    ReadRange.objects.update_or_create(
        connection=connection, first=first, last=last, zone=zone, defaults={"asked_at": now}
    )
    mark(READ, connection.pk, lane=connection.lane, priority=INTERACTIVE)
