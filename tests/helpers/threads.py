"""Threads that meet at a barrier, so that a race happens on purpose.  Never waits for long."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds after which a thread that does not come counts as hanging."""


def all_at_once(actions: Sequence[Callable[[], T]]) -> list[T]:
    """Start every action in a thread of its own at the same moment; their answers, in order."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], T]) -> T:
        try:
            barrier.wait(PATIENCE)
            return action()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
