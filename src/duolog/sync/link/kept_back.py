"""Comments that Jira keeps from some readers: who may read them, and forgetting what we held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from duolog.core import fields as slots
from duolog.core.values import Slot
from duolog.sync.link.record import RESTRICTED
from duolog.sync.models import ChildLink, Conflict, Hold, JournalEntry, Link, LinkState
from duolog.workplace.models import WorkItem
from duolog.workplace.services.comments import forget_deleted_comment


def forget_texts(link: Link, restricted: Iterable[Slot]) -> None:
    """Empty the journal, conflicts and holds of these comments; that they were there stays told.

    What was deleted here before is forgotten as well; the pass has taken away what was not.
    """
    keys = [slot.key for slot in restricted]
    if not keys:
        return
    entries = JournalEntry.objects.filter(link=link, kind=slots.COMMENT, key__in=keys)
    entries.exclude(verb=RESTRICTED).update(before=None, after=None)
    conflicts = Conflict.objects.filter(link=link, kind=slots.COMMENT, key__in=keys)
    conflicts.update(base_local=None, base_remote=None, now_local=None, now_remote=None)
    holds = Hold.objects.filter(link=link, slot_kind=slots.COMMENT, slot_key__in=keys)
    holds.update(value=None)
    rows = ChildLink.objects.filter(link=link, pk__in=keys).exclude(local_id=None)
    for local_id in rows.values_list("local_id", flat=True):
        forget_deleted_comment(local_id or 0)


def readers_of(item: WorkItem) -> Mapping[int, str]:
    """To whom Jira restricts those of the item's comments that came here all the same."""
    rows = ChildLink.objects.filter(link__work_item=item, kind=slots.COMMENT)
    kept = rows.exclude(readers="").exclude(link__state=LinkState.ENDED)
    return {pk: readers for pk, readers in kept.values_list("local_id", "readers") if pk}
