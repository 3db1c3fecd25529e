"""How long a person means to work, and which time of a day nobody has told yet.  Pure.

A target belongs to a weekday; on a holiday there is none.  What is missing is told of days that
are over or under way, never of days to come.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

HOUR: Final = 3600
DAY: Final = 24 * HOUR
USUAL: Final = (8 * HOUR,) * 5 + (0, 0)
"""Eight hours from Monday to Friday."""

LEAST_GAP: Final = timedelta(minutes=15)
"""What is shorter between two entries is a walk to the kettle."""


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """The seconds a person means to work, Monday first."""

    seconds: tuple[int, ...] = USUAL

    def __post_init__(self) -> None:
        if len(self.seconds) != 7 or not all(0 <= each <= DAY for each in self.seconds):
            raise ValueError("A week has seven days of at most 24 hours.")

    @property
    def whole(self) -> int:
        """The seconds of a week without holidays."""
        return sum(self.seconds)

    def target_of(self, day: date, holidays: Container[date] = ()) -> int:
        """The seconds meant for a day."""
        return 0 if day in holidays else self.seconds[day.weekday()]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, from its start to before its end."""

    begins: datetime
    ends: datetime

    @property
    def seconds(self) -> int:
        """For how long."""
        return int((self.ends - self.begins).total_seconds())


def missing(day: date, spent: int, target: int, *, today: date) -> int:
    """The seconds that are still to be told of a day that is over; none of today or later."""
    return max(0, target - spent) if day < today else 0


def gaps(told: Iterable[Span], least: timedelta = LEAST_GAP) -> tuple[Span, ...]:
    """The stretches between what was told of a day, in order, from the first to the last."""
    found: list[Span] = []
    ended: datetime | None = None
    for span in sorted(told, key=lambda each: (each.begins, each.ends)):
        if ended is not None and span.begins - ended >= least:
            found.append(Span(ended, span.begins))
        ended = span.ends if ended is None else max(ended, span.ends)
    return tuple(found)


def lanes(told: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    """For each stretch the column it is drawn in, and how many its neighbours need together.

    Stretches that overlap, directly or through others, share the width.
    """
    placed: list[tuple[int, int]] = [(0, 1)] * len(told)
    group: list[int] = []
    columns: list[datetime] = []

    def close() -> None:
        for number in group:
            placed[number] = (placed[number][0], len(columns))
        group.clear()
        columns.clear()

    for number in sorted(range(len(told)), key=lambda each: (told[each].begins, told[each].ends)):
        span = told[number]
        if columns and span.begins >= max(columns):
            close()
        free = (place for place, ends in enumerate(columns) if ends <= span.begins)
        place = next(free, len(columns))
        columns[place : place + 1] = [span.ends]
        placed[number] = (place, 0)
        group.append(number)
    close()
    return tuple(placed)
