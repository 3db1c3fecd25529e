"""What a person's own time looks like, from our database alone: nothing here asks Jira."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from duolog.connections.models import Connection
from duolog.connections.queries import get_mine, list_personal
from duolog.core.worklog_days import Days
from duolog.core.worklogs import day_of, read_zone, total
from duolog.people.errors import NotFound
from duolog.people.models import Member
from duolog.worklogs.models import JiraIssue, OwnWorklog, WorklogState
from duolog.worklogs.own.standing import ConnectionRead, how_read
from duolog.worklogs.own.zones import zone_of


@dataclass(frozen=True, slots=True)
class OwnDay:
    """One day of the range with its worklogs, in order of time; `seconds` is their sum."""

    day: date
    worklogs: tuple[OwnWorklog, ...]

    @property
    def seconds(self) -> int:
        """The time of the day."""
        return total(self.worklogs)


@dataclass(frozen=True, slots=True)
class OwnIssue:
    """One issue of the range with its worklogs, in order of time."""

    issue: JiraIssue
    worklogs: tuple[OwnWorklog, ...]

    @property
    def seconds(self) -> int:
        """The time spent on the issue within the range."""
        return total(self.worklogs)


@dataclass(frozen=True, slots=True)
class OwnRange:
    """A person's worklogs of some days, and how far they can be relied on.

    Days are those of `zone`, an IANA name.  `connections` says of each how it was read: a sum is
    whole only where `is_complete`.  Worklogs that Jira does not have yet are among them; those on
    issues that it no longer shows are not: they are `hidden`, since nobody can know of them.
    """

    first: date
    last: date
    zone: str
    worklogs: tuple[OwnWorklog, ...]
    connections: tuple[ConnectionRead, ...]
    hidden: tuple[OwnIssue, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every connection was read whole for these days, at some time."""
        return all(each.is_complete for each in self.connections)

    @property
    def is_reading(self) -> bool:
        """Whether Jira is being asked now, or waits its turn."""
        return any(each.is_reading for each in self.connections)

    @property
    def read_at(self) -> datetime | None:
        """How old the oldest part of it is; None where a part was never read."""
        times = [each.read_at for each in self.connections]
        return min((it for it in times if it is not None), default=None) if all(times) else None

    @property
    def seconds(self) -> int:
        """The time of all days."""
        return total(self.worklogs)

    @property
    def days(self) -> tuple[OwnDay, ...]:
        """Every day of the range, also those without time."""
        here = read_zone(self.zone)
        of_day: dict[date, list[OwnWorklog]] = {
            day: [] for day in Days(self.first, self.last, here)
        }
        for worklog in self.worklogs:
            of_day[day_of(worklog.started_at, here)].append(worklog)
        return tuple(OwnDay(day, tuple(held)) for day, held in of_day.items())

    @property
    def issues(self) -> tuple[OwnIssue, ...]:
        """Every issue with time in the range, the one with most time first."""
        return _by_issue(self.worklogs)


def own_range(
    member: Member,
    first: date,
    last: date,
    connection: Connection | None = None,
    *,
    zone: str = "",
) -> OwnRange:
    """The member's worklogs of these days over all their connections, or over one of them.

    Days are those of the member's zone, unless another one is named.
    """
    zone = zone or zone_of(member)
    days = Days(first, last, read_zone(zone))
    over = list_personal(member) if connection is None else [get_mine(member, connection.pk)]
    rows = _within(over, days)
    return OwnRange(
        first=first,
        last=last,
        zone=zone,
        worklogs=tuple(row for row in rows if not _is_hidden(row)),
        connections=how_read(over, days, zone),
        hidden=_by_issue(row for row in rows if _is_hidden(row)),
    )


def get_own_worklog(member: Member, worklog_id: int, *, deleted: bool = False) -> OwnWorklog:
    """One of the member's own, deleted or not as asked.  Raises NotFound, also for others'."""
    rows = _live(list_personal(member), deleted=deleted)
    found = rows.filter(pk=worklog_id).first()
    if found is None:
        raise NotFound("There is no such worklog: it was deleted meanwhile, or is not yours.")
    return found


def on_issue(member: Member, issue: JiraIssue, day: date) -> tuple[OwnWorklog, ...]:
    """The member's worklogs on one issue on one day of theirs, as the week shows them."""
    found = own_range(member, day, day, issue.connection).worklogs
    return tuple(each for each in found if each.issue_id == issue.pk)


def unsaved_over(connection: Connection) -> tuple[OwnWorklog, ...]:
    """The worklogs of which Jira does not have what was last typed, or does not know it is gone."""
    rows = OwnWorklog.objects.filter(connection=connection).exclude(state=WorklogState.SAVED)
    return tuple(rows.select_related("issue").order_by("started_at", "pk"))


def recent_issues(member: Member, limit: int = 20) -> Sequence[JiraIssue]:
    """The issues the member logged time on last, the latest first."""
    rows = _live(list_personal(member), deleted=False).order_by("-started_at", "-pk")
    found: dict[int, JiraIssue] = {}
    for worklog in rows.filter(issue__hidden_since=None)[: limit * 20]:
        found.setdefault(worklog.issue_id, worklog.issue)
    return tuple(found.values())[:limit]


def _is_hidden(row: OwnWorklog) -> bool:
    """Whether it was on an issue that Jira no longer shows; what is being written stays in sight."""
    return row.issue.hidden_since is not None and row.state == WorklogState.SAVED


def _by_issue(worklogs: Iterable[OwnWorklog]) -> tuple[OwnIssue, ...]:
    of_issue: dict[int, list[OwnWorklog]] = {}
    for worklog in worklogs:
        of_issue.setdefault(worklog.issue_id, []).append(worklog)
    found = [OwnIssue(held[0].issue, tuple(held)) for held in of_issue.values()]
    return tuple(sorted(found, key=lambda each: (-each.seconds, each.issue.key)))


def _within(over: Sequence[Connection], days: Days) -> tuple[OwnWorklog, ...]:
    begin, end = days.around
    rows = _live(over, deleted=False).filter(started_at__gte=begin, started_at__lt=end)
    return tuple(row for row in rows if days.hold(row.started_at))


def _live(over: Sequence[Connection], *, deleted: bool) -> QuerySet[OwnWorklog]:
    rows = OwnWorklog.objects.filter(connection__in=over, deleted_at__isnull=not deleted)
    return rows.select_related("connection", "issue__connection").order_by("started_at", "pk")
