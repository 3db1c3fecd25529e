"""Forgets what our records hold of comments that Jira keeps from some readers."""

from __future__ import annotations

from collections.abc import Iterable

from duolog.core import fields as slots
from duolog.core.values import Slot
from duolog.sync.models import Conflict, Hold, JournalEntry, Link
from duolog.sync.record import RESTRICTED


def forget_texts(link: Link, restricted: Iterable[Slot]) -> None:
    """Empty the journal, conflicts and holds of these comments; that they were there stays told."""
    keys = [slot.key for slot in restricted]
    if not keys:
        return
    entries = JournalEntry.objects.filter(link=link, kind=slots.COMMENT, key__in=keys)
    entries.exclude(verb=RESTRICTED).update(before=None, after=None)
    conflicts = Conflict.objects.filter(link=link, kind=slots.COMMENT, key__in=keys)
    conflicts.update(base_local=None, base_remote=None, now_local=None, now_remote=None)
    holds = Hold.objects.filter(link=link, slot_kind=slots.COMMENT, slot_key__in=keys)
    holds.update(value=None)
