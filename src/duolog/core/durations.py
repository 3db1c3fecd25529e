"""Lengths of time as people write them, in whole minutes.  Pure.

Knows hours and minutes only: how long a day of work is, differs from place to place.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

HINT: Final = "Write it as 1h 30m, 1:30, 1.5 or 90m; a bare number counts hours."
HOURS_MAX: Final = 100_000
"""More than eleven years; whoever writes more has slipped."""

_UNITS: Final = re.compile(
    r"""
    (?: (?P<hours>[0-9]{1,6}) \s* (?:h|hrs?|hours?) \s*
        (?: (?P<rest>[0-9]{1,7}) \s* (?:m|mins?|minutes?)? )?
      | (?P<minutes>[0-9]{1,7}) \s* (?:m|mins?|minutes?)
    )""",
    re.VERBOSE,
)
_CLOCK: Final = re.compile(r"(?P<hours>[0-9]{1,6}):(?P<rest>[0-5][0-9])")
_DECIMAL: Final = re.compile(r"(?P<number>[0-9]{1,6}(?:[.,][0-9]{1,6})?|[.,][0-9]{1,6})\s*h?")


class UnreadableDuration(ValueError):
    """The text is no length of time; the message is a sentence for whoever wrote it."""


def parse_minutes(text: str) -> int:
    """How many minutes the text means, at least one; raises `UnreadableDuration`."""
    written = text.strip().lower()
    minutes = _by_units(written)
    if minutes is None:
        raise UnreadableDuration(f"“{text.strip()[:40]}” is no length of time. {HINT}")
    if minutes.denominator != 1:
        raise UnreadableDuration(f"Time counts in whole minutes. {HINT}")
    if not 1 <= minutes <= HOURS_MAX * 60:
        raise UnreadableDuration(f"A time lasts from one minute to {HOURS_MAX} hours.")
    return int(minutes)


def render_minutes(minutes: int) -> str:
    """The shortest way to write it that `parse_minutes` reads: 2h, 45m, 1h 30m; none is 0m."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours}h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}m")
    return " ".join(parts)


def render_seconds(seconds: int) -> str:
    """The same with what is left of a minute: an entry from elsewhere may have 1m 30s."""
    minutes, rest = divmod(seconds, 60)
    if not rest:
        return render_minutes(minutes)
    return f"{render_minutes(minutes)} {rest}s" if minutes else f"{rest}s"


def _by_units(written: str) -> Fraction | None:
    found = _UNITS.fullmatch(written) or _CLOCK.fullmatch(written)
    if found is not None:
        parts = found.groupdict()
        hours, rest = int(parts["hours"] or 0), parts["rest"] or parts.get("minutes")
        return Fraction(hours * 60 + int(rest or 0))
    decimal = _DECIMAL.fullmatch(written)
    if decimal is None:
        return None
    return Fraction(decimal["number"].replace(",", ".")) * 60
