"""The processes: the server with its embedded worker, and the worker alone."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from duolog.app.config import ConfigError

log = logging.getLogger(__name__)

SAFE_SQLITE: Final = (3, 51, 3)
"""The first SQLite without the WAL-reset fault (docs/decisions/0003)."""
REQUEST_THREADS: Final = 10
WORKER_THREADS: Final = 8
_MIGRATING: Final = 0x6475_6F6C_6F67
"""The advisory lock of PostgreSQL that whoever migrates holds: "duolog"."""
HANDOVER: Final = 5.0
"""Seconds for which a server waits until the one before it, just killed, has let the file go."""


def prepare() -> None:
    """Bring the database up to date, before anything is served."""
    django.setup()
    from duolog.connections.care import keep_caring
    from duolog.notifications.digest import keep_digests
    from duolog.sync.tidy import keep_tidy

    with _by_turns():
        call_command("migrate", verbosity=0, interactive=False)
        keep_tidy()
        keep_digests()
        keep_caring()
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE:
        log.warning(
            "SQLite %s has a rare fault that can damage a database written by two processes; "
            "run one process only, and keep backups",
            sqlite3.sqlite_version,
        )


def serve(host: str, port: int, *, with_worker: bool = True) -> None:
    """Serve until SIGTERM or SIGINT.  With the worker, background work runs in the same process.

    Raises ConfigError where another server has the SQLite file, and TypeError where an address
    does not say whom it lets in.
    """
    from granian.constants import Interfaces
    from granian.server import Server

    django.setup()
    from duolog.app.routes import list_routes

    list_routes()
    with _only_server():
        prepare()
        connections.close_all()  # granian forks, and no connection may cross a fork
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
    from duolog.connections.traffic import flush
    from duolog.sync.handlers import HANDLERS
    from duolog.worker.loop import Worker, run_until_signalled

    prepare()
    log.info("Worker with %s threads on %s", concurrency, settings.DATABASES["default"]["ENGINE"])
    return run_until_signalled(Worker(HANDLERS, concurrency=concurrency, kept=1, on_beat=flush))


@contextlib.contextmanager
def _by_turns() -> Iterator[None]:
    """Wait for whoever migrates this database just now: two at once would break each other."""
    if connection.vendor == "sqlite":
        with _lock_of_the_file(".migrating") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


def _lock_of_the_file(suffix: str) -> TextIO:
    database = Path(settings.DATABASES["default"]["NAME"])
    return database.with_name(f"{database.name}{suffix}").open("w")


@contextlib.contextmanager
def _only_server() -> Iterator[None]:
    """Hold the SQLite file as its only server; the forked process holds it on.

    The system lets go when the last of them ends, however it ends.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with _lock_of_the_file(".lock") as file:
        if not _taken(file.fileno()):
            database = settings.DATABASES["default"]["NAME"]
            raise ConfigError([f"Another server has {database} open. Stop it first."])
        yield


def _taken(file: int) -> bool:
    pause = threading.Event()
    for _ in range(int(HANDOVER / 0.1)):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        pause.wait(0.1)
    return False
