"""Removes once a day what nobody needs any more.  Touches no link and asks Jira nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from duolog.people.once import forget_sent_forms
from duolog.sync.models import Delivery
from duolog.work.clock import now
from duolog.work.marks import BACKGROUND, mark
from duolog.work.models import Work
from duolog.work.queue import Job, LeaseLost, finish
from duolog.workplace.services.attachments import purge_files
from duolog.workplace.services.trash import purge_trash

TIDY: Final = "tidy"
EVERY: Final = 86_400.0
USED_KEPT: Final = timedelta(days=7)
"""How long a delivery is kept once it was used: longer than an older one is news."""
UNUSED_KEPT: Final = timedelta(days=30)
"""How long one is kept that nobody used: sweeps have long since seen what it told."""
_AT_ONCE: Final = 2_000


def keep_tidy() -> None:
    """Have `tidy` run once a day from now on; asking again changes nothing."""
    mark(TIDY, "all", priority=BACKGROUND, due_in=EVERY, every=EVERY)


def tidy(job: Job) -> None:
    """Old deliveries and forms, work done long ago, and what has lain in the trash for 30 days."""
    present = timezone.now()
    used = Q(taken_at__lt=present - USED_KEPT)
    forgotten = Q(taken_at=None, received_at__lt=present - UNUSED_KEPT)
    _remove(Delivery.objects.filter(used | forgotten))
    _remove(
        Work.objects.filter(
            want__lte=F("done"), lease_until=0, due_at__lt=now() - USED_KEPT.total_seconds()
        )
    )
    forget_sent_forms()
    purge_trash()
    purge_files()
    with transaction.atomic():
        if not finish(job):
            raise LeaseLost


def _remove(rows: models.QuerySet[Delivery] | models.QuerySet[Work]) -> None:
    """In short transactions, so that nobody waits; what was asked for again meanwhile stays."""
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        if not rows.filter(pk__in=ids).delete()[0]:
            return
