"""How long to wait before the next attempt.  Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

LONGEST: Final = timedelta(minutes=15)


def backoff(attempt: int, retry_after: timedelta | None, jitter: float) -> timedelta:
    """The other side's word wins; otherwise 1, 2, 4 … seconds, at most a quarter of an hour.

    `attempt` counts the failures so far, `jitter` lies in [-1, 1] and moves the wait by a fifth.
    """
    if retry_after is not None:
        return retry_after
    wait = min(timedelta(seconds=2 ** min(attempt, 10)), LONGEST)
    return wait * (1 + 0.2 * jitter)
