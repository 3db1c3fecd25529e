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


class Limits:
    """The buckets of all callers of this process."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        per_second: float = PER_SECOND,
        at_once: float = AT_ONCE,
    ) -> None:
        self._clock = clock
        self._per_second = per_second
        self._at_once = at_once
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, caller: str) -> timedelta | None:
        """Count one request; None lets it pass, else how long the caller must wait."""
        now = self._clock()
        with self._lock:
            level = self._refilled(self._buckets.pop(caller, None), now)
            self._buckets[caller] = Bucket(level - 1 if level >= 1 else level, now)
            while len(self._buckets) > _MOST_BUCKETS:  # the longest unused ones are full again
                del self._buckets[next(iter(self._buckets))]
        return None if level >= 1 else timedelta(seconds=(1 - level) / self._per_second)

    def _refilled(self, bucket: Bucket | None, now: float) -> float:
        if bucket is None:
            return self._at_once
        return min(self._at_once, bucket.level + (now - bucket.at) * self._per_second)
