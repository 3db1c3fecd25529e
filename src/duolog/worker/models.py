"""The sign of life of each worker.  Nothing is decided by it; leases decide."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """One worker that runs, or ran until it was killed.

    Times are seconds since 1970 by the clock of the database (`work.clock`).
    """

    name = models.CharField(max_length=200, primary_key=True)
    concurrency = models.PositiveIntegerField()
    running = models.PositiveIntegerField(default=0)
    started_at = models.FloatField()
    seen_at = models.FloatField()

    def __str__(self) -> str:
        return self.name
