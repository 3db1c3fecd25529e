"""How many requests a token may make: a bucket that refills steadily.  Kept by each process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

PER_SECOND: Final = 50.0
AT_ONCE: Final = 500.0
_MOST_BUCKETS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """How much one may still take, as of the moment `at` (seconds of a steady clock)."""

    level: float
    at: float

    def at_time(self, now: float) -> Bucket:
        """The bucket after it refilled until `now`."""
        return Bucket(min(AT_ONCE, self.level + (now - self.at) * PER_SECOND), now)


class Limits:
    """The buckets of all callers of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, caller: str) -> timedelta | None:
        """Count one request; None lets it pass, else how long the caller must wait."""
        now = self._clock()
        with self._lock:
            bucket = self._buckets.pop(caller, Bucket(AT_ONCE, now)).at_time(now)
            passes = bucket.level >= 1
            self._buckets[caller] = Bucket(bucket.level - 1, now) if passes else bucket
            while len(self._buckets) > _MOST_BUCKETS:  # the longest unused ones are full again
                del self._buckets[next(iter(self._buckets))]
        return None if passes else timedelta(seconds=(1 - bucket.level) / PER_SECOND)
