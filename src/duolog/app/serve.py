"""The processes: the server with its embedded worker, and the worker alone."""

from __future__ import annotations

import logging
import sqlite3
from typing import Final

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

log = logging.getLogger(__name__)

SAFE_SQLITE: Final = (3, 51, 3)
"""The first SQLite without the WAL-reset fault (docs/decisions/0003)."""
REQUEST_THREADS: Final = 10
WORKER_THREADS: Final = 8


def prepare() -> None:
    """Bring database and static files up to date, before anything is served."""
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE:
        log.warning(
            "SQLite %s has a rare fault that can damage a database written by two processes; "
            "run one process only, and keep backups",
            sqlite3.sqlite_version,
        )


def serve(host: str, port: int, *, with_worker: bool = True) -> None:
    """Serve until SIGTERM or SIGINT.  With the worker, background work runs in the same process."""
    from granian.constants import Interfaces
    from granian.server import Server

    prepare()
    module = "served" if with_worker else "wsgi"
    Server(
        f"duolog.app.{module}:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=REQUEST_THREADS,
        backpressure=64,
        websockets=False,
        log_access=False,
    ).serve()


def run_worker(concurrency: int = WORKER_THREADS) -> bool:
    """Run background work until a signal; whether everything begun came to its end."""
    from duolog.sync.handlers import HANDLERS
    from duolog.worker.loop import Worker, run_until_signalled

    prepare()
    log.info("Worker with %s threads on %s", concurrency, settings.DATABASES["default"]["ENGINE"])
    return run_until_signalled(Worker(HANDLERS, concurrency=concurrency))
