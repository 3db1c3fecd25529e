"""Which days of whose clocks a search must cover, and what of its answer counts.  Pure.

A worklog counts for the day on which it began by the clocks of one stated zone, the person's.  Jira
reads the days of a search by those of the account's profile, whatever they are by now: so a search
covers every day that the instants wanted can be anywhere on earth, and what it finds is cut by
instant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from duolog.core.worklogs import begin_at, day_of

MIDNIGHT: Final = time(0)
DAY: Final = timedelta(days=1)
_WESTMOST: Final = timedelta(hours=-12)
_EASTMOST: Final = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `first` to `last`, both included, by the clocks of `zone`."""

    first: date
    last: date
    zone: tzinfo

    def __iter__(self) -> Iterator[date]:
        """Each of them, in order."""
        return (self.first + n * DAY for n in range((self.last - self.first).days + 1))

    def hold(self, started: datetime) -> bool:
        """Whether what began at this instant counts for one of them."""
        return self.first <= day_of(started, self.zone) <= self.last

    @property
    def begin(self) -> datetime:
        """The instant at which the first of them begins."""
        return begin_at(self.first, MIDNIGHT, self.zone)

    @property
    def end(self) -> datetime:
        """The instant at which the day after the last of them begins."""
        return begin_at(self.last + DAY, MIDNIGHT, self.zone)

    @property
    def around(self) -> tuple[datetime, datetime]:
        """Two instants with a day to spare, between which all that counts for them began.

        Where clocks are set back over midnight, a day is no stretch without a gap.
        """
        return self.begin - DAY, self.end + DAY

    @property
    def anywhere(self) -> tuple[date, date]:
        """Days that hold every day that it can be on earth during one of them.

        A day more on each side; two on one side where people are the first or the last to see a
        day begin.
        """
        first, last = (self.begin + _WESTMOST).date(), (self.end + _EASTMOST).date()
        return min(first, self.first - DAY), max(last, self.last + DAY)


def same_days(days: Days, zone: tzinfo) -> bool:
    """Whether another zone's clocks say the same at both ends of each day."""
    return all(
        begin_at(day, MIDNIGHT, days.zone) == begin_at(day, MIDNIGHT, zone)
        for day in (*days, days.last + DAY)
    )


@dataclass(frozen=True, slots=True)
class Covered:
    """Days that were read whole, by a reading that began at `read_at`."""

    first: date
    last: date
    read_at: datetime


def read_at(days: Days, readings: Iterable[Covered]) -> datetime | None:
    """How old the oldest of these days is; None where one of them was never read.

    Of several readings of a day the latest counts.
    """
    known = list(readings)
    oldest: datetime | None = None
    for day in days:
        latest = max((it.read_at for it in known if it.first <= day <= it.last), default=None)
        if latest is None:
            return None
        oldest = latest if oldest is None else min(oldest, latest)
    return oldest


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that no worklog of an issue changed: when Jira last changed it, and their number.

    The number, because a worklog may be moved away without a trace.
    """

    updated_at: datetime
    total: int


@dataclass(frozen=True, slots=True)
class Paged:
    """How an issue stood when all of its worklogs were read, one page after the other.

    It `is_settled` where no change can have come afterwards that bears the same stamp: Server tells
    whole seconds, and a search may lag behind.
    """

    stamp: Stamp
    read_at: datetime
    is_settled: bool


_OLD: Final = timedelta(minutes=10)
_APART: Final = timedelta(seconds=2)
TRUSTED: Final = timedelta(hours=1)
"""For how long what Jira tells of changes is relied on, before all is read again."""


def paged(stamp: Stamp, before: Paged | None, now: datetime) -> Paged:
    """That the worklogs of an issue were read now, which was seen to stand so first.

    A change of long ago is settled whatever the clocks of the site; one that was seen before is
    once its second is over.
    """
    seen_before = before is not None and before.stamp == stamp and now - before.read_at >= _APART
    return Paged(stamp, now, is_settled=seen_before or now - stamp.updated_at >= _OLD)


def must_be_paged(shown: int, stamp: Stamp, before: Paged | None, now: datetime) -> bool:
    """Whether the worklogs shown with an issue leave some out that are not known by now.

    After an hour they are read again whatever the stamp says.
    """
    if shown >= stamp.total:
        return False
    if before is None or before.stamp != stamp or not before.is_settled:
        return True
    return now - before.read_at >= TRUSTED
