"""Claiming due work, and settling what was claimed.  Knows no handler and never waits.

`lease_no` is a fencing number: each claim raises it, and whoever still holds an older one
can no longer write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from duolog.work.clock import Now, now
from duolog.work.marks import INTERACTIVE
from duolog.work.models import Lane, Work

LEASE: Final = 20.0
"""Seconds that a claim holds without being renewed."""


class LeaseLost(Exception):
    """Another worker holds the row by now: roll back and leave it alone."""


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed run of a work row: what it may settle, and the number that lets it."""

    id: int
    kind: str
    key: str
    lane: str
    priority: int
    want: int
    lease_no: int
    attempts: int
    every: float | None
    state: Mapping[str, Any]

    @property
    def is_urgent(self) -> bool:
        """Whether a person waits for it."""
        return self.priority <= INTERACTIVE


def claim(n: int, *, kept: int = 0) -> tuple[Job, ...]:
    """Take up to `n` due rows for one lease each: most urgent first, lanes by turns.

    `kept` more are taken where a person waits for them.
    """
    if n + kept <= 0 or not _open_lanes(now()).exists():
        return ()
    with transaction.atomic():
        present = now()
        # The lock makes claims of one lane take turns, so that its cap holds; marks pass it.
        lanes = list(_open_lanes(present).order_by("name").select_for_update(no_key=True))
        queued = sorted(_queued(lanes, present, n + kept), key=lambda each: each[0])
        taken = _within([row for _, row in queued], n, kept)
        Work.objects.filter(pk__in=[row.pk for row in taken]).update(
            lease_until=present + LEASE, lease_no=F("lease_no") + 1
        )
    return tuple(_job(row) for row in taken)


def finish(
    job: Job, *, again_in: float | None = None, state: Mapping[str, Any] | None = None
) -> bool:
    """Settle the run; call it in the job's last transaction.  False: the lease is lost, roll back.

    With `again_in` (seconds) the row stays pending, as the next step of something longer; a row
    with `every` does so by itself.  Whatever was marked during the run is due at once.
    """
    wait = job.every if again_in is None else again_in
    changes: dict[str, Any] = {"lease_until": 0.0, "attempts": 0, "error": ""}
    if wait is None:
        changes["done"] = job.want
    else:
        changes["due_at"] = Case(When(want=job.want, then=Now() + Value(wait)), default=Now())
    if state is not None:
        changes["state"] = dict(state)
    return bool(_held(job).update(**changes))


def postpone(job: Job, error: str, retry_in: float) -> bool:
    """Give the run up for `retry_in` seconds.  False: the lease is lost, nothing was written."""
    held = _held(job).update(
        lease_until=0.0,
        attempts=F("attempts") + 1,
        error=error,
        due_at=Now() + Value(retry_in),
    )
    return bool(held)


def put_off(job: Job, why: str, retry_in: float) -> bool:
    """Wait for a turn, which is no failure: whoever marks the row meanwhile has it run at once.

    False: the lease is lost, nothing was written.
    """
    due_at = Case(When(want=job.want, then=Now() + Value(retry_in)), default=Now())
    return bool(_held(job).update(lease_until=0.0, error=why, due_at=due_at))


def renew(job: Job, *, anew: bool = False) -> bool:
    """Hold the job for another lease.  False: it is finished, or someone else's by now.

    With `anew` a part of it is done for good: failures are counted from here.
    """
    changes: dict[str, Any] = {"lease_until": Now() + Value(LEASE)}
    return bool(_held(job).update(**changes, **({"attempts": 0} if anew else {})))


def hold(job: Job) -> None:
    """Hold it for another lease, or raise LeaseLost: then nothing more may be done for it."""
    if not renew(job):
        raise LeaseLost


def failures(job: Job) -> int:
    """How often it failed since it last got on."""
    return Work.objects.values_list("attempts", flat=True).get(pk=job.id)


def release_leases() -> None:
    """Free what a killed process held.  Only for the one process that owns the database."""
    Work.objects.filter(lease_until__gt=0).update(lease_until=0.0, lease_no=F("lease_no") + 1)


def takeable(present: float) -> QuerySet[Work]:
    """The rows that could be claimed at that time if their lanes let them."""
    return Work.objects.filter(want__gt=F("done"), due_at__lte=present, lease_until__lte=present)


def _open_lanes(present: float) -> QuerySet[Lane]:
    waiting = takeable(present).filter(lane=OuterRef("pk"))
    return Lane.objects.filter(Exists(waiting), blocked_until__lte=present)


def _within(rows: list[Work], n: int, kept: int) -> list[Work]:
    """The first rows, at most `n` of them not urgent."""
    urgent = [row for row in rows if row.priority <= INTERACTIVE][: n + kept]
    others = [row for row in rows if row.priority > INTERACTIVE]
    return urgent + others[: min(n, n + kept - len(urgent))]


def _queued(
    lanes: list[Lane], present: float, n: int
) -> Iterator[tuple[tuple[int, int, float], Work]]:
    """The first rows of each lane, with the order in which they should go."""
    leased = Work.objects.filter(lease_until__gt=present, lane__in=lanes).values_list("lane")
    inflight = leased.annotate(
        running=Count("pk"), ordinary=Count("pk", filter=Q(priority__gt=INTERACTIVE))
    )
    counted = {name: (busy, others) for name, busy, others in inflight}
    for lane in lanes:
        busy, others = counted.get(lane.pk, (0, 0))
        room = max(0, min(n, lane.max_inflight + lane.kept - busy))
        rows = takeable(present).filter(lane=lane).order_by("priority", "due_at", "pk")[:room]
        # A row that an open transaction has just marked is locked: it is left for later.
        for row in rows.select_for_update(no_key=True, skip_locked=True):
            others += row.priority > INTERACTIVE
            if row.priority > INTERACTIVE and others > lane.max_inflight:
                break
            yield (row.priority, busy, row.due_at), row
            busy += 1


def _held(job: Job) -> QuerySet[Work]:
    return Work.objects.filter(pk=job.id, lease_no=job.lease_no, lease_until__gt=0)


def _job(row: Work) -> Job:
    return Job(
        id=row.pk,
        kind=row.kind,
        key=row.key,
        lane=row.lane_id,
        priority=row.priority,
        want=row.want,
        lease_no=row.lease_no + 1,
        attempts=row.attempts,
        every=row.every,
        state=row.state,
    )
