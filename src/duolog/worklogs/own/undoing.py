"""Undo of what a person did to their worklogs: an act as a whole, and only if it still stands."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from duolog.jira.client.worklogs import Adjusting, Estimate
from duolog.jira.stamps import stamp_of
from duolog.people.errors import NotFound, Outdated
from duolog.people.models import Member
from duolog.people.tokens import Clock
from duolog.worklogs.models import JiraIssue, OwnWorklog, WorklogState, WorklogWrite, WriteKind
from duolog.worklogs.own.intents import (
    How,
    Why,
    ask,
    before_of,
    lock_own,
    open_writes,
    parse_estimate,
    say,
)
from duolog.worklogs.own.there import parse_kept, render_spent

NOTHING: Final = "Nothing was done to this worklog here that could be undone."
CHANGED: Final = "It was changed in Jira since: change it back by hand, if you still want to."
LATER: Final = "Something else was done to it since: undo that first."
UNDONE: Final = "This was undone already."
UNSETTLED: Final = "This is still on its way to Jira: undo it once it is saved."
UNSAVED: Final = "Not all of this was saved: try it again, or discard it, and then undo the rest."


class Unsettled(Outdated):
    """Jira has not answered to all that is to be undone yet: asked again later, it may be."""

    def __init__(self) -> None:
        super().__init__(UNSETTLED)


@transaction.atomic
def undo(
    member: Member,
    worklog_id: int,
    *,
    act: uuid.UUID | None = None,
    clock: Clock = timezone.now,
) -> tuple[OwnWorklog, ...]:
    """Undo the last thing done to a worklog, with all that was done along with it.

    With `act` only if that is the last.  Raises Outdated where any of it is not as we left it.
    """
    row = _lock(member, worklog_id)
    last = _last(row)
    if last is None:
        raise Outdated(NOTHING)
    if open_writes(row).exists():
        raise Unsettled
    if act is not None and last.undoes is not None and last.undoes.act == act:
        raise Outdated(UNDONE)
    if act not in (None, last.act):
        raise Outdated(LATER)
    along = WorklogWrite.objects.filter(act=last.act).order_by("pk")
    writes = [(write, _lock(member, write.worklog_id)) for write in along]
    for write, theirs in writes:
        _must_stand(write, theirs)
    why, asked = Why(), None
    for write, theirs in reversed(writes):
        why = Why(act=why.act, undoes=write, waits_for=asked if _is_split(writes) else None)
        if write.kind == WriteKind.CREATE:
            theirs.deleted_at = clock()
        asked = _ask_back(write, theirs, why)
    return tuple(theirs for _, theirs in writes)


def done_along(member: Member, worklog_id: int) -> tuple[OwnWorklog, ...]:
    """The worklogs of whatever was last asked of one: those of a copied week, say."""
    mine = OwnWorklog.objects.filter(connection__member=member)
    row = mine.filter(pk=worklog_id).first()
    act = last_act(row) if row else None
    return () if act is None else tuple(mine.filter(writes__act=act).distinct())


def last_act(worklog: OwnWorklog) -> uuid.UUID | None:
    """The number of what was last asked of a worklog, done by now or not."""
    write = worklog.writes.order_by("pk").last()
    return write.act if write else None


def _lock(member: Member, worklog_id: int) -> OwnWorklog:
    try:
        return lock_own(member, worklog_id)
    except NotFound:
        return lock_own(member, worklog_id, deleted=True)


def _last(row: OwnWorklog) -> WorklogWrite | None:
    return row.writes.exclude(done_at=None).order_by("pk").last()


def _is_split(writes: Sequence[tuple[WorklogWrite, OwnWorklog]]) -> bool:
    return any(write.waits_for_id is not None for write, _ in writes)


def _must_stand(write: WorklogWrite, row: OwnWorklog) -> None:
    if open_writes(row).exists():
        raise Unsettled
    if row.state != WorklogState.SAVED:
        raise Outdated(UNSAVED)
    latest = _last(row)
    if latest is None or latest.pk != write.pk:
        raise Outdated(LATER)
    left = str(write.progress.get("updated", ""))
    is_there = write.kind != WriteKind.DELETE
    if is_there and row.deleted_at is not None:
        raise Outdated("It was deleted in Jira since.")
    if is_there and row.updated_at is not None and stamp_of(row.updated_at) > left:
        raise Outdated(CHANGED)


def _ask_back(write: WorklogWrite, row: OwnWorklog, why: Why) -> WorklogWrite:
    """The write that brings back what was there before another."""
    how, before = How(_estimate_back(write), write.notify), write.before
    if write.kind == WriteKind.CREATE:
        return ask(row, WriteKind.DELETE, {}, before_of(row), how, why)
    if write.kind == WriteKind.MOVE:
        target = JiraIssue.objects.get(pk=before["issue"])
        return ask(row, WriteKind.MOVE, {"issue": target.pk}, before_of(row), how, why)
    if write.kind == WriteKind.EDIT:
        held, names = before_of(row), [name for name in write.wanted if name in before]
        wanted: dict[str, Any] = {name: before[name] for name in names}
        if "comment" in wanted:
            wanted["body"] = before["body"]
        say(row, parse_kept({**held, **wanted}))
        return ask(row, WriteKind.EDIT, wanted, held, how, why)
    leave_a_trace(row)
    row.jira_id, row.deleted_at = "", None
    spent = parse_kept(before)
    say(row, spent)
    exact = {name: before.get(name) for name in ("body", "visibility", "properties")}
    return ask(row, WriteKind.CREATE, {**render_spent(spent), **exact}, {}, how, why)


def leave_a_trace(row: OwnWorklog) -> None:
    """Keep a row for what the worklog was called in Jira, where it is called otherwise now.

    A search that began before may still tell of it: by this row it is known to be gone.
    """
    gone = OwnWorklog(
        connection=row.connection,
        issue=row.issue,
        jira_id=row.jira_id,
        started_at=row.started_at,
        seconds=row.seconds,
        written_at=row.written_at,
        deleted_at=row.deleted_at or row.written_at,
    )
    OwnWorklog.objects.filter(pk=row.pk).update(jira_id="")
    gone.save()


def _estimate_back(write: WorklogWrite) -> Estimate:
    """What the remaining estimate follows when a write is undone, as exactly as Jira can."""
    estimate = parse_estimate(write.estimate)
    turned = write.kind in {WriteKind.CREATE, WriteKind.DELETE}
    if estimate.adjusting is Adjusting.NEW or (
        estimate.adjusting is Adjusting.MANUAL and not turned
    ):
        return Estimate(Adjusting.LEAVE)
    return estimate
