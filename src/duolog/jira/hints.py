"""What a delivery tells: where to look, and enough to know our own echo.  Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChildKind(StrEnum):
    """What belongs to an issue and is delivered on its own."""

    COMMENT = "comment"
    ATTACHMENT = "attachment"
    WORKLOG = "worklog"
    ISSUELINK = "issuelink"


@dataclass(frozen=True, slots=True)
class Child:
    """The part of an issue that changed.  `updated` is its own stamp, not the issue's."""

    kind: ChildKind
    id: str
    updated: datetime | None
    issue_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One entry of the changelog: `old` and `new` are ids where the field has ids."""

    name: str
    field_id: str | None
    old: str | None
    old_text: str | None
    new: str | None
    new_text: str | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: the account's id on Cloud, its key or login name on Server, if told."""

    account: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Hint:
    """A reason to look at an issue, at the issues a child belongs to, or at a project.

    `detail` refines the event in Jira's open set of words.  `updated` is when the issue was
    last changed as the delivery has it.  `linked` are the two ends of an issue link, the one
    told by the outward words first, and `link_type` is its kind.  Times are in UTC.
    """

    event: str
    detail: str
    at: datetime | None
    issue_id: str | None
    issue_key: str | None
    project_id: str | None
    project_key: str | None
    updated: datetime | None
    child: Child | None
    linked: tuple[str, ...]
    changes: tuple[ChangedField, ...]
    actor: Actor | None
    link_type: str | None = None
