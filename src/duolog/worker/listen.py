"""Hears what other processes mark, on PostgreSQL.  Claims nothing."""

from __future__ import annotations

import contextlib
import logging
import threading
from typing import Any, Final

import psycopg
from django.db import Error, connection

from duolog.work.wake import CHANNEL, announce, wake

log = logging.getLogger(__name__)

_LOOK_UP: Final = 1.0
"""Seconds after which the ear looks whether it should stop, or connects again."""


class Ear(threading.Thread):
    """Passes each notification on to the workers of this process."""

    def __init__(self) -> None:
        super().__init__(name="duolog-listen", daemon=True)
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except (Error, psycopg.Error) as error:
                log.warning("Not listening for work, polling meanwhile: %s", error)
                self._stopping.wait(_LOOK_UP)
            finally:
                connection.close()

    def stop(self) -> None:
        """Stop listening; returns at once.  The notification makes the ear look up sooner."""
        self._stopping.set()
        with contextlib.suppress(Error):
            announce()

    def _listen(self) -> None:
        connection.ensure_connection()
        ear: Any = connection.connection
        ear.execute(f"LISTEN {CHANNEL}")
        wake()  # for what was marked before anyone listened
        while not self._stopping.is_set():
            for _ in ear.notifies(timeout=_LOOK_UP, stop_after=1):
                wake()
