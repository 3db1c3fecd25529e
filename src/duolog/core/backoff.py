"""How long to wait before the next attempt.  Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

SHORTEST: Final = timedelta(seconds=1)
LONGEST: Final = timedelta(minutes=15)
LONGEST_REST: Final = timedelta(minutes=1)
RIGHT_AFTER: Final = timedelta(seconds=2)
"""Trouble so soon after a rest is the trouble before it: the rest was too short."""


def backoff(attempt: int, retry_after: timedelta | None, jitter: float) -> timedelta:
    """The other side's word wins, from one second up; otherwise 1, 2, 4 … seconds to LONGEST.

    `attempt` counts the failures before this one.  `jitter` lies in [-1, 1] and moves the
    doubled wait, LONGEST too, by up to a fifth.
    """
    if retry_after is not None:
        return max(retry_after, SHORTEST)
    wait = SHORTEST * (1 << attempt) if attempt < 10 else LONGEST
    return wait * (1 + 0.2 * jitter)


def rest(before: timedelta, since: timedelta) -> timedelta:
    """How long to leave a whole site alone that is in trouble and does not say for how long.

    `before` is how long the last rest was, `since` the time since its end.  One failure among many
    answers costs a second; a site that stays away is asked less and less often, up to LONGEST_REST.
    """
    if since > RIGHT_AFTER:
        return SHORTEST
    return min(max(SHORTEST, 2 * before), LONGEST_REST)
