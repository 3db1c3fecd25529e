"""One worklog made two, and whole days or weeks made again: acts of several writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from duolog.connections.queries import get_mine
from duolog.core.worklog_edits import days_later, monday_of, split_in_two
from duolog.core.worklogs import NotWhole, Spent, read_zone
from duolog.people.errors import Invalid, Outdated
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.worklogs.changes import TOO_FAR, is_too_far, read_edits
from duolog.worklogs.models import OwnWorklog, WorklogState, WriteKind
from duolog.worklogs.own.acts import begin, done_before
from duolog.worklogs.own.habits import Due
from duolog.worklogs.own.intents import (
    How,
    Why,
    lock_own,
    must_be_saved,
    must_fit,
    why_of,
)
from duolog.worklogs.own.issues import find_issue
from duolog.worklogs.own.queries import get_own_worklog, own_range
from duolog.worklogs.own.there import spent_of
from duolog.worklogs.own.writing import USUAL, ask_edit, ask_new
from duolog.worklogs.own.zones import zone_of

WEEK = timedelta(days=6)
NOT_WHOLE = "These days are not read whole yet: have them read again, then copy them."
NOTHING_THERE = "There is nothing to copy on these days."
ALL_THERE = "All of it is logged there already."


def split(
    member: Member,
    worklog_id: int,
    seconds: int | str,
    *,
    issue: str = "",
    comment: str | None = None,
    how: How = USUAL,
) -> tuple[OwnWorklog, ...]:
    """Take some of a worklog's time for another, which follows on it, maybe on another issue.

    The other is made first, and the first shortened once it is there: nothing is lost on the way.
    """
    must_fit(WriteKind.MOVE, how.estimate)
    if earlier := done_before(member, how.act):
        return tuple(reversed(earlier))
    asked: dict[str, object] = {"seconds": seconds}
    values = read_edits(None, asked if comment is None else {**asked, "comment": comment})
    seen = get_own_worklog(member, worklog_id)
    target = find_issue(seen.connection, issue) if issue else seen.issue
    with transaction.atomic():
        if earlier := begin(member, how.act):
            return tuple(reversed(earlier))
        row = lock_own(member, worklog_id)
        must_be_saved(row)
        held = spent_of(row)
        try:
            first, second = split_in_two(held, values["seconds"])
        except NotWhole as wrong:
            raise Invalid({"seconds": str(wrong)}) from wrong
        why = why_of(how)
        exact: dict[str, Any] = {"visibility": row.visibility}
        if comment is not None:
            second = replace(second, comment=values["comment"])
        elif row.state == WorklogState.SAVED:
            exact["body"] = row.body
        made = ask_new(target, second, how, why, exact)
        ask_edit(row, held, first, how, Why(act=why.act, waits_for=made))
        return row, made.worklog


def copy_day(
    member: Member,
    day: date,
    to: date,
    connection_id: int | None = None,
    how: How = USUAL,
) -> tuple[OwnWorklog, ...]:
    """Log again on another day what was logged on one, at the same times of the day.

    What is there already, such as of an earlier copy, is not logged again.
    """
    _must_be_near(day, to)
    return _copy(member, (day, day), (to - day).days, connection_id, how)


def copy_week(
    member: Member,
    week_of: date,
    to: date,
    connection_id: int | None = None,
    how: How = USUAL,
) -> tuple[OwnWorklog, ...]:
    """Log again in another week what was logged in one, each on its weekday, but what is there."""
    _must_be_near(week_of, to)
    first, other = monday_of(week_of), monday_of(to)
    return _copy(member, (first, first + WEEK), (other - first).days, connection_id, how)


def _must_be_near(day: date, to: date) -> None:
    wrong = {name: TOO_FAR for name, it in (("day", day), ("to", to)) if is_too_far(it)}
    if wrong:
        raise Invalid(wrong)


def log_due(member: Member, due: Iterable[Due], how: How = USUAL) -> tuple[OwnWorklog, ...]:
    """Log what templates say for days on which they are not logged yet."""
    require(member, Right.LOG_TIME)
    zone, why = read_zone(zone_of(member)), why_of(how)
    with transaction.atomic():
        return begin(member, how.act) or tuple(
            ask_new(each.template.issue, each.spent(zone), how, why).worklog for each in due
        )


def _copy(
    member: Member, days: tuple[date, date], later: int, connection_id: int | None, how: How
) -> tuple[OwnWorklog, ...]:
    require(member, Right.LOG_TIME)
    if earlier := done_before(member, how.act):
        return earlier
    if not later:
        raise Invalid({"to": "Name other days to copy to."})
    over = None if connection_id is None else get_mine(member, connection_id)
    found = own_range(member, *days, over)
    if not found.is_complete:
        raise Outdated(NOT_WHOLE)
    held = [row for row in found.worklogs if row.state == WorklogState.SAVED]
    if not held:
        raise Outdated(NOTHING_THERE)
    zone, why = read_zone(zone_of(member)), why_of(how)
    with transaction.atomic():
        if earlier := begin(member, how.act):
            return earlier
        wanted = ((row, days_later(spent_of(row), later, zone)) for row in held)
        first, last = (day + timedelta(days=later) for day in days)
        missing = list(_missing(wanted, own_range(member, first, last, over).worklogs))
        if not missing:
            raise Outdated(ALL_THERE)
        return tuple(_again(row, spent, why) for row, spent in missing)


def _missing(
    wanted: Iterable[tuple[OwnWorklog, Spent]], there: Iterable[OwnWorklog]
) -> Iterator[tuple[OwnWorklog, Spent]]:
    """What is not there yet on the same issue, from the same moment on, under the same words."""
    present = Counter(_name(row, spent_of(row)) for row in there)
    for row, spent in wanted:
        name = _name(row, spent)
        if present[name]:
            present[name] -= 1
        else:
            yield row, spent


def _name(row: OwnWorklog, spent: Spent) -> tuple[int, datetime, str]:
    return row.issue_id, spent.started, spent.comment


def _again(row: OwnWorklog, spent: Spent, why: Why) -> OwnWorklog:
    """The same on another day; seconds beyond whole minutes Jira no longer takes."""
    exact = {"body": row.body, "visibility": row.visibility}
    return ask_new(row.issue, spent, USUAL, why, exact).worklog
