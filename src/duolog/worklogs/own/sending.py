"""The job that writes one issue's worklogs over one connection: the next of them in each run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Q

from duolog.connections.models import Health
from duolog.connections.services import client_for, note_disconnected
from duolog.core.errors import Disconnected, Refused
from duolog.work.queue import Job, LeaseLost, finish, hold
from duolog.worklogs.models import JiraIssue, WorklogWrite, WriteKind
from duolog.worklogs.own.carrying import Errand, Explained, carry_create, carry_delete, carry_edit
from duolog.worklogs.own.moving import carry_move
from duolog.worklogs.own.recording import record_done, record_failed
from duolog.worklogs.own.there import There
from duolog.worklogs.own.turns import give_turns_back, take_turns

TURN_AGAIN: Final = 0.25
"""Seconds before a job looks again whether it is its turn to write to the issue."""

_ASK: Final = "The issue must be open and time tracking on: if it is, ask a Jira admin for"
ADVICE: Final[Mapping[WriteKind, str]] = {
    WriteKind.CREATE: f"{_ASK} the permission Work On Issues there, or choose another issue.",
    WriteKind.EDIT: f"{_ASK} the permission Edit Own Worklogs.",
    WriteKind.DELETE: f"{_ASK} the permission Delete Own Worklogs.",
    WriteKind.MOVE: f"{_ASK} Work On Issues there and Delete Own Worklogs here.",
}
"""What to do where Jira refuses."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The issues of a site that one write was about, by Jira's ids."""

    site: str
    issues: Collection[str]


def send_own_worklogs(job: Job) -> Sent | None:
    """Bring the oldest write of the issue to Jira; what comes after it follows in another run.

    None where there was none, or other writers had their turn.  Raises Retryable, and then nothing
    is settled: the job waits, and looks before it repeats.
    """
    write = _next(job.key)
    if write is None:
        _end(job)
        return None
    sent = Sent(write.worklog.connection.base_url, _places(write))
    if not take_turns(sent.site, sent.issues, holder=job.key):
        _end(job, again_in=TURN_AGAIN)
        return None
    try:
        _send(job, write)
    except LeaseLost:
        raise  # whoever has the job by now has its turns
    except BaseException:
        give_turns_back(job.key)
        raise
    return sent


def _send(job: Job, write: WorklogWrite) -> None:
    connection = write.worklog.connection
    refusal: Refused | Disconnected | None = None
    there: There | None = None
    try:
        errand = Errand(write, client_for(connection), connection, partial(hold, job))
        there = _carry(errand)
    except Disconnected as error:
        refusal = error
        if connection.health == Health.CONNECTED:
            note_disconnected(connection.lane, error)
    except Refused as error:
        refusal = _advised(error, WriteKind(write.kind))
    with transaction.atomic():
        if refusal is None:
            record_done(write, _place(write), there)
        else:
            record_failed(write, refusal)
        give_turns_back(job.key)
        has_more = _next(job.key) is not None
        _finish(job, again_in=0 if has_more else None)


def _advised(error: Refused, kind: WriteKind) -> Refused:
    """What Jira refused, with what to do about it in this case."""
    if isinstance(error, Explained):
        return error
    return Refused(str(error), fields=error.fields, hint=ADVICE[kind])


def _carry(errand: Errand) -> There | None:
    write = errand.write
    match WriteKind(write.kind):
        case WriteKind.CREATE:
            return carry_create(errand)
        case WriteKind.EDIT:
            return carry_edit(errand)
        case WriteKind.MOVE:
            return carry_move(errand, _place(write))
        case WriteKind.DELETE:
            carry_delete(errand)
            return None


def _next(key: str) -> WorklogWrite | None:
    connection, _, issue = key.partition(":")
    rows = WorklogWrite.objects.filter(
        Q(waits_for=None) | Q(waits_for__done_at__isnull=False),
        worklog__connection=int(connection),
        worklog__issue=int(issue),
        done_at=None,
        failed_at=None,
    )
    related = ("worklog__connection__member__user", "worklog__issue__connection", "undoes")
    return rows.select_related(*related, "waits_for").order_by("pk").first()


def _place(write: WorklogWrite) -> JiraIssue:
    """Where the worklog is once the write is done."""
    if write.kind == WriteKind.MOVE:
        return JiraIssue.objects.select_related("connection").get(pk=write.wanted["issue"])
    return write.worklog.issue


def _places(write: WorklogWrite) -> Collection[str]:
    return {write.worklog.issue.issue_id, _place(write).issue_id}


def _end(job: Job, *, again_in: float | None = None) -> None:
    with transaction.atomic():
        _finish(job, again_in=again_in)


def _finish(job: Job, *, again_in: float | None) -> None:
    if not finish(job, again_in=again_in):
        raise LeaseLost
