"""Whether workers live, and how far they are behind.  Decides nothing about work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from duolog.work import queries
from duolog.work.clock import now
from duolog.worker.models import Heartbeat

BEAT: Final = 5.0
"""Seconds between two signs of life of a worker."""
_SILENCE: Final = 3 * BEAT
_KEPT: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Health:
    """How background work stands: `queue_age` is in seconds, 0 when nothing waits."""

    workers: int
    running: int
    queue_age: float


def health() -> Health:
    """The state of all workers on this database."""
    running = list(_alive().values_list("running", flat=True))
    return Health(workers=len(running), running=sum(running), queue_age=queries.queue_age())


def beat(name: str, concurrency: int, running: int) -> None:
    """Give a sign of life, and drop those of workers that fell silent long ago."""
    present = now()
    with transaction.atomic():
        Heartbeat.objects.update_or_create(
            name=name,
            defaults={"concurrency": concurrency, "running": running, "seen_at": present},
            create_defaults={
                "concurrency": concurrency,
                "running": running,
                "seen_at": present,
                "started_at": present,
            },
        )
        Heartbeat.objects.filter(seen_at__lt=present - _KEPT).delete()


def retire(name: str) -> None:
    """Take the sign of life down: this worker stopped in good order."""
    Heartbeat.objects.filter(pk=name).delete()


def _alive() -> QuerySet[Heartbeat]:
    return Heartbeat.objects.filter(seen_at__gte=now() - _SILENCE)
