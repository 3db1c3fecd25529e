"""Undo of what the sync did to a whole side: made an item or an issue, or deleted one.

What was made goes again, what it was made of stays, and the two no longer follow each other: else
the next pass would only make it anew.  A person asked for this very thing, so no policy is asked.
"""

from __future__ import annotations

import contextlib
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.core.errors import Gone, Retryable, Unseen
from duolog.core.values import ABSENT, Side, Snapshot
from duolog.jira.replica import RemoteReplica
from duolog.people.errors import DomainError
from duolog.people.models import Member
from duolog.sync.basis.ground import Ground
from duolog.sync.link import record
from duolog.sync.link.baseline import load_base
from duolog.sync.link.causes import WriteCause
from duolog.sync.link.children import LinkGround
from duolog.sync.local.replica import LocalReplica
from duolog.sync.models import Hold, JournalEntry, Link, LinkState, Run
from duolog.workplace.actors import Actor
from duolog.workplace.services.trash import delete_item, restore_item

KINDS_OF_WHOLE: Final = frozenset({"link"})
UNDOABLE: Final = frozenset({("created", "local"), ("created", "remote"), ("deleted", "local")})
DONE: Final = "This was undone already."
NO_TRASH: Final = "Jira keeps no trash: a deleted issue cannot come back."
NOTHING_WRITTEN: Final = "Nothing was written here that could be undone."
CHANGED_HERE: Final = "The item was changed here since it was made, so it is not deleted."
CHANGED_THERE: Final = "The issue was changed in Jira since it was made, so it is not deleted."
ENDED: Final = "The item and the issue no longer follow each other. Delete it where it is."
GONE_FOR_GOOD: Final = "The item is no longer in the trash."


def undo_whole(
    by: Member, ground: Ground, link: Link, entry: JournalEntry, *, run: Run | None = None
) -> str:
    """Undo it, or say why not; empty when it is done.  Raises SyncError."""
    if entry.undone_at is not None:
        return DONE
    match entry.verb, Side(entry.side):
        case "created", Side.LOCAL:
            return _unmake_item(by, ground, link, entry, run)
        case "created", Side.REMOTE:
            return _unmake_issue(by, ground, link, entry, run)
        case "deleted", Side.LOCAL:
            return _restore(by, link, entry, run)
        case "deleted", Side.REMOTE:
            return NO_TRASH
        case _:
            return NOTHING_WRITTEN


def _unmake_item(
    by: Member, ground: Ground, link: Link, entry: JournalEntry, run: Run | None
) -> str:
    """The item goes to the trash; its issue stays in Jira, on its own."""
    with transaction.atomic():
        try:
            record.lock_link(link)
            here = LocalReplica(ground, LinkGround(ground, link), link).observe_locked()
        except (Gone, Retryable):
            return ENDED
        if link.work_item_id is None or _has_moved(link, entry, here):
            return CHANGED_HERE
        _end(link)
        try:
            delete_item(link.work_item_id, actor=Actor.of(by))
        except DomainError as error:
            transaction.set_rollback(True)
            return str(error)
        _note(by, entry, run)
    return ""


def _unmake_issue(
    by: Member, ground: Ground, link: Link, entry: JournalEntry, run: Run | None
) -> str:
    """The issue is deleted in Jira; the item it was made of stays here, on its own.

    The intention is kept first (`undone_by`), with the end of the link; whoever was killed before
    the deletion asks again.
    """
    if entry.undone_by_id is None:
        remote = RemoteReplica(ground.client, str(link.issue_id), LinkGround(ground, link))
        try:
            there = remote.observe()
        except Unseen:
            return ENDED
        with transaction.atomic():
            try:
                record.lock_link(link)
            except Retryable:
                return ENDED
            if _has_moved(link, entry, there):
                return CHANGED_THERE
            _end(link)
            JournalEntry.objects.filter(pk=entry.pk).update(undone_by=by)
    with contextlib.suppress(Unseen):  # an earlier try did it
        ground.client.issues.delete(str(link.issue_id))
    with transaction.atomic():
        _note(by, entry, run)
    return ""


def _restore(by: Member, link: Link, entry: JournalEntry, run: Run | None) -> str:
    """The item comes back from the trash, on its own: its issue is gone for good."""
    if link.work_item_id is None:
        return GONE_FOR_GOOD
    with transaction.atomic():
        try:
            restore_item(link.work_item_id, actor=Actor.of(by))
        except DomainError:
            return GONE_FOR_GOOD
        _note(by, entry, run)
    return ""


def _has_moved(link: Link, entry: JournalEntry, seen: Snapshot) -> bool:
    """Whether somebody worked on what the sync made: what it holds crossed since, or is to cross."""
    side = Side(entry.side)
    cause = WriteCause.JIRA if side is Side.REMOTE else WriteCause.HERE
    since = JournalEntry.objects.filter(link=link, pk__gt=entry.pk, side=side.other)
    if since.filter(cause=cause, undone_at=None).exists():
        return True
    base = load_base(link)
    held = {slot: pair.of(side) for slot, pair in base.items() if pair.of(side) is not ABSENT}
    return {slot: value for slot, value in seen.items() if value is not ABSENT} != held


def _end(link: Link) -> None:
    now = timezone.now()
    Hold.objects.filter(link=link, released_at=None).update(released_at=now)
    link.conflicts.filter(settled_at=None).update(settled_at=now)
    Link.objects.filter(pk=link.pk).update(state=LinkState.ENDED, reason="", ended_at=now)


def _note(by: Member, entry: JournalEntry, run: Run | None) -> None:
    """Once: whoever comes second finds it undone."""
    now = timezone.now()
    rows = JournalEntry.objects.filter(pk=entry.pk, undone_at=None)
    if not rows.update(undone_at=now, undone_by=by):
        return
    JournalEntry.objects.create(
        binding_id=entry.binding_id,
        link_id=entry.link_id,
        side=entry.side,
        kind=entry.kind,
        key=entry.key,
        verb="restored" if entry.verb == "deleted" else "deleted",
        actor=by.name,
        cause=WriteCause.UNDO,
        undoes=entry,
        run=run,
        at=now,
    )
