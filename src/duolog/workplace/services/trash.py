"""Deleting, restoring and finally removing work items."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.people.tokens import Clock
from duolog.workplace.actors import Actor
from duolog.workplace.lookups import lock_item
from duolog.workplace.models import WorkItem
from duolog.workplace.record import Entry, expect, record

KEPT_FOR: Final = timedelta(days=30)
_REMOVED_AT_ONCE: Final = 200


@transaction.atomic
def delete_item(
    item_id: int,
    *,
    actor: Actor,
    expected_version: int | None = None,
    clock: Clock = timezone.now,
) -> WorkItem:
    """Put the item into the trash, from which it can be restored for 30 days."""
    item = lock_item(item_id, actor)
    expect(item, expected_version)
    item.deleted_at = clock()
    record(item, [Entry("deleted", before=item.title)], actor, fields=["deleted_at"])
    return item


@transaction.atomic
def restore_item(item_id: int, *, actor: Actor) -> WorkItem:
    """Take the item out of the trash as it was."""
    item = lock_item(item_id, actor, in_trash=True)
    item.deleted_at = None
    record(item, [Entry("restored", after=item.title)], actor, fields=["deleted_at"])
    return item


def purge_trash(*, clock: Clock = timezone.now) -> int:
    """Remove for good what has lain in the trash for 30 days; returns how many items went.

    Works in short transactions, so that nobody waits for it.
    """
    removed = 0
    while True:
        with transaction.atomic():
            overdue = WorkItem.objects.select_for_update().filter(
                deleted_at__lte=clock() - KEPT_FOR
            )
            ids = list(overdue.order_by("pk").values_list("pk", flat=True)[:_REMOVED_AT_ONCE])
            WorkItem.objects.filter(pk__in=ids).delete()
        removed += len(ids)
        if len(ids) < _REMOVED_AT_ONCE:
            return removed
