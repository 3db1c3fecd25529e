"""How far what we hold of a connection's worklogs can be relied on, and what holds it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from duolog.connections.models import Connection, Health
from duolog.core.worklog_days import Covered, Days, read_at
from duolog.work.queries import Pending, pending
from duolog.worklogs.models import ReadRange
from duolog.worklogs.own.zones import differs

READ: Final = "own-worklogs"
"""The kind of work that reads what was asked of one connection; its key is the connection's."""


@dataclass(frozen=True, slots=True)
class ConnectionRead:
    """How one connection stands for the days in question.

    `read_at` is when the oldest of them was read, None where one never was whole: then sums over
    it may lack something.  `is_reading`: Jira is asked now, or the turn of this connection comes
    by itself; `waiting` are the seconds until then, 0 while it is asked, None where nothing is to
    be read or a person must act.  `problem` says what kept the last reading from being whole, and
    `hint` what to do.  `zone_differs`: Jira's own pages count days by other clocks.
    """

    connection: Connection
    read_at: datetime | None
    is_reading: bool
    waiting: float | None
    problem: str
    hint: str
    zone_differs: bool

    @property
    def is_complete(self) -> bool:
        """Whether every day was read whole at some time."""
        return self.read_at is not None


def how_read(over: Sequence[Connection], days: Days, zone: str) -> tuple[ConnectionRead, ...]:
    """How each of these connections stands for the days, which are those of the zone named."""
    asked = pending(READ, [each.pk for each in over])
    ranges: dict[int, list[ReadRange]] = {each.pk: [] for each in over}
    touching = ReadRange.objects.filter(
        connection__in=over, first__lte=days.last, last__gte=days.first, zone=zone
    )
    for row in touching:
        ranges[row.connection_id].append(row)
    return tuple(_stands(each, days, ranges[each.pk], asked.get(str(each.pk))) for each in over)


def _stands(
    connection: Connection, days: Days, ranges: Sequence[ReadRange], waiting: Pending | None
) -> ConnectionRead:
    since = connection.account_since
    known = [
        Covered(row.first, row.last, row.read_at)
        for row in ranges
        if row.read_at is not None and (since is None or row.read_at >= since)
    ]
    problem, hint = _trouble(connection, ranges, waiting)
    has_stopped = connection.health != Health.CONNECTED
    return ConnectionRead(
        connection=connection,
        read_at=read_at(days, known),
        is_reading=waiting is not None and not has_stopped,
        waiting=None if waiting is None or has_stopped else waiting.next_try_in,
        problem=problem,
        hint=hint,
        zone_differs=differs(connection, days),
    )


def _trouble(
    connection: Connection, ranges: Sequence[ReadRange], waiting: Pending | None
) -> tuple[str, str]:
    """What kept the last reading from being whole, and what to do; both empty where it was."""
    if connection.health != Health.CONNECTED:
        return connection.reason or "This connection has stopped.", connection.hint
    if waiting is not None and waiting.error:
        return waiting.error, "We go on by ourselves; nothing is lost."
    told = [row for row in ranges if row.problem and row.tried_at is not None]
    latest = max(told, key=lambda row: row.tried_at or row.asked_at, default=None)
    return ("", "") if latest is None else (latest.problem, latest.hint)
