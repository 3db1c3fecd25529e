"""What `duolog doctor` looks at, one function each.  Changes nothing; each finding says what to do."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from duolog.app.config import Config
from duolog.app.serve import SAFE_SQLITE
from duolog.connections.models import Connection, Health
from duolog.connections.queries import list_every_connection
from duolog.connections.resealing import Standing, count_standings
from duolog.sync.binding.examining import examine_every_binding
from duolog.sync.doctor import Severity
from duolog.work.clock import now
from duolog.work.schema import pending_migrations
from duolog.worker.health import health

SKEW_SECONDS: Final = 5
BEHIND_SECONDS: Final = 60
FREE_BYTES: Final = 500 * 1024 * 1024
ENDS_SOON: Final = timedelta(days=7)


class Grade(StrEnum):
    """How grave a finding is: only the last one stops the work."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, how it stands, and what to do where it does not."""

    about: str
    grade: Grade
    sentence: str
    todo: str = ""


def look(config: Config) -> Iterator[Finding]:
    """Everything in order; what needs the database is left out where there is none."""
    yield Finding("configuration", Grade.OK, f"Read; the home is {config.home}.")
    yield from _disk(config)
    database = _database()
    yield database
    if database.grade == Grade.OK:
        for looked in _NEEDING_A_DATABASE:
            yield from looked()


def _database() -> Finding:
    try:
        pending = pending_migrations()
    except Error as error:
        return Finding(
            "database", Grade.WRONG, f"It cannot be opened: {error}", "Check DUOLOG_DATABASE_URL."
        )
    if pending:
        sentence = f"{len(pending)} changes of the tables are missing."
        return Finding("database", Grade.WRONG, sentence, "Run `duolog migrate`.")
    return Finding("database", Grade.OK, f"{connection.vendor}, up to date.")


def _sqlite() -> Iterator[Finding]:
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE:
        yield Finding(
            "sqlite",
            Grade.WARNING,
            f"SQLite {sqlite3.sqlite_version} has a rare fault that two processes can set off.",
            "Run one process only and keep backups, or use PostgreSQL.",
        )


def _clock() -> Iterator[Finding]:
    skew = now() - time.time()
    if abs(skew) > SKEW_SECONDS:
        sentence = f"The database's clock differs from this machine's by {abs(skew):.0f} s."
        yield Finding("clock", Grade.WARNING, sentence, "Set both clocks by a time server.")
    else:
        yield Finding("clock", Grade.OK, "The database's clock agrees with this machine's.")


def _worker() -> Iterator[Finding]:
    state = health()
    if not state.workers:
        todo = "Start `duolog serve`, or `duolog worker`."
        yield Finding("worker", Grade.WRONG, "No worker is alive: nothing is synchronised.", todo)
    elif state.queue_age > BEHIND_SECONDS:
        sentence = f"The oldest due work has waited for {state.queue_age:.0f} s."
        yield Finding("worker", Grade.WARNING, sentence, "Start another `duolog worker`.")
    else:
        yield Finding("worker", Grade.OK, f"{state.workers} alive, {state.running} jobs running.")


def _connections() -> Iterator[Finding]:
    for each in list_every_connection():
        about = f"connection {each.label}"
        if each.health == Health.CONNECTED:
            yield _connected(about, each)
        else:
            todo = (
                each.hint or f"Open it under Settings, or run `duolog connection check {each.pk}`."
            )
            yield Finding(about, Grade.WRONG, each.reason or "It needs attention.", todo)


def _seals() -> Iterator[Finding]:
    counts = count_standings()
    older, unknown = counts[Standing.OLDER], counts[Standing.UNKNOWN]
    if unknown:
        todo = (
            "Add the key they were sealed with to DUOLOG_ENCRYPTION_KEYS, or enter them again "
            "under Settings, Integrations."
        )
        yield Finding("secrets", Grade.WRONG, f"No key given opens {unknown} of them.", todo)
    if older:
        sentence = f"{older} are sealed with an older key."
        yield Finding("secrets", Grade.WARNING, sentence, "Run `duolog admin reseal`.")
    if not older and not unknown:
        sentence = f"All {counts[Standing.NEWEST]} are sealed with the newest key."
        yield Finding("secrets", Grade.OK, sentence)


def _connected(about: str, each: Connection) -> Finding:
    if each.expires_at is not None and each.expires_at < timezone.now() + ENDS_SOON:
        sentence = f"Its credential ends on {each.expires_at:%Y-%m-%d}."
        todo = f"Make a new one and run `duolog connection rotate {each.pk}`."
        return Finding(about, Grade.WARNING, sentence, todo)
    return Finding(about, Grade.OK, f"Connected to {each.base_url}.")


def _bindings() -> Iterator[Finding]:
    """What stands in the way of each active binding; this asks Jira."""
    for binding, findings in examine_every_binding():
        about = f"binding {binding.pk}, {binding}"
        wrong = [it for it in findings if it.severity is not Severity.FINE]
        for it in wrong:
            grade = Grade.WRONG if it.severity is Severity.BLOCKS else Grade.WARNING
            yield Finding(about, grade, it.sentence, f"{it.fix} {it.link}".strip())
        if not wrong:
            yield Finding(about, Grade.OK, "Nothing stands in its way.")


def _disk(config: Config) -> Iterator[Finding]:
    free = shutil.disk_usage(config.home).free
    sentence = f"{free // 2**20} MB free at {config.home}."
    if free < FREE_BYTES:
        yield Finding("disk", Grade.WARNING, sentence, "Make room: a full disk stops every write.")
    else:
        yield Finding("disk", Grade.OK, sentence)


def _hosts() -> Iterator[Finding]:
    if settings.PUBLIC_URL.startswith("http://") and "127.0.0.1" not in settings.PUBLIC_URL:
        todo = "Put a TLS proxy in front and set DUOLOG_PUBLIC_URL to https://."
        yield Finding("address", Grade.WARNING, "Passwords travel unencrypted.", todo)


_NEEDING_A_DATABASE: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (
    _sqlite,
    _clock,
    _worker,
    _connections,
    _bindings,
    _seals,
    _hosts,
)
