"""The time of an item as its page shows it, and what people enter to log more.  No queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from django.http import QueryDict

from duolog.core.durations import render_seconds
from duolog.core.worklogs import UnknownZone, begin_at, move_to_day, read_zone
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.shown.standing import Standing
from duolog.web.seen import FIELDS, lines
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.models import Worklog
from duolog.worklogs.queries import TimeSpent
from duolog.workplace.models import WorkItem

SHOWN: Final = 8
"""Entries of an item that are shown at once; older ones are unfolded."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as this member sees it."""

    worklog: Worklog
    lasted: str
    standing: Standing | None
    may_edit: bool
    may_delete: bool


@dataclass(frozen=True, slots=True)
class Times:
    """The entries of an item, the latest first, beside its plan.

    `within` and `over` are the shares of the bar in percent: what was planned, and what exceeds it.
    """

    plan: TimeSpent
    latest: tuple[Entry, ...]
    earlier: tuple[Entry, ...]
    within: int
    over: int


def times_of(
    item: WorkItem,
    worklogs: Iterable[Worklog],
    plan: TimeSpent,
    standing: Mapping[int, Standing],
    member: Member,
) -> Times:
    """The time of the item as this member sees it."""
    moderates = holds(member, Right.MODERATE, team=item.team)
    logs = holds(member, Right.LOG_TIME, team=item.team)
    entries = tuple(
        Entry(
            worklog=each,
            lasted=render_seconds(each.seconds),
            standing=standing.get(each.pk),
            may_edit=logs and each.member_id == member.pk,
            may_delete=moderates or (logs and each.member_id == member.pk),
        )
        for each in sorted(worklogs, key=lambda each: (each.started_at, each.pk), reverse=True)
    )
    within, over = _shares(plan)
    return Times(plan, entries[:SHOWN], entries[SHOWN:], within, over)


def _shares(plan: TimeSpent) -> tuple[int, int]:
    if not plan.estimate:
        return 0, 0
    if not plan.over:
        return round(100 * plan.spent / plan.estimate), 0
    within = round(100 * plan.estimate / plan.spent)
    return within, 100 - within


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in the fields of the form; `errors` are sentences by field.

    `over` is the connection by which it goes to Jira as one's own; `already` says what was logged
    when the form was first sent, where something else stands in it now.
    """

    time_spent: str = ""
    day: str = ""
    clock: str = ""
    comment: str = ""
    zone: str = ""
    over: str = ""
    already: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, str]:
        """What stands in those that say what the entry says."""
        return {name: getattr(self, name) for name in FIELDS}


def given_by(form: QueryDict, errors: Mapping[str, str]) -> Given:
    """What was entered and could not be stored."""
    names = {"seconds": "time_spent", "started": "day"}
    return Given(
        time_spent=form.get("time_spent", ""),
        day=form.get("day", ""),
        clock=form.get("clock", ""),
        comment=form.get("comment", ""),
        zone=form.get("zone", ""),
        errors={names.get(name, name): sentence for name, sentence in errors.items()},
    )


def given_of(worklog: Worklog) -> Given:
    """An entry as the form shows it."""
    began = worklog.began_at
    return Given(
        time_spent=render_seconds(worklog.seconds),
        day=began.date().isoformat(),
        clock=f"{began:%H:%M}",
        comment=worklog.comment,
        zone=worklog.zone,
    )


def read_new(form: QueryDict) -> NewWorklog:
    """The entry that was entered.  Raises Invalid."""
    zone = form.get("zone", "") or "UTC"
    day, clock = _moment(form)
    return NewWorklog(
        started=_begin(day, clock, zone),
        seconds=form.get("time_spent", ""),
        comment=lines(form.get("comment", "")),
        zone=zone,
    )


def read_changes(form: QueryDict, worklog: Worklog) -> dict[str, object]:
    """What was changed of an entry; what stands as it was shown is kept to the second."""
    shown = given_of(worklog)
    day, clock = _moment(form)
    changes: dict[str, object] = {"comment": lines(form.get("comment", ""))}
    if form.get("time_spent", "").strip() != shown.time_spent:
        changes["seconds"] = form.get("time_spent", "")
    if f"{clock:%H:%M}" != shown.clock:
        changes["started"] = _begin(day, clock, worklog.zone)
    elif day.isoformat() != shown.day:
        changes["started"] = move_to_day(worklog.started_at, day, read_zone(worklog.zone))
    return changes


def _moment(form: QueryDict) -> tuple[date, time]:
    errors = {}
    day, clock = date.min, time.min
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError:
        errors["day"] = "Say on which day it was."
    try:
        clock = time.fromisoformat(form.get("clock", ""))
    except ValueError:
        errors["clock"] = "Say when it began, such as 09:30."
    if errors:
        raise Invalid(errors)
    return day, clock


def _begin(day: date, clock: time, zone: str) -> datetime:
    try:
        return begin_at(day, clock.replace(tzinfo=None), read_zone(zone))
    except UnknownZone as unknown:
        raise Invalid({"day": str(unknown)}) from unknown
    except OverflowError:
        raise Invalid({"day": "There is no such day in that zone."}) from None
