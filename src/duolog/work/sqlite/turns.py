"""First come, first served: the queue of those who want to write.  Knows no database."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final


class Turns:
    """A lock that is handed on in the order of asking; its holder need not be a thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def take(self, timeout: float) -> bool:
        """Wait for one's turn, at most `timeout` seconds; False if it did not come."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(timeout):
            return True
        with self._guard:
            if mine.is_set():  # handed over between the time-out and here
                return True
            self._waiting.remove(mine)
            return False

    def give_up(self) -> None:
        """Hand the turn to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)


_ALL: Final[dict[str, Turns]] = {}
_ALL_GUARD: Final = threading.Lock()


def turns_at(database: str) -> Turns:
    """The one queue of this process for the writers of that database file."""
    with _ALL_GUARD:
        return _ALL.setdefault(database, Turns())
