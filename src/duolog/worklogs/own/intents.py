"""What a person wants written to their worklogs, stored before Jira is asked, one after another.

A worklog shows what is wanted from here on; `sending` brings it to Jira, in the order of asking.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from duolog.connections.models import Health
from duolog.core.errors import Refused, SyncError
from duolog.core.worklogs import Spent
from duolog.jira.client.worklogs import Adjusting, Estimate
from duolog.people.errors import Invalid, NotFound, Outdated
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.work.marks import INTERACTIVE, mark
from duolog.worklogs.models import JiraIssue, OwnWorklog, WorklogState, WorklogWrite, WriteKind
from duolog.worklogs.own.acts import Act
from duolog.worklogs.own.there import parse_kept, render_spent, spent_of

WRITE: Final = "own-worklog-write"
"""The kind of work that writes the worklogs of one issue over one connection, see `key_of`."""
RECONNECT: Final = "Connect again under Connections."
KEPT: Final = "What you typed is kept: try again, or discard it."
UNSAVED: Final = "What you typed last is not saved: try again, or discard it, and then go on."


AUTO: Final = Estimate()


@dataclass(frozen=True, slots=True)
class How:
    """What a write does beside: how the remaining estimate follows, whether watchers get mail.

    By `act` the caller knows it again: asked for twice, it is done once.
    """

    estimate: Estimate = AUTO
    notify: bool = False
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """What a write belongs to: an act of several, another that it undoes, or comes after."""

    act: uuid.UUID = field(default_factory=uuid.uuid4)
    undoes: WorklogWrite | None = None
    waits_for: WorklogWrite | None = None


def why_of(how: How) -> Why:
    """The act that the caller named, or one of its own."""
    return Why() if how.act is None else Why(act=how.act.number)


def key_of(issue: JiraIssue) -> str:
    """The key of the job that writes to an issue over the connection that it is known by."""
    return f"{issue.connection_id}:{issue.pk}"


def ask(
    row: OwnWorklog,
    kind: WriteKind,
    wanted: Mapping[str, Any],
    before: Mapping[str, Any],
    how: How,
    why: Why,
) -> WorklogWrite:
    """Store what is wanted; call it in the transaction that has the row locked."""
    write = WorklogWrite.objects.create(
        worklog=row,
        kind=kind,
        wanted=dict(wanted),
        before=dict(before),
        estimate=render_estimate(how.estimate),
        notify=how.notify,
        act=why.act,
        undoes=why.undoes,
        waits_for=why.waits_for,
    )
    show_pending(row, write)
    return write


def show_pending(row: OwnWorklog, write: WorklogWrite) -> None:
    """Store the row as one on its way, and have it sent; failed where its connection stopped."""
    connection = row.connection
    if connection.health != Health.CONNECTED:
        reason = connection.reason or "This connection has stopped."
        show_failed(row, write, Refused(reason, hint=connection.hint or RECONNECT))
        return
    row.state, row.problem, row.hint = WorklogState.PENDING, "", ""
    row.version += 1
    row.save()
    mark_writes(row.issue)


def show_failed(row: OwnWorklog, write: WorklogWrite, error: SyncError) -> None:
    """Store that a write failed, with what was typed, and have the row say why."""
    write.failed_at = timezone.now()
    write.problem, write.hint = str(error), f"{error.hint} {KEPT}".strip()
    write.save()
    row.state, row.problem, row.hint = WorklogState.FAILED, write.problem, write.hint
    row.deleted_at = None
    row.version += 1
    row.save()


def mark_writes(issue: JiraIssue) -> None:
    """Have sent what is to be written to this issue."""
    mark(WRITE, key_of(issue), lane=issue.connection.lane, priority=INTERACTIVE)


def lock_own(member: Member, worklog_id: int, *, deleted: bool = False) -> OwnWorklog:
    """One of the member's own for this transaction alone.  Raises NotFound, also for others'."""
    require(member, Right.LOG_TIME)
    rows = OwnWorklog.objects.select_for_update(of=("self",), no_key=True)
    mine = rows.filter(connection__member=member, connection__kind="personal")
    known = mine.exclude(connection__health="ended").filter(deleted_at__isnull=not deleted)
    row = known.select_related("connection", "issue__connection").filter(pk=worklog_id).first()
    if row is None:
        raise NotFound("There is no such worklog: it was deleted meanwhile, or is not yours.")
    return row


def open_writes(row: OwnWorklog) -> QuerySet[WorklogWrite]:
    """What of this worklog is still to be sent, in order."""
    return row.writes.filter(done_at=None, failed_at=None).order_by("pk")


def failed_write(row: OwnWorklog) -> WorklogWrite | None:
    """The write of this worklog that failed and was neither tried again nor given up."""
    return row.writes.filter(done_at=None).exclude(failed_at=None).first()


def must_be_saved(row: OwnWorklog) -> None:
    """Raise Outdated where something that was typed failed: nothing is put on top of it."""
    if row.state == WorklogState.FAILED:
        raise Outdated(UNSAVED)


def known_before(write: WorklogWrite) -> Spent:
    """What Jira held when a write failed, as far as we know."""
    return parse_kept(write.progress.get("there") or write.before)


def before_of(row: OwnWorklog) -> dict[str, Any]:
    """What undoing a change of the row needs."""
    return {**render_spent(spent_of(row)), "body": row.body, "issue": row.issue_id}


def say(row: OwnWorklog, spent: Spent) -> None:
    """Have the row show it; it is not stored yet."""
    row.started_at, row.seconds, row.comment = spent.started, spent.seconds, spent.comment


def render_estimate(estimate: Estimate) -> dict[str, Any]:
    """As JSON."""
    return {"adjusting": estimate.adjusting.value, "minutes": estimate.minutes}


def parse_estimate(kept: Mapping[str, Any]) -> Estimate:
    """What `render_estimate` wrote."""
    return Estimate(Adjusting(kept["adjusting"]), kept["minutes"])


def must_fit(kind: WriteKind, estimate: Estimate) -> None:
    """Raise Invalid for what Jira cannot do to the remaining estimate with such a write."""
    adjusting, minutes = estimate.adjusting, estimate.minutes
    if adjusting in {Adjusting.NEW, Adjusting.MANUAL} and minutes is None:
        raise Invalid({"estimate": "Say how much remains, or by how much it changes: 2h 30m."})
    allowed = _ALLOWED[kind]
    if adjusting not in allowed:
        words = ", ".join(each.value for each in allowed)
        raise Invalid({"estimate": f"Jira takes one of these here: {words}."})


_BOTH: Final = (Adjusting.AUTO, Adjusting.LEAVE)
_ALLOWED: Final[Mapping[WriteKind, tuple[Adjusting, ...]]] = {
    WriteKind.CREATE: tuple(Adjusting),
    WriteKind.EDIT: (*_BOTH, Adjusting.NEW),
    WriteKind.DELETE: tuple(Adjusting),
    WriteKind.MOVE: _BOTH,
}
