"""What a replica may raise: each class says what the caller must do.

SyncError
├── Retryable      try again later, nothing is wrong with the request
│   └── AnswerLost the request may have been carried out: look before repeating
├── Refused        will fail again until a person changes something: hold
│   └── Unseen     not found: deleted, or merely hidden; look for evidence
├── Gone           the replica certainly no longer exists on that side
└── Disconnected   the credential no longer works: the connection stops until a person acts
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class Scope(StrEnum):
    """How much must wait after a `Retryable`.

    RUN: whatever else the same piece of work would ask for; others do not wait.
    """

    LINK = "link"
    RUN = "run"
    CONNECTION = "connection"


class SyncError(Exception):
    """Base of what a replica may raise.  Message and `hint` are shown to people as they stand."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Retryable(SyncError):
    """Try again later; nothing is wrong with the request."""

    def __init__(
        self,
        message: str,
        *,
        scope: Scope = Scope.LINK,
        retry_after: timedelta | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.scope = scope
        self.retry_after = retry_after


class AnswerLost(Retryable):
    """The request may have been carried out; whoever repeats it must look first."""


class Refused(SyncError):
    """Will fail again until a person changes something: hold the link.

    `fields` says what Jira objected to, by its name of the field, where it said so.
    """

    def __init__(
        self, message: str, *, fields: Mapping[str, str] | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.fields: Mapping[str, str] = dict(fields or {})


class Unseen(Refused):
    """Not found, which may mean deleted or merely hidden: hold, and look for evidence."""


class Gone(SyncError):
    """The replica certainly no longer exists on that side."""


class Disconnected(SyncError):
    """The credential no longer works; nothing is tried again with it until a person acts."""
