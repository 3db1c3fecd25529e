"""Time over a range of days: by day, by project, by issue, and as tables to take away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from duolog.connections.models import Connection
from duolog.connections.queries import get_mine, list_personal
from duolog.core.durations import render_seconds
from duolog.core.worklogs import day_of, read_zone, total
from duolog.people.models import Member
from duolog.web.charts import Bar, Series, stacked_bars
from duolog.web.mytime.asked import monday_of, span_title
from duolog.web.mytime.grid import Column, columns_of
from duolog.web.mytime.page import Share, shares_of
from duolog.web.mytime.tints import Tints, tints_for
from duolog.web.sheets import Cell, Sheet
from duolog.worklogs.models import JiraIssue, OwnWorklog
from duolog.worklogs.own.queries import OwnRange, own_range
from duolog.worklogs.targets import targets_between

HOUR = 3600
DAYS_AS_BARS = 45
"""More days than these are drawn by weeks."""


@dataclass(frozen=True, slots=True)
class Project:
    """A Jira project and the connection it is known by."""

    key: str
    name: str
    label: str
    tint: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day or a week of the chart, beside what was meant."""

    label: str
    title: str
    worklogs: tuple[OwnWorklog, ...]
    target: int

    @property
    def seconds(self) -> int:
        """The time told."""
        return total(self.worklogs)


@dataclass(frozen=True, slots=True)
class Report:
    """The range that was asked for."""

    found: OwnRange
    connections: Sequence[Connection]
    connection_id: int | None
    columns: tuple[Column, ...]
    tints: Tints

    @property
    def title(self) -> str:
        """The days in words."""
        return span_title(self.found.first, self.found.last)

    @property
    def query(self) -> str:
        """The same as the part of an address after the question mark."""
        told = {"from": self.found.first.isoformat(), "to": self.found.last.isoformat()}
        if self.connection_id is not None:
            told["connection"] = str(self.connection_id)
        return urlencode(told)

    @property
    def target(self) -> int:
        """What was meant for all days."""
        return sum(each.target for each in self.columns)

    @property
    def missing(self) -> int:
        """What is not told of the days that are over."""
        return sum(each.missing for each in self.columns)

    @property
    def is_weekly(self) -> bool:
        """Whether the chart is drawn by weeks."""
        return len(self.columns) > DAYS_AS_BARS

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The days, or the weeks where there are many."""
        told = zip(self.found.days, self.columns, strict=True)
        if not self.is_weekly:
            return tuple(
                Stretch(
                    f"{day.day.day}",
                    f"{day.day:%a} {day.day.day} {day.day:%b}",
                    day.worklogs,
                    column.target,
                )
                for day, column in told
            )
        weeks: dict[date, Stretch] = {}
        for day, column in told:
            monday = monday_of(day.day)
            held = weeks.get(monday) or Stretch(
                f"{monday.day} {monday:%b}", f"Week of {monday.day} {monday:%b %Y}", (), 0
            )
            weeks[monday] = Stretch(
                held.label, held.title, held.worklogs + day.worklogs, held.target + column.target
            )
        return tuple(weeks.values())

    @property
    def chart(self) -> SafeString:
        """Hours per day or week as stacked bars, by connection."""
        bars = [
            Bar(each.label, tuple(_hours(each.worklogs, it.pk) for it in self.connections))
            for each in self.stretches
        ]
        series = [Series(each.label, self.tints.of(each.pk)) for each in self.connections]
        unit = "week" if self.is_weekly else "day"
        target = max((each.target for each in self.stretches), default=0) / HOUR
        told = f"Hours per {unit} by connection: {render_seconds(self.found.seconds)} in all."
        return stacked_bars(bars, series, title=told, size=(960, 220), target=target)

    @property
    def legend(self) -> tuple[tuple[str, str, int], ...]:
        """The colours, the connections they stand for, and the time over each."""
        return tuple(
            (self.tints.of(each.pk), each.label, total(_over(self.found.worklogs, each.pk)))
            for each in self.connections
        )

    @property
    def issues(self) -> tuple[Share[JiraIssue], ...]:
        """Every issue, the one with most time first."""
        return shares_of((each.issue, each.seconds) for each in self.found.issues)

    @property
    def projects(self) -> tuple[Share[Project], ...]:
        """Every project, the one with most time first."""
        summed: dict[tuple[int, str], tuple[Project, int]] = {}
        for each in self.found.worklogs:
            issue = each.issue
            known = (each.connection_id, issue.project_key)
            project, seconds = summed.get(known) or (self._project(each), 0)
            summed[known] = (project, seconds + each.seconds)
        return shares_of(sorted(summed.values(), key=lambda it: (-it[1], it[0].key)))

    def _project(self, worklog: OwnWorklog) -> Project:
        issue, tint = worklog.issue, self.tints.of(worklog.connection_id)
        return Project(issue.project_key, issue.project_name, worklog.connection.label, tint)


def report_of(
    member: Member, days: tuple[date, date], connection_id: int | None, now: datetime
) -> Report:
    """The range as it is known here."""
    connections = list_personal(member)
    only = get_mine(member, connection_id) if connection_id is not None else None
    found = own_range(member, *days, only)
    today = day_of(now, read_zone(found.zone))
    return Report(
        found=found,
        connections=[only] if only else connections,
        connection_id=connection_id,
        columns=columns_of(found, targets_between(member, *days), today),
        tints=tints_for(each.pk for each in connections),
    )


def worklog_sheet(report: Report) -> Sheet:
    """Every worklog of the range, one a row, by the clocks of the zone that is stated."""
    zone = read_zone(report.found.zone)
    rows: list[list[Cell]] = [
        [
            day_of(each.started_at, zone),
            each.started_at.astimezone(zone),
            (each.started_at + timedelta(seconds=each.seconds)).astimezone(zone),
            each.issue.key,
            each.issue.summary,
            each.issue.type_name,
            each.issue.project_name or each.issue.project_key,
            each.seconds / HOUR,
            each.seconds,
            each.comment,
            each.connection.label,
            each.get_state_display(),
            each.jira_id,
            each.issue.url,
        ]
        for each in report.found.worklogs
    ]
    columns = (
        "Day", f"Start ({report.found.zone})", "End", "Issue", "Summary", "Type", "Project",
        "Hours", "Seconds", "Comment", "Connection", "State", "Worklog in Jira", "Address",
    )  # fmt: skip
    return Sheet("Worklogs", columns, rows, frozenset({"Summary", "Comment", "Address"}))


def sheets_of(report: Report) -> tuple[Sheet, ...]:
    """The worklogs, and the sums by day, project and issue."""
    by_day: list[list[Cell]] = [
        [each.day, each.seconds / HOUR, each.target / HOUR, each.holiday] for each in report.columns
    ]
    by_project: list[list[Cell]] = [
        [each.what.key, each.what.name, each.what.label, each.seconds / HOUR]
        for each in report.projects
    ]
    by_issue: list[list[Cell]] = [
        [each.what.key, each.what.summary, each.what.connection.label, each.seconds / HOUR]
        for each in report.issues
    ]
    return (
        worklog_sheet(report),
        Sheet("By day", ("Day", "Hours", "Target", "Holiday"), by_day),
        Sheet(
            "By project",
            ("Project", "Name", "Connection", "Hours"),
            by_project,
            frozenset({"Name"}),
        ),
        Sheet(
            "By issue",
            ("Issue", "Summary", "Connection", "Hours"),
            by_issue,
            frozenset({"Summary"}),
        ),
    )


def _over(worklogs: Iterable[OwnWorklog], connection_id: int) -> list[OwnWorklog]:
    return [each for each in worklogs if each.connection_id == connection_id]


def _hours(worklogs: Iterable[OwnWorklog], connection_id: int) -> float:
    return total(_over(worklogs, connection_id)) / HOUR
