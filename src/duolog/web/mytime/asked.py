"""What an address of My time asks for: which view, which days, over which connection.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

_DAY: Final = timedelta(days=1)
RANGE_MOST: Final = 366
"""Days that a report shows at once."""


class View(StrEnum):
    """How the days are shown."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Asked:
    """A view of the days around one day; `connection_id` narrows it to one connection."""

    view: View
    day: date
    connection_id: int | None = None

    @property
    def first(self) -> date:
        """The first day of the view; of a month, the Monday of its first week."""
        match self.view:
            case View.DAY:
                return self.day
            case View.WEEK:
                return monday_of(self.day)
            case View.MONTH:
                return monday_of(self.day.replace(day=1))

    @property
    def last(self) -> date:
        """The last day of the view; of a month, the Sunday of its last week."""
        match self.view:
            case View.DAY:
                return self.day
            case View.WEEK:
                return monday_of(self.day) + 6 * _DAY
            case View.MONTH:
                return monday_of(month_after(self.day) - _DAY) + 6 * _DAY

    @property
    def counted(self) -> tuple[date, date]:
        """The days whose sum is shown: those of the view, or of the month alone."""
        if self.view is not View.MONTH:
            return self.first, self.last
        return self.day.replace(day=1), month_after(self.day) - _DAY

    @property
    def before(self) -> Asked:
        """The same view of the time before."""
        return replace(
            self, day=self.counted[0] - _DAY if self.view is not View.WEEK else self.day - 7 * _DAY
        )

    @property
    def after(self) -> Asked:
        """The same view of the time after."""
        return replace(
            self, day=self.counted[1] + _DAY if self.view is not View.WEEK else self.day + 7 * _DAY
        )

    @property
    def title(self) -> str:
        """The days in words: 16 to 22 November, or November 2026."""
        if self.view is View.DAY:
            return f"{self.day:%A} {self.day.day} {self.day:%B}"
        if self.view is View.MONTH:
            return f"{self.day:%B %Y}"
        return span_title(self.first, self.last)

    @property
    def query(self) -> str:
        """The same as the part of an address after the question mark."""
        told = {"view": self.view.value, "day": self.day.isoformat()}
        if self.connection_id is not None:
            told["connection"] = str(self.connection_id)
        return urlencode(told)

    def on(self, day: date, view: View | None = None) -> Asked:
        """The same around another day, in another view if one is named."""
        return replace(self, day=day, view=view or self.view)

    def over(self, connection_id: int | None) -> Asked:
        """The same over another connection, or over all."""
        return replace(self, connection_id=connection_id)


def read_asked(query: Mapping[str, str], today: date) -> Asked:
    """What the address asks; what cannot be read is as if it were not there."""
    wanted = query.get("view", "")
    number = query.get("connection", "")
    return Asked(
        view=View(wanted) if wanted in set(View) else View.WEEK,
        day=read_day(query.get("day", ""), today),
        connection_id=int(number) if number.isascii() and number.isdigit() else None,
    )


def read_range(query: Mapping[str, str], today: date) -> tuple[date, date]:
    """The days a report is asked for, this month where none are named; a year of them at most."""
    first = read_day(query.get("from", ""), today.replace(day=1))
    last = read_day(query.get("to", ""), max(first, month_after(first) - _DAY))
    first, last = min(first, last), max(first, last)
    return first, min(last, first + (RANGE_MOST - 1) * _DAY)


def read_day(text: str, otherwise: date) -> date:
    """The day a text names; far from every calendar in use it is as if it were not there."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if 1970 <= day.year <= 2200 else otherwise


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - day.weekday() * _DAY


def month_after(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=28) + 4 * _DAY).replace(day=1)


def span_title(first: date, last: date) -> str:
    """Some days in words, as short as they can be told apart."""
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {last:%B}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {first:%b}{year} to {last.day} {last:%b} {last.year}"
