"""Which days and what time of the day a person means on the command line.  Pure."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

import typer

from duolog.core.durations import UnreadableDuration, parse_minutes
from duolog.core.worklog_edits import monday_of
from duolog.core.worklogs import MINUTE, begin_at, day_of

NINE: Final = time(9)
_NEAR: Final[Mapping[str, int]] = {"today": 0, "yesterday": -1, "tomorrow": 1}


@dataclass(frozen=True, slots=True)
class Clocks:
    """What time it is, and by whose clocks a day begins."""

    now: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        """The day it is."""
        return day_of(self.now, self.zone)

    def day(self, text: str) -> date:
        """A day by its date, or today, yesterday, tomorrow.  Wrong usage for anything else."""
        if text in _NEAR:
            return self.today + timedelta(days=_NEAR[text])
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise typer.BadParameter(f"{text} is no day: write 2026-01-31, or today.") from None

    def begin(self, day: str, clock: str, seconds: int) -> datetime:
        """When work began: as said, else at nine, or so long ago where it was done just now."""
        when = self.day(day) if day else self.today
        if clock:
            return begin_at(when, read_clock(clock), self.zone)
        if when != self.today:
            return begin_at(when, NINE, self.zone)
        minute = self.now.replace(second=0, microsecond=0) - timedelta(seconds=seconds)
        return max(minute, begin_at(when, time(0), self.zone))


def read_clock(text: str) -> time:
    """A time of the day.  Wrong usage for anything else."""
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        raise typer.BadParameter(f"{text} is no time of the day: write 09:30.") from None


def read_seconds(text: str) -> int:
    """A length of time.  Wrong usage for anything else."""
    try:
        return parse_minutes(text) * MINUTE
    except UnreadableDuration as wrong:
        raise typer.BadParameter(str(wrong)) from wrong


def week_of(day: date) -> tuple[date, date]:
    """Monday to Sunday."""
    return monday_of(day), monday_of(day) + timedelta(days=6)


def month_of(day: date) -> tuple[date, date]:
    """The first of the month to its last."""
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=1), day.replace(day=last)


def sums_by_day(rows: list[dict[str, Any]]) -> Mapping[str, int]:
    """The seconds of each day that has any, in order."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["day"]] = sums.get(row["day"], 0) + int(row["time_spent_seconds"])
    return dict(sorted(sums.items()))
