"""Logging, editing, deleting and moving one's own worklogs: each is stored, then sent to Jira.

What is refused here was never stored; what Jira refuses later is kept, as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from duolog.connections.queries import get_mine
from duolog.core.worklog_edits import edit_between
from duolog.core.worklogs import Spent, day_of, read_zone
from duolog.people.errors import Outdated, Stale
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.people.tokens import Clock
from duolog.worklogs.models import JiraIssue, OwnWorklog, WorklogState, WorklogWrite, WriteKind
from duolog.worklogs.own.acts import begin, done_before
from duolog.worklogs.own.intents import (
    How,
    Why,
    ask,
    before_of,
    failed_write,
    known_before,
    lock_own,
    must_be_saved,
    must_fit,
    open_writes,
    say,
    why_of,
)
from duolog.worklogs.own.issues import find_issue
from duolog.worklogs.own.queries import get_own_worklog, on_issue
from duolog.worklogs.own.retrying import drop, reopen
from duolog.worklogs.own.there import parse_kept, render_spent, same_text, spent_of
from duolog.worklogs.own.wishes import NewOwn, read_changes, read_new_own
from duolog.worklogs.own.zones import zone_of

_NOTHING: Final[Mapping[str, Any]] = {}
USUAL: Final = How()


class LoggedBeside(Outdated):
    """Where time was to be logged, other time stands than was known of."""


def log(
    member: Member,
    connection_id: int,
    issue: str,
    new: NewOwn,
    how: How = USUAL,
    *,
    beside: int | None = None,
) -> OwnWorklog:
    """Log time on any issue, named by key or id, over one of the member's own connections.

    Where `beside` is told, the member knows of so many worklogs on that issue and day: raises
    LoggedBeside where they are another number by now.
    """
    require(member, Right.LOG_TIME)
    if earlier := done_before(member, how.act):
        return earlier[0]
    spent = read_new_own(new)
    must_fit(WriteKind.CREATE, how.estimate)
    found = find_issue(get_mine(member, connection_id), issue)
    with transaction.atomic():
        if earlier := begin(member, how.act):
            return earlier[0]
        _must_be_beside(member, found, spent, beside)
        return ask_new(found, spent, how, why_of(how)).worklog


def _must_be_beside(member: Member, issue: JiraIssue, spent: Spent, known: int | None) -> None:
    """Raise LoggedBeside where others were logged there meanwhile; of two at once the later one waits."""
    if known is None:
        return
    JiraIssue.objects.select_for_update(of=("self",)).get(pk=issue.pk)
    day = day_of(spent.started, read_zone(zone_of(member)))
    if len(on_issue(member, issue, day)) != known:
        raise LoggedBeside("Time was logged on this issue and day meanwhile.")


def ask_new(
    issue: JiraIssue, spent: Spent, how: How, why: Why, exact: Mapping[str, Any] = _NOTHING
) -> WorklogWrite:
    """Store a new worklog; `exact` is what it says to the letter, or to whom it is restricted."""
    row = OwnWorklog(connection=issue.connection, issue=issue)
    say(row, spent)
    row.body, row.visibility = exact.get("body"), exact.get("visibility")
    row.save()
    return ask(row, WriteKind.CREATE, {**render_spent(spent), **exact}, {}, how, why)


@transaction.atomic
def edit(
    member: Member,
    worklog_id: int,
    changes: Mapping[str, object],
    how: How = USUAL,
    *,
    expected_version: int | None = None,
    expected: Spent | None = None,
) -> OwnWorklog:
    """Change what differs and send nothing else.  Fields: started, seconds, comment, day.

    Where the last save failed, this is another try with what is typed now.  Raises Stale where it
    does not say what is `expected`, or where even what is known of its way to Jira is another
    than in the `expected_version`.
    """
    row = lock_own(member, worklog_id)
    must_fit(WriteKind.EDIT, how.estimate)
    shown = spent_of(row)
    if expected_version not in (None, row.version) or not _is_as(expected, shown):
        raise Stale("This worklog was changed meanwhile.", version=row.version)
    wanted = read_changes(shown, changes, member)
    if same_text(shown.comment, wanted.comment):
        wanted = replace(wanted, comment=shown.comment)
    failed = failed_write(row)
    if failed is not None and failed.kind == WriteKind.CREATE:
        _create_otherwise(row, failed, wanted, how)
        return row
    if failed is not None:
        shown = known_before(failed) if failed.kind == WriteKind.EDIT else shown
        drop(failed)
    ask_edit(row, shown, wanted, how, Why())
    return row


def _is_as(expected: Spent | None, shown: Spent) -> bool:
    return expected is None or (
        replace(expected, comment="") == replace(shown, comment="")
        and same_text(expected.comment, shown.comment)
    )


def ask_edit(row: OwnWorklog, before: Spent, wanted: Spent, how: How, why: Why) -> None:
    """Store that a worklog, which said `before`, is to say something else."""
    parts = edit_between(before, wanted).parts
    say(row, wanted)
    if parts:
        said = {name: it for name, it in render_spent(wanted).items() if name in parts}
        ask(row, WriteKind.EDIT, said, {**before_of(row), **render_spent(before)}, how, why)
    elif not open_writes(row).exists():
        row.save()


def _create_otherwise(row: OwnWorklog, failed: WorklogWrite, wanted: Spent, how: How) -> None:
    """Try again to log what could not be, with what is typed now.

    What may have arrived is looked for by what it said, and edited then.
    """
    tried = parse_kept(failed.wanted)
    say(row, wanted)
    if failed.tried_at is None:
        kept = {
            k: v for k, v in failed.wanted.items() if k != "body" or row.comment == tried.comment
        }
        failed.wanted = {**kept, **render_spent(wanted)}
        reopen(failed, row)
        return
    reopen(failed, row)
    ask_edit(row, tried, wanted, how, Why())


@transaction.atomic
def delete(
    member: Member, worklog_id: int, how: How = USUAL, *, clock: Clock = timezone.now
) -> OwnWorklog:
    """Delete one's own; it is gone from sight at once, and comes back if Jira refuses."""
    row = lock_own(member, worklog_id)
    must_fit(WriteKind.DELETE, how.estimate)
    failed = failed_write(row)
    if failed is not None and failed.kind == WriteKind.CREATE and failed.tried_at is None:
        drop(failed)
        row.delete()
        row.state, row.problem, row.hint = WorklogState.SAVED, "", ""
        return row
    if failed is not None and failed.kind == WriteKind.CREATE:
        reopen(failed, row)
    elif failed is not None:
        say(row, known_before(failed))
        drop(failed)
    row.deleted_at = clock()
    ask(row, WriteKind.DELETE, {}, before_of(row), how, Why())
    return row


def move(member: Member, worklog_id: int, issue: str, how: How = USUAL) -> OwnWorklog:
    """Bring a worklog to another issue of the same site, with all that it says."""
    require(member, Right.LOG_TIME)
    must_fit(WriteKind.MOVE, how.estimate)
    target = find_issue(get_own_worklog(member, worklog_id).connection, issue)
    with transaction.atomic():
        row = lock_own(member, worklog_id)
        failed = failed_write(row)
        if failed is not None and failed.kind == WriteKind.CREATE and failed.tried_at is None:
            row.issue = target
            reopen(failed, row)
            return row
        must_be_saved(row)
        ask_move(row, target, how, Why())
        return row


def ask_move(row: OwnWorklog, target: JiraIssue, how: How, why: Why) -> None:
    """Store that a worklog is to be on another issue; it is shown there once it is."""
    earlier = open_writes(row).filter(kind=WriteKind.MOVE).last()
    place = earlier.wanted["issue"] if earlier else row.issue_id
    if place != target.pk:
        ask(row, WriteKind.MOVE, {"issue": target.pk}, before_of(row), how, why)
