"""What pages and workers read about the queue.  Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Min, Q, QuerySet

from duolog.work.clock import now
from duolog.work.lanes import FOREVER
from duolog.work.models import Lane, Work
from duolog.work.queue import takeable


@dataclass(frozen=True, slots=True)
class Pending:
    """What is still to be done under one key, as people are shown it.

    `next_try_in` is in seconds, never negative, 0 while running; None: not before a person acts.
    """

    key: str
    running: bool
    attempts: int
    error: str
    next_try_in: float | None


def pending(kind: str, keys: Iterable[str | int]) -> Mapping[str, Pending]:
    """What is pending under these keys; a key with nothing to do is left out."""
    present = now()
    rows = _pending().filter(kind=kind, key__in=[str(key) for key in keys])
    return {row.key: _shown(row, present) for row in rows.select_related("lane")}


def list_failing(limit: int = 100) -> tuple[Work, ...]:
    """The rows whose last run failed, those that failed most often first."""
    failing = _pending().filter(attempts__gt=0).order_by("-attempts", "pk")
    return tuple(failing[:limit])


def queue_age() -> float:
    """For how many seconds the oldest row that could run has waited; 0 if none waits."""
    present = now()
    open_rows = takeable(present).filter(lane__blocked_until__lte=present)
    oldest = open_rows.aggregate(oldest=Min("due_at"))["oldest"]
    return 0.0 if oldest is None else max(0.0, present - oldest)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What should have run by now in a lane, and for how long the oldest of it has waited."""

    rows: int
    seconds: float


def waiting_in(lane: str) -> Waiting:
    """What is due in a lane, whether it is blocked or not."""
    present = now()
    due = _pending().filter(lane=lane, due_at__lte=present)
    told = due.aggregate(rows=Count("pk"), oldest=Min("due_at"))
    oldest = told["oldest"]
    return Waiting(told["rows"], 0.0 if oldest is None else present - oldest)


def blocked_for(lane: str) -> float | None:
    """For how many seconds a lane still waits; None where it is open, or waits for a person."""
    until = Lane.objects.filter(pk=lane).values_list("blocked_until", flat=True).first() or 0.0
    ahead = until - now()
    return ahead if ahead > 0 and until < FOREVER else None


def next_due_in() -> float | None:
    """In how many seconds something more may be claimed, as far as can be foreseen."""
    present = now()
    moments = _pending().aggregate(
        due=Min("due_at", filter=Q(due_at__gt=present)),
        freed=Min("lease_until", filter=Q(lease_until__gt=present)),
    )
    reopened = Lane.objects.filter(blocked_until__gt=present, blocked_until__lt=FOREVER)
    moments["reopened"] = reopened.aggregate(first=Min("blocked_until"))["first"]
    ahead = [moment - present for moment in moments.values() if moment is not None]
    return min(ahead, default=None)


def _pending() -> QuerySet[Work]:
    return Work.objects.filter(want__gt=F("done"))


def _shown(row: Work, present: float) -> Pending:
    running = row.lease_until > present
    opens_at = max(row.due_at, row.lane.blocked_until)
    blocked = row.lane.blocked_until >= FOREVER and not running
    return Pending(
        key=row.key,
        running=running,
        attempts=row.attempts,
        error=row.error,
        next_try_in=None if blocked else 0.0 if running else max(0.0, opens_at - present),
    )
