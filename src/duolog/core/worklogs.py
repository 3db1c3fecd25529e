"""Time that people log: what an entry says, on which day it counts, how two edits fit.  Pure.

An instant counts for the day that it falls on in one stated zone.  Zones are named as in the
IANA database, or by their offset alone, such as +05:30.  What people enter is whole minutes; an
entry that came with other seconds keeps them until its time is edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from duolog.core.durations import HINT, HOURS_MAX
from duolog.core.merge import merge_texts
from duolog.core.values import Merged, Pair

T = TypeVar("T")

MINUTE: Final = 60
SECONDS_MAX: Final = HOURS_MAX * 3600
_OFFSET: Final = re.compile(r"(?P<sign>[+-])(?P<hours>[01][0-9]|2[0-3]):(?P<minutes>[0-5][0-9])")
_HEAD: Final = re.compile(r"(?P<started>\S+Z) (?P<seconds>[0-9]+)")


class NotWhole(ValueError):
    """No whole number of minutes; the message is a sentence for whoever entered it."""


class UnknownZone(ValueError):
    """No zone by this name; the message is a sentence for whoever entered it."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What an entry says: when the work began, how long it took, and what it was (Markdown)."""

    started: datetime
    seconds: int
    comment: str = ""

    def render(self) -> str:
        """As one text that compares, whichever side it comes from: a line, then the comment."""
        head = f"{render_instant(self.started)} {self.seconds}"
        return f"{head}\n{self.comment}" if self.comment else head


class Lasting(Protocol):
    """Whatever lasted for some seconds."""

    @property
    def seconds(self) -> int:
        """For how long."""
        ...


def parse_spent(text: str) -> Spent:
    """What `Spent.render` wrote.  Raises ValueError for anything else."""
    head, _, comment = text.partition("\n")
    found = _HEAD.fullmatch(head)
    if found is None:
        raise ValueError(f"no entry of time begins with {head[:60]!r}")
    return Spent(datetime.fromisoformat(found["started"]), int(found["seconds"]), comment)


def merge_spent(was: Pair, now: Pair) -> Merged | None:
    """Both edits of one entry where they fit: of its start, its time, or parts of its comment.

    None where both changed the same, or one side has let go of the entry.
    """
    said = [parse_spent(value) for value in (*was, *now) if isinstance(value, str)]
    if len(said) < 4:
        return None
    starts = _fit([each.started for each in said])
    times = _fit([each.seconds for each in said])
    comments = _fit([each.comment for each in said]) or _merged_comments(said)
    if starts is None or times is None or comments is None:
        return None
    here, there = (Spent(*parts).render() for parts in zip(starts, times, comments, strict=True))
    return Merged(here, there)


def _fit(said: Sequence[T]) -> tuple[T, T] | None:
    """What each side is to hold of one part; None where both moved it, and apart."""
    before, beyond, here, there = said
    if here == before:
        return (here, there) if there == beyond else (there, there)
    return (here, here) if there in (beyond, here) else None


def _merged_comments(said: Sequence[Spent]) -> tuple[str, str] | None:
    before, beyond, here, there = (each.comment for each in said)
    merged = merge_texts(Pair(before, beyond), Pair(here, there))
    return None if merged is None else (merged, merged)


def whole_minutes(seconds: int) -> int:
    """The seconds as they are, if people may enter them; raises `NotWhole`."""
    if seconds % MINUTE or seconds < MINUTE:
        raise NotWhole(f"Time counts in whole minutes, at least one. {HINT}")
    if seconds > SECONDS_MAX:
        raise NotWhole(f"A time lasts from one minute to {HOURS_MAX} hours.")
    return seconds


def total(entries: Iterable[Lasting]) -> int:
    """The seconds of all entries together."""
    return sum(entry.seconds for entry in entries)


def read_zone(name: str) -> tzinfo:
    """The zone of this name; raises `UnknownZone`."""
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        ahead = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"]))
        return timezone(ahead if offset["sign"] == "+" else -ahead)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone("Name the zone as Europe/Berlin, or by its offset: +05:30.") from None


def name_offset(instant: datetime) -> str:
    """The name of the zone that has nothing but the offset of this instant."""
    ahead = instant.utcoffset() or timedelta()
    sign, ahead = ("-", -ahead) if ahead < timedelta() else ("+", ahead)
    minutes = int(ahead.total_seconds()) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def day_of(started: datetime, zone: tzinfo) -> date:
    """The day an entry counts for."""
    return started.astimezone(zone).date()


def begin_at(day: date, clock: time, zone: tzinfo) -> datetime:
    """The instant at which clocks of the zone show this time, in UTC.

    Of an hour that comes twice it is the first; a time that is skipped is read by the clocks
    of before, so that it lies as long after the jump as it would have without it.
    """
    return datetime.combine(day, clock, zone).astimezone(UTC)


def move_to_day(started: datetime, day: date, zone: tzinfo) -> datetime:
    """The same time of the day on another day."""
    return begin_at(day, started.astimezone(zone).time(), zone)


def whole_milliseconds(instant: datetime) -> datetime:
    """The instant in UTC, as exactly as both sides keep it."""
    utc = instant.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def render_instant(instant: datetime) -> str:
    """An instant in UTC with milliseconds; later sorts after earlier."""
    utc = instant.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
