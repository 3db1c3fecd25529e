"""The dates of JQL: literals, periods and the functions around now.  Knows no fields."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from jirasim.jql.errors import JqlError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jirasim.jql.context import Context
    from jirasim.jql.syntax import Call

FORMATS: Final = (
    "Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', "
    "'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
)
WRITTEN: Final = re.compile(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:\s+(\d{1,2}):(\d{1,2}))?", re.ASCII
)
PERIOD: Final = re.compile(r"([+-]?)((?:\s*\d+\s*(?:w|d|h|m))+)", re.ASCII | re.IGNORECASE)
AMOUNT: Final = re.compile(r"(\d+)\s*([a-z])", re.ASCII | re.IGNORECASE)
MILLISECONDS: Final = re.compile(r"-?\d{1,14}", re.ASCII)
UNITS: Final = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}
OFFSET: Final = re.compile(r"([+-]?)(\d{1,6})([yMwdhm]?)", re.ASCII)
OWN_UNIT: Final = {"Day": "d", "Week": "w", "Month": "M", "Year": "y"}
NAMES: Final = {
    f"{edge}of{period}".lower(): (edge, period) for edge in ("start", "end") for period in OWN_UNIT
}
MOMENTS: Final = frozenset({"now", "currentlogin", "lastlogin"})
"""Whoever calls the API logs in with each call: that is what their last login is."""
LAST_MOMENT: Final = timedelta(milliseconds=1)


def read_date(text: str, context: Context) -> datetime | None:
    """The instant a value names: in the caller's zone, to the minute; None if it names none."""
    text = text.strip()
    if written := WRITTEN.fullmatch(text):
        return written_date(written, context)
    if period := PERIOD.fullmatch(text):
        step = sum(
            (int(count) * UNITS[unit.lower()] for count, unit in AMOUNT.findall(period[2])),
            timedelta(),
        )
        return moved(context.now, -step if period[1] == "-" else step)
    if MILLISECONDS.fullmatch(text):
        return moved(datetime.fromtimestamp(0, UTC), timedelta(milliseconds=int(text)))
    return None


def written_date(found: re.Match[str], context: Context) -> datetime | None:
    year, month, day, hour, minute = (int(found[group] or 0) for group in (1, 3, 4, 5, 6))
    try:
        return datetime(year, month, day, hour, minute, tzinfo=context.zone)
    except ValueError:
        return None


def moved(moment: datetime, step: timedelta) -> datetime | None:
    try:
        return moment + step
    except OverflowError:
        return None


def is_date_function(call: Call) -> bool:
    """Whether the function gives an instant."""
    return call.name.lower() in MOMENTS or call.name.lower() in NAMES


def call_date(call: Call, context: Context) -> datetime:
    """What `now()`, `startOfDay(…)` and their kin give, or JqlError."""
    if call.name.lower() in MOMENTS:
        expect_arguments(call, 0)
        return context.now
    if len(call.arguments) > 1:
        expect_arguments(call, 1)
    edge, period = NAMES[call.name.lower()]
    moment = context.now.astimezone(context.zone)
    if call.arguments:
        moment = shifted(moment, call, OWN_UNIT[period])
    start = STARTS[period](moment.replace(hour=0, minute=0, second=0, microsecond=0))
    if edge == "start":
        return start
    return STARTS[period](start + LONGER[period]) - LAST_MOMENT


def expect_arguments(call: Call, count: int) -> None:
    """Raise unless the function was given exactly that many arguments."""
    if len(call.arguments) != count:
        raise JqlError(
            f"Function '{call.name}' expected '{count}' arguments "
            f"but received '{len(call.arguments)}'."
        )


def shifted(moment: datetime, call: Call, own_unit: str) -> datetime:
    found = OFFSET.fullmatch(call.arguments[0].strip())
    if found is None:
        raise JqlError(
            f"Duration for function '{call.name}' should have the format (+/-)n(yMwdm), "
            "e.g -1M for 1 month earlier."
        )
    count = int(found[2]) * (-1 if found[1] == "-" else 1)
    unit = found[3] or own_unit
    if unit in ("y", "M"):
        return shift_months(moment, count * (12 if unit == "y" else 1))
    return moment + count * UNITS[unit]


def shift_months(moment: datetime, count: int) -> datetime:
    """The same day of another month, or that month's last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + count, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    length = (start_of_month(first + timedelta(days=32)) - timedelta(days=1)).day
    return first.replace(day=min(moment.day, length))


def start_of_day(midnight: datetime) -> datetime:
    return midnight


def start_of_week(midnight: datetime) -> datetime:
    """Sunday, the first day of the week in Jira's default locale (en_US)."""
    return midnight - timedelta(days=(midnight.weekday() + 1) % 7)


def start_of_month(midnight: datetime) -> datetime:
    return midnight.replace(day=1)


def start_of_year(midnight: datetime) -> datetime:
    return midnight.replace(month=1, day=1)


STARTS: Final[dict[str, Callable[[datetime], datetime]]] = {
    "Day": start_of_day,
    "Week": start_of_week,
    "Month": start_of_month,
    "Year": start_of_year,
}
LONGER: Final = {
    "Day": timedelta(days=1),
    "Week": timedelta(days=7),
    "Month": timedelta(days=32),
    "Year": timedelta(days=367),
}
