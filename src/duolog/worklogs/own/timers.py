"""The timer: one at a time for each member, kept in the database, turned into a worklog."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from duolog.connections.models import Health
from duolog.connections.queries import get_mine
from duolog.core.worklog_edits import rounded_up
from duolog.core.worklogs import SECONDS_MAX, Spent, whole_milliseconds
from duolog.people.errors import Invalid, NotFound, Outdated
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.people.tokens import Clock
from duolog.worklogs.models import OwnWorklog, Timer
from duolog.worklogs.own.intents import How, Why
from duolog.worklogs.own.issues import find_issue
from duolog.worklogs.own.writing import USUAL, ask_new
from duolog.workplace.reading import Wrong, read_text

CONNECTION_ENDED = (
    "The timer's connection was removed: connect the site again and then stop it, or discard it."
)
NONE_RUNS = "No timer is running."


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a timer became: a worklog in whole minutes, for the time that was measured."""

    worklog: OwnWorklog
    measured: timedelta

    @property
    def is_rounded(self) -> bool:
        """Whether more is logged than was measured."""
        return self.worklog.seconds != self.measured.total_seconds()


def find_timer(member: Member) -> Timer | None:
    """The member's running timer."""
    rows = Timer.objects.select_related("connection", "issue__connection")
    return rows.filter(member=member).first()


def start_timer(
    member: Member,
    connection_id: int,
    issue: str,
    comment: str = "",
    *,
    clock: Clock = timezone.now,
) -> Timer:
    """Begin to measure work on an issue.  Raises Outdated while another timer runs."""
    require(member, Right.LOG_TIME)
    try:
        said = read_text(comment).strip()
    except Wrong as wrong:
        raise Invalid({"comment": str(wrong)}) from wrong
    running = find_timer(member)
    if running is not None:
        raise Outdated(_runs(running))
    found = find_issue(get_mine(member, connection_id), issue)
    timer, is_new = Timer.objects.select_related("issue").get_or_create(
        member=member,
        defaults={
            "connection": found.connection,
            "issue": found,
            "comment": said,
            "started_at": clock(),
        },
    )
    if not is_new:
        raise Outdated(_runs(timer))
    return timer


@transaction.atomic
def stop_timer(member: Member, how: How = USUAL, *, clock: Clock = timezone.now) -> Stopped:
    """Log the time since the start, rounded up to whole minutes; both or neither is stored."""
    timer = _lock(member)
    if timer.connection.health == Health.ENDED:
        raise Outdated(CONNECTION_ENDED)
    measured = max(timedelta(), clock() - timer.started_at)
    spent = Spent(
        whole_milliseconds(timer.started_at), min(rounded_up(measured), SECONDS_MAX), timer.comment
    )
    worklog = ask_new(timer.issue, spent, how, Why()).worklog
    timer.delete()
    return Stopped(worklog, measured)


@transaction.atomic
def discard_timer(member: Member) -> None:
    """Stop measuring, and log nothing."""
    _lock(member).delete()


def _lock(member: Member) -> Timer:
    require(member, Right.LOG_TIME)
    rows = Timer.objects.select_for_update(of=("self",)).select_related(
        "connection", "issue__connection"
    )
    timer = rows.filter(member=member).first()
    if timer is None:
        raise NotFound(NONE_RUNS)
    return timer


def _runs(timer: Timer) -> str:
    since = f"{timer.started_at:%Y-%m-%d %H:%M} UTC"
    return f"A timer runs on {timer.issue.key} since {since}: stop or discard it first."
