"""Jira's own times as text that sorts: by them a state that was read is known again."""

from __future__ import annotations

from datetime import UTC, datetime

from duolog.jira.wire import Comment, Issue, Worklog


def stamp(thing: Issue | Comment | Worklog) -> str:
    """When Jira last changed it, in a form in which later sorts after earlier."""
    return stamp_of(thing.updated)


def stamp_of(instant: datetime) -> str:
    """An instant in UTC with milliseconds, which is all that Jira keeps."""
    utc = instant.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
