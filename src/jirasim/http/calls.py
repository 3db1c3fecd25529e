"""Counts the calls that the site answered, by endpoint.  Decides nothing."""

import threading
from collections import Counter


class Calls:
    """How often each endpoint was called since the start or the last reset."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, method: str, template: str) -> None:
        """Count one call, such as `GET` of `/rest/api/3/issue/{id}`."""
        with self._lock:
            self._counts[f"{method} {template}"] += 1

    def counts(self) -> dict[str, int]:
        """A copy of all counters, in the order of first call."""
        with self._lock:
            return dict(self._counts)

    def reset(self) -> None:
        """Begin at nothing again."""
        with self._lock:
            self._counts.clear()
