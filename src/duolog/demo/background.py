"""Background work in this very process, and waiting until it has nothing to do."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from django.db.models import F, QuerySet

from duolog.connections.services import close_clients
from duolog.connections.traffic import flush
from duolog.sync.handlers import HANDLERS
from duolog.sync.models import Binding
from duolog.sync.shown.progress import progress
from duolog.work.models import Work
from duolog.worker.loop import Worker

PATIENCE: Final = 80.0
"""Seconds after which what is not reached is given up."""
THREADS: Final = 8
_LOOK_EVERY: Final = 0.05


class NotReached(Exception):
    """What was waited for did not come in time; the message says what still waits."""


@contextlib.contextmanager
def working() -> Iterator[None]:
    """A worker in this process, as the server has one, until the end of the block."""
    worker = Worker(HANDLERS, concurrency=THREADS, kept=1, on_beat=flush)
    worker.start()
    try:
        yield
    finally:
        worker.stop()
        close_clients()


def is_idle() -> bool:
    """Whether nothing waits but what repeats by itself, such as the next poll."""
    return not _waiting().exists()


def is_at_rest(binding: Binding) -> bool:
    """Whether nothing waits, and what a binding began has come to its end."""
    return is_idle() and not progress(binding).is_running


def wait(what: str, is_reached: Callable[[], bool]) -> None:
    """Return once it is reached.  Raises NotReached."""
    pause, ends_at = threading.Event(), time.monotonic() + PATIENCE
    while not is_reached():
        if time.monotonic() > ends_at:
            rows = _waiting().values_list("kind", "key", "error")
            raise NotReached(f"Gave up waiting for {what}; still to do: {list(rows[:5])}")
        pause.wait(_LOOK_EVERY)


def _waiting() -> QuerySet[Work]:
    return Work.objects.filter(want__gt=F("done"), every=None)
