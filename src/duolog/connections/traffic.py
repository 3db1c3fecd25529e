"""Counts the calls this process makes to Jira, by connection.  Kept in memory, for people to see."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Final

from duolog.jira.transport import CallMade

HOUR: Final = 3600.0

_lock: Final = threading.Lock()
_calls: Final[defaultdict[int, deque[float]]] = defaultdict(deque)
_listeners: Final[list[Callable[[int, CallMade], None]]] = []


def note(connection_id: int, made: CallMade) -> None:
    """One call was made over a connection."""
    with _lock:
        _forget_old(_calls[connection_id])
        _calls[connection_id].append(time.monotonic())
    for listener in tuple(_listeners):
        listener(connection_id, made)


def calls_in_the_last_hour(connection_id: int) -> int:
    """How many calls this process made over a connection within an hour."""
    with _lock:
        _forget_old(_calls[connection_id])
        return len(_calls[connection_id])


@contextlib.contextmanager
def listening(listener: Callable[[int, CallMade], None]) -> Iterator[None]:
    """Tell `listener` of each call, right after its answer has come."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def _forget_old(times: deque[float]) -> None:
    limit = time.monotonic() - HOUR
    while times and times[0] < limit:
        times.popleft()
