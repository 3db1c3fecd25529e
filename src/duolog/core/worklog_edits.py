"""What is to be said of a worklog, and how that fits what Jira holds by now.  Pure.

Only what differs is sent.  What somebody else changed since the person saw it is not overwritten
unasked; what is there already, by whatever way, is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final

from duolog.core.durations import render_seconds
from duolog.core.worklogs import MINUTE, NotWhole, Spent, day_of, move_to_day, whole_minutes

NAMES: Final = ("started", "seconds", "comment")


class Fit(StrEnum):
    """How an edit fits what is there now."""

    OPEN = "open"
    DONE = "done"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Edit:
    """The parts of a worklog that are to be another; None is to stay as it is."""

    started: datetime | None = None
    seconds: int | None = None
    comment: str | None = None

    @property
    def parts(self) -> Mapping[str, Any]:
        """What is to be another, by name."""
        said = {name: getattr(self, name) for name in NAMES}
        return {name: value for name, value in said.items() if value is not None}

    def applied_to(self, spent: Spent) -> Spent:
        """What the worklog then says."""
        return replace(spent, **self.parts)


def edit_between(before: Spent, after: Spent) -> Edit:
    """What leads from one to the other."""
    differing = {n: getattr(after, n) for n in NAMES if getattr(after, n) != getattr(before, n)}
    return Edit(**differing)


def fit(edit: Edit, before: Spent, there: Spent) -> Fit:
    """How an edit fits, that was made by somebody who saw `before`, where it says `there` now."""
    wanted = edit.applied_to(there)
    if wanted == there:
        return Fit.DONE
    moved = [
        name
        for name in edit.parts
        if getattr(there, name) not in (getattr(before, name), getattr(wanted, name))
    ]
    return Fit.OVERTAKEN if moved else Fit.OPEN


def said_instead(edit: Edit, there: Spent, zone: tzinfo) -> str:
    """What is there in place of what the edit rests on, for the person who made it."""
    words = {
        "started": f"it began on {there.started.astimezone(zone):%Y-%m-%d at %H:%M}",
        "seconds": f"it lasted {render_seconds(there.seconds)}",
        "comment": "its comment is another",
    }
    return " and ".join(words[name] for name in edit.parts)


def rounded_up(lasted: timedelta) -> int:
    """Seconds in whole minutes, at least one: time that was measured is never cut."""
    seconds = lasted.total_seconds()
    minutes = int(seconds // MINUTE) + (seconds % MINUTE > 0)
    return max(1, minutes) * MINUTE


def split_in_two(spent: Spent, seconds: int) -> tuple[Spent, Spent]:
    """The worklog shortened by `seconds`, and another for these, which follows on it.

    Raises `NotWhole` unless both parts last whole minutes, at least one.
    """
    second = whole_minutes(seconds)
    if second >= spent.seconds:
        longest = render_seconds(max(0, spent.seconds - MINUTE))
        raise NotWhole(f"Something must stay: split off {longest} at most.")
    first = replace(spent, seconds=spent.seconds - second)
    return first, replace(
        spent, started=spent.started + timedelta(seconds=first.seconds), seconds=second
    )


def on_day(spent: Spent, day: date, zone: tzinfo) -> Spent:
    """The same on another day, at the same time of the day."""
    return replace(spent, started=move_to_day(spent.started, day, zone))


def days_later(spent: Spent, days: int, zone: tzinfo) -> Spent:
    """The same so many days later, at the same time of the day."""
    return on_day(spent, day_of(spent.started, zone) + timedelta(days=days), zone)


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())
