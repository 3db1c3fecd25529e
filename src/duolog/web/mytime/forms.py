"""The form in which people log their time, and what stands in its fields.  Writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.http import QueryDict

from duolog.connections.models import Connection
from duolog.core.durations import UnreadableDuration, parse_minutes, render_seconds
from duolog.core.worklogs import begin_at, day_of, read_zone
from duolog.jira.client.worklogs import Adjusting, Estimate
from duolog.people.errors import Invalid, NotFound
from duolog.people.models import Member
from duolog.web.once import read_number, said_in
from duolog.web.seen import FIELDS, lines
from duolog.web.sync.team_frame import number_in
from duolog.worklogs.models import JiraIssue, OwnWorklog
from duolog.worklogs.own.habits import get_issue
from duolog.worklogs.own.queries import own_range
from duolog.worklogs.own.services import Act, How, SaidOtherwise
from duolog.worklogs.own.zones import zone_of

OPENS: Final = time(9)
"""When a day begins of which nothing is told."""

NAMED: Final = 3
"""How many worklogs a sentence names."""

ESTIMATES: Final[tuple[tuple[str, str], ...]] = (
    (Adjusting.AUTO.value, "Takes the time off by itself"),
    (Adjusting.LEAVE.value, "Stays as it is"),
    (Adjusting.NEW.value, "Is then…"),
    (Adjusting.MANUAL.value, "Is less by…"),
)
FIELD_OF: Final = {"seconds": "time_spent", "started": "day"}


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in the fields; `errors` are sentences by field.

    `already` says what was done when the form was first sent, where something else stands in it now.
    """

    issue: JiraIssue | None = None
    day: str = ""
    clock: str = ""
    time_spent: str = ""
    comment: str = ""
    estimate: str = Adjusting.AUTO.value
    estimate_value: str = ""
    notify: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    already: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """What stands in those that say what the worklog says."""
        return {name: getattr(self, name) for name in FIELDS}

    @property
    def status(self) -> int:
        """Of the answer that shows them."""
        if self.already:
            return 409
        return 422 if self.errors else 200


def given_of(worklog: OwnWorklog, zone: str) -> Given:
    """A worklog as the form shows it."""
    began = worklog.started_at.astimezone(read_zone(zone))
    return Given(
        issue=worklog.issue,
        day=began.date().isoformat(),
        clock=f"{began:%H:%M}",
        time_spent=render_seconds(worklog.seconds),
        comment=worklog.comment,
    )


def given_by(form: QueryDict, issue: JiraIssue | None, errors: Mapping[str, str]) -> Given:
    """What was typed and could not be stored."""
    return Given(
        issue=issue,
        day=form.get("day", ""),
        clock=form.get("clock", ""),
        time_spent=form.get("time_spent", ""),
        comment=form.get("comment", ""),
        estimate=form.get("estimate", Adjusting.AUTO.value),
        estimate_value=form.get("estimate_value", ""),
        notify=form.get("notify") == "yes",
        errors={FIELD_OF.get(name, name): sentence for name, sentence in errors.items()},
    )


def read_start(form: QueryDict, zone: str, *, fold: int = 0) -> datetime:
    """When it began, by the clocks of the zone.  Raises Invalid.

    `fold` says which one is meant of an hour that comes twice.
    """
    errors: dict[str, str] = {}
    day, clock = date.min, time.min
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError:
        errors["day"] = "Say on which day it was."
    try:
        clock = time.fromisoformat(form.get("clock", "")).replace(tzinfo=None, fold=fold)
    except ValueError:
        errors["clock"] = "Say when it began, such as 09:30."
    if errors:
        raise Invalid(errors)
    try:
        return begin_at(day, clock, read_zone(zone))
    except OverflowError:
        raise Invalid({"day": "There is no such day in your zone."}) from None


def read_how(form: QueryDict) -> How:
    """How the remaining estimate follows, and whether watchers get mail.  Raises Invalid."""
    wanted = form.get("estimate", Adjusting.AUTO.value)
    adjusting = Adjusting(wanted) if wanted in set(Adjusting) else Adjusting.AUTO
    minutes = None
    if adjusting in {Adjusting.NEW, Adjusting.MANUAL}:
        try:
            minutes = parse_minutes(form.get("estimate_value", ""))
        except UnreadableDuration as unreadable:
            raise Invalid({"estimate_value": str(unreadable)}) from unreadable
    notify = form.get("notify") == "yes"
    return How(Estimate(adjusting, minutes), notify=notify, act=act_in(form))


def act_in(form: QueryDict) -> Act:
    """The number of a form as it was opened, so that sent twice it is done once; else a new one."""
    return Act(read_number(form.get("act", "")) or uuid.uuid4(), said_in(form))


def told_already(other: SaidOtherwise, zone: str) -> str:
    """What came of a form when it was first sent, in words: FHP-418, 1h 30m on 2 March."""
    here = read_zone(zone)
    said = []
    for each in other.worklogs[:NAMED]:
        began = each.started_at.astimezone(here)
        lasting = render_seconds(each.seconds)
        said.append(f"{each.issue.key}, {lasting} on {began.day} {began:%B}")
    more = len(other.worklogs) - NAMED
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")


def read_changes(form: QueryDict, worklog: OwnWorklog, zone: str) -> dict[str, object]:
    """What was changed of a worklog; what stands as it was shown is not named at all."""
    shown = given_of(worklog, zone)
    changes: dict[str, object] = {}
    comment = lines(form.get("comment", ""))
    if comment != shown.comment:
        changes["comment"] = comment
    if form.get("time_spent", "").strip() != shown.time_spent:
        changes["seconds"] = form.get("time_spent", "")
    started = read_start(form, zone, fold=worklog.started_at.astimezone(read_zone(zone)).fold)
    if form.get("clock", "")[:5] != shown.clock:
        changes["started"] = started
    elif form.get("day", "") != shown.day:
        changes["day"] = form.get("day", "")
    return changes


def start_on(member: Member, day: date) -> datetime:
    """Where the next worklog of a day begins: at the end of the last one, else at nine."""
    zone = read_zone(zone_of(member))
    told = own_range(member, day, day).worklogs
    ends = [each.started_at + timedelta(seconds=each.seconds) for each in told]
    latest = max(ends, default=None)
    if latest is None or day_of(latest, zone) != day:
        return begin_at(day, OPENS, zone)
    return latest


def find_picked(member: Member, form: Mapping[str, str]) -> JiraIssue | None:
    """The issue that was picked, if one was."""
    try:
        return get_issue(member, number_in(form.get("issue", "")))
    except NotFound:
        return None


def must_be_picked(
    issue: JiraIssue | None, sentence: str, *, over: Connection | None = None
) -> JiraIssue:
    """The issue, picked, and known by the connection that is named.  Raises Invalid."""
    if issue is None:
        raise Invalid({"issue": sentence})
    if over is not None and issue.connection_id != over.pk:
        raise Invalid({"issue": f"Pick an issue of {over.label}."})
    return issue
