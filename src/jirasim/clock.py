"""The simulator's own clock.  Nothing else in jirasim may ask the system for the time."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Watcher = Callable[[], None]


def _system_seconds() -> float:
    return time.time()


class VirtualClock:
    """Real time plus an offset, or frozen at one instant.  Aware UTC, whole milliseconds.

    Watchers are told whenever somebody sets or advances the clock, so that what became due by
    that can happen at once.
    """

    def __init__(self, seconds: Callable[[], float] = _system_seconds) -> None:
        self._seconds = seconds
        self._offset = timedelta()
        self._frozen: datetime | None = None
        self._watchers: list[Watcher] = []
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Now, on this clock."""
        with self._lock:
            return self._frozen if self._frozen is not None else self._real() + self._offset

    @property
    def frozen(self) -> bool:
        """Whether time stands still until somebody moves it."""
        return self._frozen is not None

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of real time."""
        with self._lock:
            return self._offset

    def set(self, now: datetime, *, freeze: bool = False) -> None:
        """Make it this instant; it runs on from there, or stands still when `freeze`."""
        moment = to_milliseconds(now.astimezone(UTC))
        with self._lock:
            self._frozen = moment if freeze else None
            self._offset = moment - self._real()
        self._tell()

    def advance(self, step: timedelta) -> None:
        """Move forward by `step`, frozen or running."""
        with self._lock:
            self._offset += step
            if self._frozen is not None:
                self._frozen += step
        self._tell()

    def watch(self, watcher: Watcher) -> None:
        """Call `watcher` after every jump of the clock."""
        self._watchers.append(watcher)

    def _real(self) -> datetime:
        return to_milliseconds(datetime.fromtimestamp(self._seconds(), UTC))

    def _tell(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()


def to_milliseconds(moment: datetime) -> datetime:
    """Cut to whole milliseconds, as Jira stores instants."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
