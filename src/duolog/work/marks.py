"""Asking for work, in the transaction that makes it necessary.  Runs nothing, waits for nothing.

A mark raises `want`; a run settles the `want` it claimed.  So a mark that arrives during a
run leaves the row pending, and no trigger is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection, transaction
from django.db.models import F

from duolog.work.clock import Now, now_sql
from duolog.work.models import Work
from duolog.work.wake import announce

INTERACTIVE: Final = 1
"""The priority of what a person waits for; smaller goes first."""
NORMAL: Final = 5
BACKGROUND: Final = 9

_ROWS_PER_INSERT: Final = 500

_UPSERT: Final = """
INSERT INTO work_work (kind, key, lane_id, priority, due_at, every) VALUES {rows}
ON CONFLICT (kind, key) DO UPDATE SET
  want = work_work.want + 1,
  lane_id = excluded.lane_id,
  every = coalesce(excluded.every, work_work.every),
  due_at = CASE
    WHEN work_work.want <= work_work.done THEN excluded.due_at
    WHEN work_work.attempts > 0 OR work_work.due_at < excluded.due_at THEN work_work.due_at
    ELSE excluded.due_at END,
  priority = CASE
    WHEN excluded.every IS NOT NULL OR work_work.want <= work_work.done THEN excluded.priority
    WHEN work_work.every IS NOT NULL OR work_work.priority < excluded.priority
      THEN work_work.priority
    ELSE excluded.priority END
"""


def mark(
    kind: str,
    key: str | int,
    *,
    lane: str = "local",
    priority: int = NORMAL,
    due_in: float = 0,
    every: float | None = None,
) -> None:
    """Ask for a run, in the caller's transaction: if that rolls back, nothing was asked.

    Marks of a pending row coalesce: it keeps the earliest time and the most urgent priority.
    A row that is backing off after a failure keeps its time, one with `every` its priority; one
    that only waits for its turn does not.
    """
    mark_many(kind, [key], lane=lane, priority=priority, due_in=due_in, every=every)


def mark_many(
    kind: str,
    keys: Iterable[str | int],
    *,
    lane: str = "local",
    priority: int = NORMAL,
    due_in: float = 0,
    every: float | None = None,
) -> None:
    """`mark` for many keys at the cost of one; a key named twice counts once."""
    # In one order everywhere: two transactions that mark the same rows cannot deadlock.
    ordered = sorted({str(key) for key in keys})
    row = f"(%s, %s, %s, %s, {now_sql(connection.vendor)} + %s, %s)"
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        for start in range(0, len(ordered), _ROWS_PER_INSERT):
            chunk = ordered[start : start + _ROWS_PER_INSERT]
            values = [v for key in chunk for v in (kind, key, lane, priority, due_in, every)]
            cursor.execute(_UPSERT.format(rows=", ".join([row] * len(chunk))), values)
        if due_in <= 0:
            announce()


def retry_now(kind: str, key: str | int) -> bool:
    """Let a pending row run at once, backing off or not; False if nothing is pending."""
    with transaction.atomic(savepoint=False):
        pending = Work.objects.filter(kind=kind, key=str(key), want__gt=F("done"))
        found = pending.update(due_at=Now(), attempts=0, error="")
        announce()
    return bool(found)


def forget(kind: str, key: str | int) -> None:
    """Ask no longer, not even periodically.  A run under way is refused at its `finish`."""
    Work.objects.filter(kind=kind, key=str(key)).delete()
