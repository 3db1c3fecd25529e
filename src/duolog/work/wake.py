"""Tells the workers that something is due.  Nobody waits here."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Final

from django.db import connection, transaction

CHANNEL: Final = "duolog_work"
"""The PostgreSQL channel on which the other processes are told."""

_listeners: Final[list[Callable[[], None]]] = []


def announce() -> None:
    """Wake the workers of this process, and on PostgreSQL of all, once this transaction commits.

    PostgreSQL delivers equal notifications of one transaction once.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
    transaction.on_commit(wake)


def wake() -> None:
    """Tell every listener of this process; may be called from any thread."""
    for listener in tuple(_listeners):
        listener()


@contextlib.contextmanager
def listening(listener: Callable[[], None]) -> Iterator[None]:
    """Call `listener` on each wake-up; it must return at once and may be called often."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
