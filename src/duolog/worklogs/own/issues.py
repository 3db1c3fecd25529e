"""Which issue a person means by a key or an id, over one of their own connections."""

from __future__ import annotations

from typing import Final

from duolog.connections.gate import GATE
from duolog.connections.models import Connection
from duolog.connections.services import client_for, note_disconnected
from duolog.core.errors import Disconnected, Refused, Unseen
from duolog.jira.wire import Issue
from duolog.people.errors import Invalid
from duolog.worklogs.models import JiraIssue

FIELDS: Final = ("summary", "issuetype", "project", "timetracking", "updated")
TOLD_OF_ISSUE: Final = (
    "key", "summary", "type_name", "project_id", "project_key", "project_name",
    "estimate_seconds", "remaining_seconds", "updated_at", "hidden_since",
)  # fmt: skip
NO_ISSUE: Final = "Name an issue by its key, such as FHP-418."


def find_issue(connection: Connection, said: str) -> JiraIssue:
    """The issue with this key or id; Jira is asked where we never saw it.

    Raises Invalid where there is none for this account, SyncError or GateFull where Jira cannot be asked.
    """
    name = said.strip()
    if not name or len(name) > 80 or "/" in name:
        raise Invalid({"issue": NO_ISSUE})
    return _known(connection, name) or _asked(connection, name)


def _known(connection: Connection, name: str) -> JiraIssue | None:
    rows = JiraIssue.objects.filter(connection=connection).select_related("connection")
    return rows.filter(issue_id=name).first() or rows.filter(key=name.upper()).first()


def _asked(connection: Connection, name: str) -> JiraIssue:
    try:
        with GATE.passed():
            issue = client_for(connection).issues.get(name, fields=FIELDS)
    except Unseen as error:
        raise Invalid(
            {"issue": f"{connection.label} shows no issue {name} to {connection.account_name}."}
        ) from error
    except Refused as error:
        raise Invalid({"issue": f"{error} {error.hint}".strip()}) from error
    except Disconnected as error:
        note_disconnected(connection.lane, error)
        raise
    return keep_issue(connection, issue)


def keep_issue(connection: Connection, issue: Issue) -> JiraIssue:
    """What is shown of an issue, as Jira just told it."""
    fresh = issue_row(connection, issue)
    kept, _ = JiraIssue.objects.update_or_create(
        connection=connection,
        issue_id=issue.id,
        defaults={name: getattr(fresh, name) for name in TOLD_OF_ISSUE},
    )
    return kept


def issue_row(connection: Connection, issue: Issue) -> JiraIssue:
    """An issue as a row, not stored yet."""
    known, tracking = issue.known, issue.known.time_tracking
    return JiraIssue(
        connection=connection,
        issue_id=issue.id,
        key=issue.key,
        summary=known.summary or "",
        type_name=known.issue_type.name if known.issue_type else "",
        project_id=known.project.id if known.project else "",
        project_key=known.project.key if known.project else "",
        project_name=known.project.name if known.project else "",
        estimate_seconds=tracking.original_estimate_seconds if tracking else None,
        remaining_seconds=tracking.remaining_estimate_seconds if tracking else None,
        updated_at=known.updated,
    )
