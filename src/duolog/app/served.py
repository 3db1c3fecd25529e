"""The WSGI entry point of a server that also runs the background work, in threads."""

import threading

from django.db import connection

from duolog.app.serve import WORKER_THREADS
from duolog.app.wsgi import application
from duolog.connections.traffic import flush
from duolog.sync.handlers import HANDLERS
from duolog.work.queue import release_leases
from duolog.worker.loop import Worker

__all__ = ["application"]


def _drain_at_end() -> None:
    """Let what runs come to its end, once the main thread has served its last request.

    `atexit` would not do: granian's process is a forked one, and those skip it.
    """
    threading.main_thread().join()
    _worker.stop()


if connection.vendor == "sqlite":
    release_leases()  # one process owns the file: whatever is leased was left by one that died

_worker = Worker(HANDLERS, concurrency=WORKER_THREADS, kept=1, on_beat=flush)
_worker.start()
threading.Thread(target=_drain_at_end, name="duolog-drain").start()
