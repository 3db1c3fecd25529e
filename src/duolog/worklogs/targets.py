"""How long a member means to work: hours per weekday, none on the holidays they keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from duolog.core.durations import HINT, UnreadableDuration, parse_minutes
from duolog.core.targets import DAY, WorkingWeek
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.worklogs.days_off import UnknownRegion, check_region, holidays_between
from duolog.worklogs.models import WorkingHours

WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
_NOTHING: Final = frozenset({"", "0", "0h", "0m", "0:00"})


@dataclass(frozen=True, slots=True)
class Hours:
    """What a member means to work, and whose holidays they keep."""

    week: WorkingWeek
    region: str = ""


@dataclass(frozen=True, slots=True)
class DayTarget:
    """The seconds meant for a day, and the holiday it is, if any."""

    seconds: int
    holiday: str = ""


def hours_of(member: Member) -> Hours:
    """What the member set, else eight hours from Monday to Friday without holidays."""
    row = WorkingHours.objects.filter(member=member).first()
    return (
        Hours(WorkingWeek()) if row is None else Hours(WorkingWeek(tuple(row.seconds)), row.region)
    )


def targets_between(member: Member, first: date, last: date) -> Mapping[date, DayTarget]:
    """The target of each of these days."""
    hours = hours_of(member)
    free = holidays_between(hours.region, first, last)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: DayTarget(hours.week.target_of(day, free), free.get(day, "")) for day in days}


def set_hours(member: Member, lengths: Sequence[str], region: str) -> Hours:
    """Store the hours as people write them, Monday first; nothing written is a day off.

    Raises Invalid, with a sentence for each weekday that cannot be read.
    """
    require(member, Right.LOG_TIME)
    errors: dict[str, str] = {}
    seconds = []
    for weekday, written in zip(WEEKDAYS, lengths, strict=True):
        try:
            seconds.append(_read_length(written))
        except UnreadableDuration as unreadable:
            errors[weekday.lower()] = str(unreadable)
    try:
        check_region(region)
    except UnknownRegion as unknown:
        errors["region"] = str(unknown)
    if errors:
        raise Invalid(errors)
    WorkingHours.objects.update_or_create(
        member=member, defaults={"seconds": seconds, "region": region}
    )
    return Hours(WorkingWeek(tuple(seconds)), region)


def _read_length(written: str) -> int:
    if written.strip() in _NOTHING:
        return 0
    seconds = parse_minutes(written) * 60
    if seconds > DAY:
        raise UnreadableDuration(f"A day has 24 hours. {HINT}")
    return seconds
