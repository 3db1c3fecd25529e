"""The week as a grid of issues and days, with sums and targets.  No queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.safestring import SafeString

from duolog.core.targets import missing
from duolog.core.worklogs import total
from duolog.web.charts import meter
from duolog.web.mytime.tints import Tints
from duolog.worklogs.models import JiraIssue, OwnWorklog, WorklogState
from duolog.worklogs.own.queries import OwnRange
from duolog.worklogs.targets import DayTarget

SATURDAY: Final = 5
FAR_BEYOND: Final = 1.25
_PARTS: Final = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True)
class Column:
    """One day: what was told of it, what was meant, and why there may be nothing to do.

    `iso` and `spoken` are the day in words, said once for all of its cells.
    """

    day: date
    iso: str
    spoken: str
    seconds: int
    target: int
    holiday: str
    missing: int
    is_today: bool

    @property
    def is_free(self) -> bool:
        """Whether it is drawn as a day off."""
        return self.day.weekday() >= SATURDAY or bool(self.holiday)

    @property
    def meter(self) -> SafeString:
        """How much of the target is there; a day that is far beyond it is marked."""
        is_far = self.target and self.seconds > self.target * FAR_BEYOND
        return meter(self.seconds, self.target or self.seconds, "c-warn" if is_far else "c1")


@dataclass(frozen=True, slots=True)
class Cell:
    """What was told of one issue on one day."""

    column: Column
    issue: JiraIssue
    worklogs: tuple[OwnWorklog, ...]

    @property
    def seconds(self) -> int:
        """The time in it."""
        return total(self.worklogs)

    @property
    def state(self) -> str:
        """Failed where one of its worklogs did not reach Jira, pending where one is on its way."""
        states = {each.state for each in self.worklogs}
        worse = (WorklogState.FAILED, WorklogState.PENDING)
        return next((str(each) for each in worse if each in states), "")

    @property
    def problem(self) -> str:
        """Why a worklog of it was not saved."""
        return next((each.problem for each in self.worklogs if each.problem), "")


@dataclass(frozen=True, slots=True)
class Row:
    """One issue over the days."""

    issue: JiraIssue
    tint: str
    is_favourite: bool
    cells: tuple[Cell, ...]

    @property
    def seconds(self) -> int:
        """The time of the row."""
        return sum(cell.seconds for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """The week."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def row_of(self, issue_id: int) -> Row | None:
        """The row of an issue."""
        return next((row for row in self.rows if row.issue.pk == issue_id), None)


def columns_of(
    found: OwnRange, targets: Mapping[date, DayTarget], today: date
) -> tuple[Column, ...]:
    """The days with what was meant for them; nothing is missing while they are not read whole."""
    ends = today if found.is_complete else date.min
    return tuple(
        Column(
            day=each.day,
            iso=each.day.isoformat(),
            spoken=f"{each.day:%A} {each.day.day} {each.day:%B}",
            seconds=each.seconds,
            target=targets[each.day].seconds,
            holiday=targets[each.day].holiday,
            missing=missing(each.day, each.seconds, targets[each.day].seconds, today=ends),
            is_today=each.day == today,
        )
        for each in found.days
    )


def grid_of(
    found: OwnRange, columns: Sequence[Column], pinned: Iterable[JiraIssue], tints: Tints
) -> Grid:
    """The grid: every issue with time, and those that are pinned, in the order of their keys."""
    favourites = {issue.pk: issue for issue in pinned}
    issues = favourites | {each.issue.pk: each.issue for each in found.issues}
    held: dict[tuple[int, date], list[OwnWorklog]] = {}
    for each in found.days:
        for worklog in each.worklogs:
            held.setdefault((worklog.issue_id, each.day), []).append(worklog)
    rows = (
        Row(
            issue=issue,
            tint=tints.of(issue.connection_id),
            is_favourite=issue.pk in favourites,
            cells=tuple(
                Cell(column, issue, tuple(held.get((issue.pk, column.day), ())))
                for column in columns
            ),
        )
        for issue in sorted(issues.values(), key=by_key)
    )
    return Grid(tuple(columns), tuple(rows))


def by_key(issue: JiraIssue) -> tuple[object, ...]:
    """As people sort keys: FHP-9 before FHP-10."""
    parts = _PARTS.split(issue.key)
    return (*(part if n % 2 == 0 else int(part) for n, part in enumerate(parts)), issue.pk)
