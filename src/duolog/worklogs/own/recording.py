"""What came of a write, kept together with the end of its job: all of it or nothing."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from duolog.core.errors import SyncError
from duolog.work.clock import present
from duolog.worklogs.models import JiraIssue, OwnWorklog, WorklogState, WorklogWrite, WriteKind
from duolog.worklogs.own.carrying import Overtaken, Vanished
from duolog.worklogs.own.intents import (
    How,
    Why,
    ask,
    before_of,
    mark_writes,
    open_writes,
    say,
    show_failed,
)
from duolog.worklogs.own.retrying import drop, restore
from duolog.worklogs.own.there import There
from duolog.worklogs.own.undoing import leave_a_trace


def record_done(write: WorklogWrite, place: JiraIssue, there: There | None) -> None:
    """Jira has it, as `there` on this issue; None where it was to be deleted, and is."""
    row = _lock(write)
    has_more = open_writes(row).exclude(pk=write.pk).exists()
    if there is None:
        row.deleted_at = row.deleted_at or timezone.now()
    else:
        _take(row, place, there, is_last=not has_more)
    row.written_at = present()
    row.state = WorklogState.PENDING if has_more else WorklogState.SAVED
    row.problem = row.hint = ""
    row.version += 1
    row.save()
    write.done_at, write.problem, write.hint = timezone.now(), "", ""
    write.progress = {**write.progress, "updated": there.updated if there else ""}
    write.save()
    _mark_next(write, row)


def record_failed(write: WorklogWrite, error: SyncError) -> None:
    """Jira did not take it: what was typed stays to be seen, and says why.

    What nobody typed is not kept: of an undo, or of half a split, the worklog is what it was.
    """
    row = _lock(write)
    if isinstance(error, Overtaken):
        write.progress = {**write.progress, "there": error.there.render()}
    if isinstance(error, Vanished):
        write.progress = {**write.progress, "gone": True}
    open_writes(row).exclude(pk=write.pk).filter(waits_for=None).delete()
    first = write.waits_for
    if first is not None and first.kind == WriteKind.CREATE:
        _take_back(first)
        _say_why_not(write, row, error)
    elif write.undoes_id is not None and write.kind != WriteKind.CREATE:
        _say_why_not(write, row, error)
    elif row.deleted_at is not None and write.kind == WriteKind.CREATE and write.tried_at is None:
        drop(write)
        row.delete()
    else:
        show_failed(row, write, error)


def _take(row: OwnWorklog, place: JiraIssue, there: There, *, is_last: bool) -> None:
    """Have the row be what Jira holds; what is still to be sent stays to be seen."""
    seen = OwnWorklog.objects.filter(connection=row.connection, jira_id=there.jira_id)
    for same in seen.exclude(pk=row.pk):  # reading found it before we knew that it is ours
        same.writes.update(worklog=row)
        same.delete()
    if row.jira_id not in ("", there.jira_id):
        leave_a_trace(row)
    row.jira_id, row.issue = there.jira_id, place
    row.body, row.visibility = there.body, there.visibility
    row.updated_at = datetime.fromisoformat(there.updated)
    if is_last:
        say(row, there.spent)
        row.deleted_at = None


def _say_why_not(write: WorklogWrite, row: OwnWorklog, error: SyncError) -> None:
    restore(row, write)
    if isinstance(error, Overtaken):
        _take(row, row.issue, error.there, is_last=True)
    row.problem, row.hint = str(error), error.hint
    row.save()
    drop(write)


def _take_back(first: WorklogWrite) -> None:
    """Delete the new half of a split whose other half could not be shortened."""
    made = OwnWorklog.objects.select_related("connection", "issue__connection")
    row = made.get(pk=first.worklog_id)
    row.deleted_at = timezone.now()
    ask(row, WriteKind.DELETE, {}, before_of(row), How(), Why(act=first.act))


def _mark_next(write: WorklogWrite, row: OwnWorklog) -> None:
    """Have sent what was to come after it."""
    if open_writes(row).exists():
        mark_writes(row.issue)
    for awaiting in write.awaited_by.select_related("worklog__issue__connection"):
        mark_writes(awaiting.worklog.issue)


def _lock(write: WorklogWrite) -> OwnWorklog:
    rows = OwnWorklog.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("connection", "issue__connection").get(pk=write.worklog_id)
