"""What `/worklogs` and `/timer` take and tell.  Asks nobody and writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final

from pydantic import AwareDatetime, Field

from duolog.api.shapes import Body, Moment, RowId, Shape
from duolog.connections.models import Health
from duolog.core.durations import UnreadableDuration, parse_minutes, render_seconds
from duolog.core.worklogs import MINUTE, NotWhole, day_of, read_zone, whole_minutes
from duolog.jira.client.worklogs import Adjusting, Estimate
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.work.queries import Pending
from duolog.worklogs.models import OwnWorklog, Timer, WorklogState
from duolog.worklogs.own.queries import OwnRange
from duolog.worklogs.own.services import How, Stopped, waits_of
from duolog.worklogs.own.standing import ConnectionRead
from duolog.worklogs.own.zones import zone_of

IssueName = Annotated[str, Field(min_length=1, max_length=80)]
Note = Annotated[str, Field(max_length=30_000)]
TWICE: Final = "Give the time as time_spent or as time_spent_seconds, not both."
UNSAID: Final = "Say how long it took."


class OwnWorklogShape(Shape):
    """A worklog of the caller's own in Jira.

    `state` is `saved` once Jira has it, `pending` while it is on its way (`waiting_seconds` until
    Jira is asked again), `failed` where it was refused: then `problem` and `hint` say why and what
    to do, and the values are what was typed.  `day` is the day it counts for in the zone asked for,
    else in the caller's.
    """

    id: str
    jira_id: str | None
    connection_id: str
    issue_id: str
    issue_key: str
    issue_summary: str
    issue_type: str
    project_key: str
    issue_url: str
    started: Moment
    day: date
    time_spent_seconds: int
    time_spent: str
    comment: str
    state: WorklogState
    problem: str
    hint: str
    waiting_seconds: float | None
    version: int
    updated_at: Moment | None


class ReadShape(Shape):
    """How one connection stands for the days asked for; sums over it are whole if `complete`."""

    connection_id: str
    complete: bool
    read_at: Moment | None
    reading: bool
    waiting_seconds: float | None
    problem: str
    hint: str
    zone_differs: bool


class HiddenShape(Shape):
    """Worklogs that are not counted: since then Jira shows the caller no such issue.

    It was deleted, or the caller may no longer see it; Jira does not say which.
    """

    connection_id: str
    issue_id: str
    issue_key: str
    issue_summary: str
    issue_url: str
    since: Moment
    worklogs: int
    time_spent_seconds: int


class OwnWorklogs(Shape):
    """The caller's worklogs of some days, in order of time, and how far that can be relied on.

    Where `complete` is false, something may be missing: do not take sums for whole.  `hidden` is
    not among the items, nor in the sum.
    """

    items: list[OwnWorklogShape]
    next_cursor: None = None
    first: date
    last: date
    zone: str
    time_spent_seconds: int
    complete: bool
    connections: list[ReadShape]
    hidden: list[HiddenShape]


class SeveralWorklogs(Shape):
    """The worklogs that an act made or changed."""

    items: list[OwnWorklogShape]


class EstimateBody(Body):
    """How the remaining estimate of the issue follows: `value` (2h 30m, or seconds) with `new` is
    what remains, with `manual` by how much it changes.
    """

    mode: Adjusting = Adjusting.AUTO
    value: str | int | None = None


class Following(Body):
    """What every write may say beside: the remaining estimate, e-mails to watchers (not usually)."""

    estimate: EstimateBody = EstimateBody()
    notify: bool = False

    def how(self) -> How:
        """For the services.  Raises Invalid."""
        value = self.estimate.value
        minutes = None if value is None else _minutes(value)
        return How(Estimate(self.estimate.mode, minutes), self.notify)


class NewOwnWorklog(Following):
    """Time to log on any issue, by key or id, over one of the caller's own connections."""

    connection_id: RowId
    issue: IssueName
    started: AwareDatetime
    time_spent_seconds: int | None = None
    time_spent: str | None = None
    comment: Note = ""


class OwnWorklogChanges(Following):
    """What is to be another; the rest stays, to the second.  `day` keeps the time of the day."""

    started: AwareDatetime | None = None
    day: date | None = None
    time_spent_seconds: int | None = None
    time_spent: str | None = None
    comment: Note | None = None

    def changes(self) -> dict[str, object]:
        """By the names of the services."""
        said = {
            "started": self.started,
            "day": self.day,
            "seconds": spent_in(self.time_spent, self.time_spent_seconds),
            "comment": self.comment,
        }
        return {name: value for name, value in said.items() if value is not None}


class MoveBody(Following):
    """The issue to move to, by key or id, on the same site."""

    issue: IssueName


class SplitBody(Following):
    """How much to take for another worklog, which may be on another issue, with another comment."""

    time_spent_seconds: int | None = None
    time_spent: str | None = None
    issue: str = ""
    comment: Note | None = None


class CopyBody(Body):
    """A day, or with `week` the week of that day, to log again on another."""

    day: date
    to: date
    week: bool = False
    connection_id: RowId | None = None


class NewTimer(Body):
    """What to measure work on."""

    connection_id: RowId
    issue: IssueName
    comment: Note = ""


class TimerShape(Shape):
    """The running timer."""

    connection_id: str
    issue_id: str
    issue_key: str
    issue_summary: str
    issue_url: str
    comment: str
    started: Moment


class StoppedShape(OwnWorklogShape):
    """What the timer became: whole minutes, rounded up from what was measured."""

    measured_seconds: float
    rounded_up: bool


def spent_in(text: str | None, seconds: int | None) -> int | str | None:
    """The time as it was given.  Raises Invalid where it was given twice."""
    if text is not None and seconds is not None:
        raise Invalid({"time_spent": TWICE})
    return text if text is not None else seconds


def spent_surely(text: str | None, seconds: int | None) -> int | str:
    """The same.  Raises Invalid where none was given."""
    spent = spent_in(text, seconds)
    if spent is None:
        raise Invalid({"time_spent": UNSAID})
    return spent


def _minutes(value: str | int) -> int:
    try:
        if isinstance(value, int):
            return whole_minutes(value) // MINUTE if value else 0
        return parse_minutes(value)
    except (UnreadableDuration, NotWhole) as wrong:
        raise Invalid({"estimate.value": str(wrong)}) from wrong


def show_own(rows: Sequence[OwnWorklog], member: Member, zone: str = "") -> list[OwnWorklogShape]:
    """Worklogs of the member's, by the clocks of the zone, else by theirs."""
    here, waits = read_zone(zone or zone_of(member)), waits_of(rows)
    shown = []
    for row in rows:
        waits_for = waits.get(row.pk)
        shown.append(
            OwnWorklogShape(
                id=str(row.pk),
                jira_id=row.jira_id or None,
                connection_id=str(row.connection_id),
                issue_id=row.issue.issue_id,
                issue_key=row.issue.key,
                issue_summary=row.issue.summary,
                issue_type=row.issue.type_name,
                project_key=row.issue.project_key,
                issue_url=row.issue.url,
                started=row.started_at,
                day=day_of(row.started_at, here),
                time_spent_seconds=row.seconds,
                time_spent=render_seconds(row.seconds),
                comment=row.comment,
                state=WorklogState(row.state),
                problem=row.problem or _holdup(row, waits_for),
                hint=row.hint,
                waiting_seconds=waits_for.next_try_in if waits_for else None,
                version=row.version,
                updated_at=row.updated_at,
            )
        )
    return shown


def _holdup(row: OwnWorklog, waits_for: Pending | None) -> str:
    """What keeps a worklog from reaching Jira, as long as it is on its way."""
    if row.state == WorklogState.PENDING and row.connection.health != Health.CONNECTED:
        return row.connection.reason
    return waits_for.error if waits_for else ""


def show_read(stands: ConnectionRead) -> ReadShape:
    """How a connection was read."""
    return ReadShape(
        connection_id=str(stands.connection.pk),
        complete=stands.is_complete,
        read_at=stands.read_at,
        reading=stands.is_reading,
        waiting_seconds=stands.waiting,
        problem=stands.problem,
        hint=stands.hint,
        zone_differs=stands.zone_differs,
    )


def show_hidden(found: OwnRange) -> list[HiddenShape]:
    """What of some days Jira no longer shows."""
    return [
        HiddenShape(
            connection_id=str(each.issue.connection_id),
            issue_id=each.issue.issue_id,
            issue_key=each.issue.key,
            issue_summary=each.issue.summary,
            issue_url=each.issue.url,
            since=each.issue.hidden_since,
            worklogs=len(each.worklogs),
            time_spent_seconds=each.seconds,
        )
        for each in found.hidden
        if each.issue.hidden_since is not None
    ]


def show_timer(timer: Timer) -> TimerShape:
    """The running timer."""
    return TimerShape(
        connection_id=str(timer.connection_id),
        issue_id=timer.issue.issue_id,
        issue_key=timer.issue.key,
        issue_summary=timer.issue.summary,
        issue_url=timer.issue.url,
        comment=timer.comment,
        started=timer.started_at,
    )


def show_stopped(stopped: Stopped, row: OwnWorklog, member: Member) -> StoppedShape:
    """What the timer became, as it is now."""
    (shown,) = show_own([row], member)
    return StoppedShape(
        **shown.model_dump(),
        measured_seconds=stopped.measured.total_seconds(),
        rounded_up=stopped.is_rounded,
    )
