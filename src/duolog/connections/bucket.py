"""How long to wait until something scarce may be used.  Pure: numbers in, numbers out.

A bucket holds `size` and gets `per_second` more.  All that is remembered is when it will be full
again (`free_at`): taking from it moves that on.  So one number, changed by comparison, is shared
by every process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DOUBLES_EVERY: Final = 60.0
"""Seconds after which a rate that was slowed down is twice as high again."""
SLOWEST: Final = 0.2
_MOST_DOUBLINGS: Final = 30.0
_TOLERANCE: Final = 0.001


@dataclass(frozen=True, slots=True)
class Bucket:
    """So much at once, and so much more each second."""

    size: float
    per_second: float

    def take(
        self, free_at: float, present: float, *, number: float = 1, keep: float = 0
    ) -> tuple[float, float]:
        """Seconds to wait before so many may be taken, and when it is full again if they are.

        `keep` stay in it for others.  A `free_at` that lies too far ahead was written before the
        clock was set back, or while there was more in it: the bucket counts as full, once.
        """
        full_in = self.size / self.per_second
        begin = max(free_at, present)
        if begin > present + full_in + _TOLERANCE:
            begin = present
        after = begin + number / self.per_second
        kept = max(0.0, min(keep, self.size - number))
        latest = present + (self.size - kept) / self.per_second
        return max(0.0, after - latest), after

    def left_as(self, left: float, present: float) -> float:
        """When it is full again, if so much is in it now."""
        return present + max(0.0, self.size - left) / self.per_second


def slowed(bucket: Bucket, to: float, seconds_ago: float) -> Bucket:
    """The bucket, some time after its rate was slowed down to `to` a second."""
    doublings = min(max(0.0, seconds_ago) / DOUBLES_EVERY, _MOST_DOUBLINGS)
    rate = max(to, SLOWEST) * 2.0**doublings
    if rate >= bucket.per_second:
        return bucket
    return Bucket(min(bucket.size, max(2.0, rate)), rate)
