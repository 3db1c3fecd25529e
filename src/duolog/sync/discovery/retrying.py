"""Trying again what was refused: what is held is released, and its links are due."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from duolog.sync.creation.batches import create_again
from duolog.sync.marks import INTERACTIVE, ask_to_look
from duolog.sync.models import Hold
from duolog.work.marks import retry_now


def retry_holds(holds: QuerySet[Hold]) -> int:
    """Release these and have their links looked at, in the caller's transaction; how many."""
    rows = list(holds.select_related("link__binding__connection"))
    Hold.objects.filter(pk__in=[row.pk for row in rows]).update(released_at=timezone.now())
    links = {row.link_id: row.link for row in rows}
    create_again([link for link in links.values() if link.issue_id is None])
    born = [pk for pk, link in links.items() if link.issue_id is not None]
    ask_to_look(born, priority=INTERACTIVE)
    for pk in born:
        retry_now("link", pk)
    return len(rows)
