"""What was typed and not saved: tried again as it is, or given up."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from duolog.people.errors import Outdated
from duolog.people.models import Member
from duolog.worklogs.models import OwnWorklog, WorklogState, WorklogWrite, WriteKind
from duolog.worklogs.own.intents import failed_write, known_before, lock_own, say, show_pending
from duolog.worklogs.own.there import parse_kept, render_spent

NOTHING_FAILED = "Nothing of this worklog waits to be tried again."
MAY_HAVE_ARRIVED = "It may have reached Jira: try again first, so that we look for it there."


@transaction.atomic
def retry(member: Member, worklog_id: int) -> OwnWorklog:
    """Send again what was not saved, as it was typed.

    Where it was changed in Jira meanwhile, this is the word to overwrite that.
    """
    row = lock_own(member, worklog_id)
    reopen(_failed(row), row)
    return row


@transaction.atomic
def discard(member: Member, worklog_id: int) -> OwnWorklog:
    """Give up what was not saved: the worklog is again what it is in Jira, or no more."""
    row = lock_own(member, worklog_id)
    failed = _failed(row)
    if failed.kind == WriteKind.CREATE:
        if failed.tried_at is not None:
            raise Outdated(MAY_HAVE_ARRIVED)
        drop(failed)
        row.delete()
        return row
    drop(failed)
    restore(row, failed)
    return row


def reopen(write: WorklogWrite, row: OwnWorklog) -> None:
    """Have a failed write sent once more."""
    write.progress.pop("gone", None)
    there = write.progress.pop("there", None)
    if there is not None:
        write.before = {**write.before, **render_spent(parse_kept(there))}
        write.progress["insists"] = True
    write.failed_at, write.problem, write.hint = None, "", ""
    write.save()
    show_pending(row, write)


def drop(write: WorklogWrite) -> None:
    """Forget a write that failed, and whatever was to come after it."""
    for awaiting in write.awaited_by.filter(done_at=None).select_related("worklog"):
        restore(awaiting.worklog, awaiting)
    write.delete()


def restore(row: OwnWorklog, write: WorklogWrite) -> None:
    """Show again what Jira holds, or nothing any more."""
    if write.kind == WriteKind.EDIT:
        say(row, known_before(write))
    row.state, row.problem, row.hint = WorklogState.SAVED, "", ""
    row.deleted_at = timezone.now() if write.progress.get("gone") else None
    row.version += 1
    row.save()


def _failed(row: OwnWorklog) -> WorklogWrite:
    failed = failed_write(row)
    if failed is None:
        raise Outdated(NOTHING_FAILED)
    return failed
