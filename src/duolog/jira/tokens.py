"""The token that what we create in Jira is born with, so that a lost answer is found again."""

from __future__ import annotations

from typing import Final

from duolog.jira.wire import Comment, Issue, Json, JsonObject, Worklog

PROPERTY: Final = "duolog.link"
"""The entity property that carries our token, on issues, comments and worklogs alike."""


def marked(token: str) -> JsonObject:
    """The properties of something to be created."""
    return {PROPERTY: {"token": token}}


def token_of(issue: Issue) -> str | None:
    """The token written into an issue when we created it, if we did."""
    return _token_in(issue.properties.get(PROPERTY))


def comment_token(comment: Comment) -> str | None:
    """The token written into a comment when we created it, if it was read and we did."""
    return _token_in(comment.property_value(PROPERTY))


def worklog_token(worklog: Worklog) -> str | None:
    """The token written into a worklog when we created it, if it was read and we did."""
    return _token_in(worklog.property_value(PROPERTY))


def _token_in(value: Json) -> str | None:
    token = value.get("token") if isinstance(value, dict) else None
    return token if isinstance(token, str) else None
