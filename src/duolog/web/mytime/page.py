"""All that a page of My time shows of some days, put together.  Reads; asks Jira nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Generic, TypeVar

from django.utils.safestring import SafeString

from duolog.connections.models import Connection
from duolog.connections.queries import get_mine, list_personal
from duolog.core.worklogs import day_of, read_zone
from duolog.people.models import Member
from duolog.web.charts import Bar, Series, meter, stacked_bars
from duolog.web.mytime.asked import Asked, View
from duolog.web.mytime.axis import Axis, axis_of
from duolog.web.mytime.grid import Column, Grid, columns_of, grid_of
from duolog.web.mytime.tints import Tints, tints_for
from duolog.work.queries import Pending
from duolog.worklogs.models import JiraIssue, OwnWorklog, WorklogState
from duolog.worklogs.own.habits import list_favourites
from duolog.worklogs.own.queries import OwnRange, own_range
from duolog.worklogs.own.services import waits_of
from duolog.worklogs.own.standing import ConnectionRead
from duolog.worklogs.own.zones import zone_of
from duolog.worklogs.targets import targets_between

T = TypeVar("T")

_HOUR: Final = 3600
_ISSUES_SHOWN: Final = 8
SOON_MS: Final = 1000
IDLE_MS: Final = 30_000


@dataclass(frozen=True, slots=True)
class Sums:
    """What was told of the days that count, beside what was meant; whole or only so far."""

    seconds: int
    target: int
    missing: int
    is_whole: bool

    @property
    def left(self) -> int:
        """What is still to come."""
        return max(0, self.target - self.seconds)

    @property
    def over(self) -> int:
        """By how much it is more than was meant."""
        return max(0, self.seconds - self.target) if self.target else 0

    @property
    def meter(self) -> SafeString:
        """How much of the target is there."""
        return meter(self.seconds, self.target or self.seconds)


@dataclass(frozen=True, slots=True)
class DayPanel:
    """One day in full."""

    column: Column
    worklogs: tuple[OwnWorklog, ...]
    axis: Axis


@dataclass(frozen=True, slots=True)
class Share(Generic[T]):
    """What part of the days went to something."""

    what: T
    seconds: int
    bar: SafeString


@dataclass(frozen=True, slots=True)
class TimePage:
    """The days that were asked for."""

    asked: Asked
    today: date
    found: OwnRange
    connections: Sequence[Connection]
    tints: Tints
    columns: tuple[Column, ...]
    grid: Grid
    panel: DayPanel
    sums: Sums
    waits: Mapping[int, Pending]

    @property
    def title(self) -> str:
        """The days in words, with their year where it is not this one."""
        said, year = self.asked.title, self.asked.last.year
        return said if year == self.today.year or str(year) in said else f"{said} {year}"

    @property
    def seen(self) -> str:
        """A name for exactly what is shown, by which a poll knows whether there is news."""
        told = [(each.pk, each.version, each.state, each.seconds) for each in self.found.worklogs]
        stands = [
            (each.connection.pk, each.read_at, each.is_reading, each.problem)
            for each in self.found.connections
        ]
        hidden = [(it.issue.pk, len(it.worklogs)) for it in self.found.hidden]
        late = [(pk, wait.error) for pk, wait in self.waits.items()]
        return hashlib.sha256(repr((told, stands, late, hidden, self.sums)).encode()).hexdigest()[
            :16
        ]

    @property
    def poll_ms(self) -> int:
        """How soon to look again: at once while Jira is asked, else now and then."""
        is_moving = self.found.is_reading or any(
            each.state == WorklogState.PENDING for each in self.found.worklogs
        )
        return SOON_MS if is_moving else IDLE_MS

    @property
    def troubles(self) -> tuple[ConnectionRead, ...]:
        """The connections that could not be read as they should."""
        return tuple(each for each in self.found.connections if each.problem)

    @property
    def elsewhere(self) -> tuple[ConnectionRead, ...]:
        """The connections whose site counts these days by other clocks."""
        return tuple(each for each in self.found.connections if each.zone_differs)

    @property
    def weeks(self) -> tuple[tuple[Column, ...], ...]:
        """The columns by sevens, for the month."""
        return tuple(self.columns[n : n + 7] for n in range(0, len(self.columns), 7))

    @property
    def chart(self) -> SafeString:
        """Hours per day, by connection."""
        return day_chart(self.found, self.columns, self.tints, self.connections)

    @property
    def shares(self) -> tuple[Share[JiraIssue], ...]:
        """The issues with most time."""
        return shares_of((each.issue, each.seconds) for each in self.found.issues[:_ISSUES_SHOWN])

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """The colours and the connections they stand for."""
        return tuple((self.tints.of(each.pk), each.label) for each in self.connections)


def time_page(member: Member, asked: Asked, now: datetime) -> TimePage:
    """The days that are asked for, as they are known here."""
    connections = list_personal(member)
    only = get_mine(member, asked.connection_id) if asked.connection_id is not None else None
    found = own_range(member, asked.first, asked.last, only)
    zone = read_zone(found.zone)
    today = day_of(now, zone)
    targets = targets_between(member, asked.first, asked.last)
    columns = columns_of(found, targets, today)
    tints = tints_for(each.pk for each in connections)
    shown = [each for each in list_favourites(member) if only in (None, each.connection)]
    return TimePage(
        asked=asked,
        today=today,
        found=found,
        connections=connections,
        tints=tints,
        columns=columns,
        grid=grid_of(found, columns, shown if asked.view is View.WEEK else (), tints),
        panel=_panel(found, columns, asked.day, tints),
        sums=_sums(columns, asked, is_whole=found.is_complete),
        waits=waits_of(found.worklogs),
    )


def today_of(member: Member, now: datetime) -> date:
    """The day it is by the member's clocks."""
    return day_of(now, read_zone(zone_of(member)))


def _panel(found: OwnRange, columns: Iterable[Column], day: date, tints: Tints) -> DayPanel:
    column = next(each for each in columns if each.day == day)
    worklogs = next(each.worklogs for each in found.days if each.day == day)
    return DayPanel(column, worklogs, axis_of(worklogs, read_zone(found.zone), tints))


def _sums(columns: Iterable[Column], asked: Asked, *, is_whole: bool) -> Sums:
    first, last = asked.counted
    counted = [each for each in columns if first <= each.day <= last]
    return Sums(
        seconds=sum(each.seconds for each in counted),
        target=sum(each.target for each in counted),
        missing=sum(each.missing for each in counted),
        is_whole=is_whole,
    )


def day_chart(
    found: OwnRange, columns: Sequence[Column], tints: Tints, connections: Sequence[Connection]
) -> SafeString:
    """Hours per day as stacked bars, by connection, beside the usual target."""
    bars = [
        Bar(
            f"{each.day:%a}" if len(columns) <= 7 else f"{each.day.day}",
            tuple(_hours_over(each.worklogs).get(connection.pk, 0) for connection in connections),
        )
        for each in found.days
    ]
    series = [Series(each.label, tints.of(each.pk)) for each in connections]
    target = max((each.target for each in columns), default=0) / _HOUR
    told = f"Hours per day by connection, {found.seconds / _HOUR:.1f} in all."
    if target:
        told += f" The line is the target of {target:g} hours."
    size = (468, 176) if len(columns) <= 7 else (960, 200)
    return stacked_bars(bars, series, title=told, size=size, target=target)


def _hours_over(worklogs: Iterable[OwnWorklog]) -> Mapping[int, float]:
    hours: dict[int, float] = {}
    for each in worklogs:
        hours[each.connection_id] = hours.get(each.connection_id, 0) + each.seconds / _HOUR
    return hours


def shares_of(told: Iterable[tuple[T, int]]) -> tuple[Share[T], ...]:
    """Lines whose length says how much of the most each is."""
    known = tuple(told)
    most = max((seconds for _, seconds in known), default=0)
    return tuple(Share(what, seconds, meter(seconds, most)) for what, seconds in known)
