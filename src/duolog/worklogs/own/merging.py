"""What a reading told, taken into our database: nothing of ours under way is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from duolog.connections.models import Connection
from duolog.core.worklog_days import Days
from duolog.jira.dialect import DIALECTS
from duolog.jira.own_worklogs import Reading
from duolog.jira.texts import Texts, texts_for
from duolog.jira.wire import Worklog
from duolog.worklogs.models import JiraIssue, OwnWorklog, WorklogState
from duolog.worklogs.own.issues import TOLD_OF_ISSUE, issue_row
from duolog.worklogs.own.there import visibility_of

LAG: Final = timedelta(minutes=5)
"""For how long a search may not know yet what we wrote (jira.md 4.1: seconds to minutes)."""
LOOKED_FOR: Final = timedelta(days=1)
"""How long an issue that Jira does not show us is not asked for again by itself."""
_CHUNK: Final = 500
_TOLD: Final = (
    "issue", "started_at", "seconds", "comment", "body", "visibility", "updated_at", "deleted_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merge:
    """One reading of a connection's days, which began at `began`."""

    connection: Connection
    days: Days
    reading: Reading
    began: datetime


def doubtful(merge: Merge) -> tuple[str, ...]:
    """The issues about which the search contradicts what we know, so that it may be behind.

    A search that finds an issue no longer may not know yet of our worklog; one that tells too few
    worklogs, or one that we deleted, right after we wrote, likewise.
    """
    reading = merge.reading
    told = {each.id for own in reading.own.values() for each in own}
    found: dict[str, None] = {}
    for row in _rows(merge).select_related("issue"):
        issue = row.issue.issue_id
        if issue in reading.direct or _is_ours(row, merge) or not merge.days.hold(row.started_at):
            continue
        looked = row.issue.looked_for_at
        if looked is not None and looked > merge.began - LOOKED_FOR:
            continue
        is_recent = row.written_at is not None and row.written_at > merge.began - LAG
        is_told, is_live = row.jira_id in told, row.deleted_at is None
        has_vanished = is_live and issue not in reading.found
        if has_vanished or (is_recent and issue in reading.own and is_told != is_live):
            found[issue] = None
    return tuple(found)


def take_in(merge: Merge) -> None:
    """Have our rows say what Jira says; call it in the transaction that ends the reading."""
    told = {each.id: (issue, each) for issue, own in merge.reading.own.items() for each in own}
    issues = _take_in_issues(merge, {issue for issue, _ in told.values()})
    rows = list(_rows(merge).select_for_update())
    known = {row.jira_id: row for row in rows if row.jira_id}
    ours = {_likeness(row) for row in rows if _is_ours(row, merge)}
    texts = texts_for(DIALECTS[merge.connection.deployment].deployment)
    fresh, changed = [], []
    for jira_id, (issue, worklog) in told.items():
        values = _values(worklog, issues[issue], texts)
        row = known.get(jira_id)
        if row is None:
            made = OwnWorklog(connection=merge.connection, jira_id=jira_id, **values)
            if _likeness(made) not in ours:
                fresh.append(made)
        elif not _is_ours(row, merge) and _is_news(row, worklog, values):
            _set(row, values)
            changed.append(row)
    changed += _gone(merge, rows, told)
    _note_hidden(merge)
    _note_zone(merge)
    OwnWorklog.objects.bulk_create(fresh, batch_size=_CHUNK)
    OwnWorklog.objects.bulk_update(changed, (*_TOLD, "version"), batch_size=_CHUNK)


def _note_hidden(merge: Merge) -> None:
    """Keep which issues Jira does not show us, and that it shows others again."""
    rows, began = JiraIssue.objects.filter(connection=merge.connection), merge.began
    unseen = rows.filter(issue_id__in=merge.reading.unseen)
    unseen.update(hidden_since=Coalesce("hidden_since", Value(began)), looked_for_at=began)
    shown = rows.filter(issue_id__in=list(merge.reading.own))
    shown.exclude(looked_for_at=None).update(hidden_since=None, looked_for_at=None)


def _note_zone(merge: Merge) -> None:
    """Keep in which zone the account's profile is by now, as each worklog tells of its author."""
    own = (each for found in merge.reading.own.values() for each in found)
    told = next((each.author.time_zone for each in own if each.author is not None), None)
    if told:
        rows = Connection.objects.filter(pk=merge.connection.pk).exclude(time_zone=told)
        rows.update(time_zone=told)


def _gone(merge: Merge, rows: Iterable[OwnWorklog], told: Iterable[str]) -> Sequence[OwnWorklog]:
    """Rows of these days that their issue, read whole, no longer has."""
    there = set(told)
    whole = set(
        JiraIssue.objects.filter(
            connection=merge.connection, issue_id__in=list(merge.reading.own)
        ).values_list("pk", flat=True)
    )
    found = []
    for row in rows:
        is_shown = row.deleted_at is None and merge.days.hold(row.started_at)
        is_gone = row.jira_id not in there and row.issue_id in whole
        if is_shown and is_gone and not _is_ours(row, merge):
            _set(row, {"deleted_at": merge.began})
            found.append(row)
    return found


def _rows(merge: Merge) -> QuerySet[OwnWorklog]:
    """All that the reading may be about, deleted or not."""
    begin, end = merge.days.around
    told = [each.id for own in merge.reading.own.values() for each in own]
    within = Q(started_at__gte=begin, started_at__lt=end)
    return OwnWorklog.objects.filter(within | Q(jira_id__in=told), connection=merge.connection)


def _is_ours(row: OwnWorklog, merge: Merge) -> bool:
    """Whether a write of ours is under way, or was answered since the reading began."""
    was_written = row.written_at is not None and row.written_at >= merge.began
    return row.state != WorklogState.SAVED or was_written


def _is_news(row: OwnWorklog, worklog: Worklog, values: Mapping[str, object]) -> bool:
    """Whether it differs, and is no older view of it than we have."""
    if row.updated_at is not None and worklog.updated < row.updated_at:
        return False
    return any(_plain(getattr(row, name)) != _plain(it) for name, it in values.items())


def _plain(value: object) -> object:
    return value.pk if isinstance(value, JiraIssue) else value


def _likeness(row: OwnWorklog) -> tuple[int, datetime, int]:
    """By which a worklog that we may just have sent is known, before its id is (ruling 10)."""
    return row.issue_id, row.started_at, row.seconds


def _set(row: OwnWorklog, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1


def _values(worklog: Worklog, issue: JiraIssue, texts: Texts) -> dict[str, object]:
    return {
        "issue": issue,
        "started_at": worklog.started,
        "seconds": worklog.time_spent_seconds,
        "comment": texts.here(worklog.comment).strip(),
        "body": worklog.comment,
        "visibility": visibility_of(worklog),
        "updated_at": worklog.updated,
        "deleted_at": None,
    }


def _take_in_issues(merge: Merge, ids: Iterable[str]) -> Mapping[str, JiraIssue]:
    """The rows of these issues, by their ids, after what the reading told of all issues we hold."""
    mine = JiraIssue.objects.filter(connection=merge.connection)
    held = set(mine.values_list("issue_id", flat=True)) | set(ids)
    rows = [issue_row(merge.connection, each) for each in merge.reading.issues if each.id in held]
    JiraIssue.objects.bulk_create(
        rows,
        batch_size=_CHUNK,
        update_conflicts=True,
        unique_fields=["connection", "issue_id"],
        update_fields=TOLD_OF_ISSUE,
    )
    return {row.issue_id: row for row in mine.filter(issue_id__in=list(ids))}
