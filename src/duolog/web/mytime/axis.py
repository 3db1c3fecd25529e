"""The day on an axis of hours: where each worklog lies, and which time nobody told.  No queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from duolog.core.targets import Span, gaps, lanes
from duolog.web.mytime.tints import Tints
from duolog.worklogs.models import OwnWorklog

HOURS: Final = 24
OPENS_AT: Final = 7
_LEAST_SHOWN: Final = timedelta(minutes=15)
_MINUTES: Final = HOURS * 60
_TWO_LINES: Final = 48
"""Minutes that are drawn as high as two lines of text."""


@dataclass(frozen=True, slots=True)
class Block:
    """One worklog on the axis: minutes from midnight, and its column among those beside it."""

    worklog: OwnWorklog
    tint: str
    began: datetime
    begins: int
    minutes: int
    lane: int
    lanes: int

    @property
    def ended(self) -> datetime:
        """When it was over, by the same clocks, which may have been set meanwhile."""
        over = self.worklog.started_at + timedelta(seconds=self.worklog.seconds)
        return over.astimezone(self.began.tzinfo)

    @property
    def is_short(self) -> bool:
        """Whether there is room for one line only."""
        return self.minutes < _TWO_LINES


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch between two worklogs of which nothing is told."""

    begins: int
    minutes: int
    clock: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Axis:
    """The day."""

    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...]
    opens_at: int

    @property
    def hours(self) -> tuple[str, ...]:
        """What stands at the lines."""
        return tuple(f"{hour:02d}:00" for hour in range(HOURS))


def axis_of(worklogs: Sequence[OwnWorklog], zone: tzinfo, tints: Tints) -> Axis:
    """The worklogs of one day, in order of time."""
    began = [each.started_at.astimezone(zone) for each in worklogs]
    told = [
        Span(each.started_at, each.started_at + timedelta(seconds=each.seconds))
        for each in worklogs
    ]
    drawn = [_drawn(start, span) for start, span in zip(began, told, strict=True)]
    blocks = tuple(
        Block(
            worklog=worklog,
            tint=tints.of(worklog.connection_id),
            began=start,
            begins=_minutes(start),
            minutes=min(max(1, span.seconds // 60), _MINUTES - _minutes(start)),
            lane=lane,
            lanes=width,
        )
        for worklog, start, span, (lane, width) in zip(
            worklogs, began, drawn, lanes(drawn), strict=True
        )
    )
    opens = min([block.begins // 60 for block in blocks] + [OPENS_AT])
    return Axis(blocks, tuple(_gap(each, zone) for each in gaps(told)), opens)


def _drawn(start: datetime, span: Span) -> Span:
    """Where it lies by the clock on the wall: of an hour that comes twice, both lie in one place."""
    wall = start.replace(tzinfo=None)
    return Span(wall, wall + max(span.ends - span.begins, _LEAST_SHOWN))


def _gap(span: Span, zone: tzinfo) -> Gap:
    begins = span.begins.astimezone(zone)
    return Gap(_minutes(begins), span.seconds // 60, f"{begins:%H:%M}", span.seconds)


def _minutes(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute
