"""The clock of the database, the only one that decides about work.

Hosts disagree about the time; the database they share does not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, FloatField
from django.db.models.sql.compiler import SQLCompiler

_POSTGRESQL = "extract(epoch FROM clock_timestamp())::float8"
# `unixepoch('subsec')` needs SQLite 3.42; the Julian day is exact to a tenth of a millisecond.
_SQLITE = "((julianday('now') - 2440587.5) * 86400.0)"


class _Shift:
    seconds = 0.0


class Now(Expression):
    """The present as a database expression: seconds since 1970, with fraction."""

    def __init__(self) -> None:
        super().__init__(output_field=FloatField())

    def as_sql(
        self, _compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        return now_sql(connection.vendor), ()


def now_sql(vendor: str) -> str:
    """The present as an SQL expression of the database named by Django's `vendor`."""
    present = _POSTGRESQL if vendor == "postgresql" else _SQLITE
    return f"({present} + {_Shift.seconds!r})" if _Shift.seconds else present


def now() -> float:
    """Seconds since 1970 by the clock of the database, not of this host."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {now_sql(connection.vendor)}")
        return float(cursor.fetchone()[0])


def present() -> datetime:
    """The same as an instant."""
    return datetime.fromtimestamp(now(), UTC)


@contextlib.contextmanager
def shifted(seconds: float) -> Iterator[None]:
    """Let this process believe that it is `seconds` later.  A seam for tests; it nests."""
    _Shift.seconds += seconds
    try:
        yield
    finally:
        _Shift.seconds -= seconds
