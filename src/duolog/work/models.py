"""The two tables of the queue.  No rules: those are in `queue`, `lanes` and `queries`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Lane(models.Model):
    """What may run side by side: one lane per connection, and `local` for the rest.

    `kept` more than `max_inflight` may run of what a person waits for.  `rest` is how many seconds
    it was last blocked for because the other side was in trouble and named no time.
    """

    name = models.CharField(max_length=100, primary_key=True)
    max_inflight = models.PositiveIntegerField()
    kept = models.PositiveIntegerField(default=0, db_default=0)
    blocked_until = models.FloatField(default=0.0, db_default=0.0)
    rest = models.FloatField(default=0.0, db_default=0.0)

    def __str__(self) -> str:
        return self.name


class Work(models.Model):
    """One thing to bring about, however often it is asked for.

    `want` counts what was asked, `done` how much of it is settled; the row is pending while
    `want > done`.  Nobody may work on it before `due_at`, nor, except the holder of
    `lease_no`, before `lease_until`.  Smaller `priority` goes first.  `every` (seconds)
    makes the row pending for ever.  `attempts` counts the runs that failed since the last
    that did not; `error` says why it failed or waits, for people.

    All times are seconds since 1970 by the clock of the database (`work.clock`).
    """

    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, db_index=False, related_name="+")
    want = models.BigIntegerField(default=1, db_default=1)
    done = models.BigIntegerField(default=0, db_default=0)
    priority = models.SmallIntegerField()
    due_at = models.FloatField()
    every = models.FloatField(null=True)
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    lease_until = models.FloatField(default=0.0, db_default=0.0)
    lease_no = models.BigIntegerField(default=0, db_default=0)
    error = models.TextField(default="", db_default="")
    state = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "key"], name="work_kind_key"),)
        indexes = (
            models.Index(
                fields=["lane", "priority", "due_at"],
                name="work_pending",
                condition=Q(want__gt=F("done")),
            ),
            models.Index(fields=["lane"], name="work_leased", condition=Q(lease_until__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
