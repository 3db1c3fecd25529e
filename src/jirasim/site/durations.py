"""Jira's durations, such as `1w 2d 3h 4m`, by 8 hours a day and 5 days a week."""

import re

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 8 * HOUR
WEEK = 5 * DAY
UNITS = {"w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE}
TOKEN = re.compile(r"(\d+(?:\.\d+)?)\s*([wdhm]?)", re.IGNORECASE)
DURATION = re.compile(rf"\s*{TOKEN.pattern}(?:\s+{TOKEN.pattern})*\s*", re.IGNORECASE)


def read(text: str) -> int | None:
    """Seconds, in whole minutes; a number alone counts minutes; None when it is no duration."""
    if not DURATION.fullmatch(text):
        return None
    seconds = sum(
        float(number) * UNITS[unit.lower() or "m"] for number, unit in TOKEN.findall(text)
    )
    return whole_minutes(round(seconds))


def whole_minutes(seconds: int) -> int:
    """What Jira keeps of a number of seconds: 119 become 60 (jira.md 5.3)."""
    return seconds // MINUTE * MINUTE


def written(seconds: int) -> str:
    """As people read it: the largest units first, none that is empty; `0m` for nothing."""
    parts = []
    for unit, size in UNITS.items():
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0m"
