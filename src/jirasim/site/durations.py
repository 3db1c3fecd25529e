"""Jira's durations, such as `1w 2d 3h 4m`, by the hours and days that the site works."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 8 * HOUR
WEEK = 5 * DAY
REMEMBERED = 4096
TOKEN = re.compile(r"(\d+(?:\.\d+)?)\s*([wdhm]?)", re.IGNORECASE)
DURATION = re.compile(rf"\s*{TOKEN.pattern}(?:\s+{TOKEN.pattern})*\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """How a site counts time: `form` is pretty, days or hours; a bare number is of `unit`."""

    hours_per_day: float = 8.0
    days_per_week: float = 5.0
    form: str = "pretty"
    unit: str = "minute"

    @property
    def units(self) -> Mapping[str, int]:
        """Seconds by the letter of each unit, the largest first."""
        day = round(self.hours_per_day * HOUR)
        return {"w": round(self.days_per_week * day), "d": day, "h": HOUR, "m": MINUTE}


USUAL = Measure()
UNITS = USUAL.units


def read(text: str, measure: Measure = USUAL) -> int | None:
    """Seconds, in whole minutes; None when it is no duration."""
    if not DURATION.fullmatch(text):
        return None
    units = measure.units
    seconds = sum(
        float(number) * units[unit.lower() or measure.unit[0]]
        for number, unit in TOKEN.findall(text)
    )
    return whole_minutes(round(seconds))


def whole_minutes(seconds: int) -> int:
    """What Jira keeps of a number of seconds: 119 become 60 (jira.md 5.3)."""
    return seconds // MINUTE * MINUTE


@lru_cache(REMEMBERED)
def written(seconds: int, measure: Measure = USUAL) -> str:
    """As people read it: the largest units first, none that is empty; `0m` for nothing."""
    if measure.form in {"days", "hours"}:
        letter = measure.form[0]
        return f"{round(seconds / measure.units[letter], 2):g}{letter}"
    parts = []
    for unit, size in measure.units.items():
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0m"


def in_words(seconds: int) -> str:
    """Such as `2 hours, 25 minutes`; `0 minutes` for nothing (recorded)."""
    parts = []
    for name, size in (("week", WEEK), ("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(parts) or "0 minutes"
