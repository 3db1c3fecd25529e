"""What a Jira site consists of, as frozen values.  No rules, no I/O.

Every id is a string as on the wire.  Instants are aware UTC datetimes in whole milliseconds.
Rich text is an ADF document on Cloud (a JSON object that nobody changes in place), and on Server
the wiki text as it was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from jirasim.site.agile_fields import AGILE_ATTRIBUTES
from jirasim.site.grants import PermissionScheme
from jirasim.site.outside import RemoteLink
from jirasim.site.project_details import ProjectDetails
from jirasim.site.workflow import Screen, Workflow

Adf = Mapping[str, object]
RichText = Adf | str


class EmailShown(Enum):
    """How the e-mail address of a user appears to others (all five were recorded on Cloud)."""

    SHOWN = "shown"
    ABSENT = "absent"
    NULL = "null"
    EMPTY = "empty"
    QUESTION_MARK = "question_mark"


@dataclass(frozen=True, slots=True)
class User:
    """A person or an app.

    Everything else refers to a user by `account_id`, which only Cloud shows; Server shows the
    login `name`, which can be renamed, and the `key`, which cannot (jira.md 6.10).
    """

    account_id: str
    display_name: str
    email: str
    name: str = ""
    key: str = ""
    email_shown: EmailShown = EmailShown.SHOWN
    time_zone: str = "Etc/UTC"
    locale: str = "en_US"
    active: bool = True
    account_type: str = "atlassian"
    groups: frozenset[str] = frozenset()
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class StatusCategory:
    """One of Jira's four fixed categories; `id` is a number on the wire."""

    id: int
    key: str
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class Status:
    """A status.  `project_id` is set when only one (team-managed) project has it."""

    id: str
    name: str
    category: StatusCategory
    description: str = ""
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority; `rank` 0 is the most urgent."""

    id: str
    name: str
    rank: int
    description: str = ""
    color: str = "#999999"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Why an issue is over."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class IssueType:
    """A type.  `hierarchy_level`: 1 epic, 0 standard, -1 sub-task."""

    id: str
    name: str
    hierarchy_level: int = 0
    description: str = ""
    project_id: str | None = None

    @property
    def subtask(self) -> bool:
        """Whether issues of this type live inside another issue."""
        return self.hierarchy_level < 0


@dataclass(frozen=True, slots=True)
class Project:
    """A space.

    `members` says in which roles each account is, `group_roles` each group.  `scheme` None: the
    default one.
    """

    id: str
    key: str
    name: str
    lead: str
    workflow: Workflow
    issue_types: tuple[str, ...]
    screens: Mapping[str, Screen]
    members: Mapping[str, tuple[str, ...]]
    team_managed: bool = False
    description: str = ""
    group_roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scheme: PermissionScheme | None = None
    workflows: Mapping[str, Workflow] = field(default_factory=dict)
    details: ProjectDetails = field(default_factory=ProjectDetails)

    def workflow_of(self, type_id: str) -> Workflow:
        """The workflow of an issue type: its own, or the one of all others."""
        return self.workflows.get(type_id, self.workflow)

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that its issues can have."""
        flows = (self.workflow, *self.workflows.values())
        return tuple(dict.fromkeys(one for flow in flows for one in flow.statuses))

    @property
    def style(self) -> str:
        """Jira's word for who manages it: `next-gen` (team) or `classic` (company)."""
        return "next-gen" if self.team_managed else "classic"


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """One field of one change.  `field_id` is None where Jira names none."""

    field: str
    field_id: str | None
    from_id: str | None
    from_string: str | None
    to_id: str | None
    to_string: str | None
    fieldtype: str = "jira"


@dataclass(frozen=True, slots=True)
class History:
    """One entry of the changelog; `metadata` is what the caller said of it."""

    id: str
    author: str
    created: datetime
    items: tuple[ChangeItem, ...]
    metadata: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Visibility:
    """To whom a comment or worklog is restricted: `kind` role or group, `value` its name."""

    kind: str
    value: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Pin:
    """Who pinned a comment to the top, and when."""

    account_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment.  `author` wrote it, `update_author` edited it last."""

    id: str
    issue_id: str
    author: str
    update_author: str
    body: RichText
    created: datetime
    updated: datetime
    visibility: Visibility | None = None
    jsd_public: bool = True
    pin: Pin | None = None
    properties: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Worklog:
    """Time that `author` spent from `started` on; whole minutes in `seconds` (jira.md 5)."""

    id: str
    issue_id: str
    author: str
    update_author: str
    started: datetime
    seconds: int
    created: datetime
    updated: datetime
    comment: RichText | None = None
    visibility: Visibility | None = None
    properties: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file at an issue; `size` in bytes.  Its content is kept by the state, under `id`."""

    id: str
    issue_id: str
    filename: str
    author: str
    created: datetime
    size: int
    mime_type: str

    @property
    def is_picture(self) -> bool:
        """Whether it has a thumbnail."""
        return self.mime_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class LinkType:
    """A way to tie issues: *source `outward` target*, *target `inward` source*."""

    id: str
    name: str
    inward: str
    outward: str


@dataclass(frozen=True, slots=True)
class IssueLink:
    """A tie from one issue to another, both by id."""

    id: str
    type_id: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue with all that belongs to it.  Changed by `replace`, never in place.

    `parent_id` is the epic, too, which Server calls the epic link.  `sprints` are in the order in
    which the issue came into them, at most one of them not closed; `rank` sorts as text.
    Estimates are seconds, None where nobody estimated.
    """

    id: str
    key: str
    project_id: str
    type_id: str
    status_id: str
    summary: str
    creator: str
    created: datetime
    updated: datetime
    status_changed: datetime
    description: RichText | None = None
    environment: RichText | None = None
    priority_id: str | None = None
    assignee: str | None = None
    reporter: str | None = None
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    fix_versions: tuple[str, ...] = ()
    affected_versions: tuple[str, ...] = ()
    security_id: str | None = None
    due_date: date | None = None
    parent_id: str | None = None
    resolution_id: str | None = None
    resolved: datetime | None = None
    custom: Mapping[str, object] = field(default_factory=dict)
    properties: Mapping[str, object] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    history: tuple[History, ...] = ()
    original_estimate: int | None = None
    remaining_estimate: int | None = None
    worklogs: tuple[Worklog, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    remote_links: tuple[RemoteLink, ...] = ()
    watchers: tuple[str, ...] = ()
    voters: tuple[str, ...] = ()
    sprints: tuple[str, ...] = ()
    rank: str = ""
    archived: datetime | None = None
    archived_by: str | None = None

    @property
    def time_spent(self) -> int | None:
        """Seconds of all worklogs; None when there are none."""
        return sum(one.seconds for one in self.worklogs) if self.worklogs else None

    @property
    def number(self) -> int:
        """The numeric part of the key."""
        return int(self.key.rpartition("-")[2])

    def value(self, field_id: str) -> object:
        """The stored value of an editable field (ids, rich text, tuples; None when empty)."""
        if field_id in ATTRIBUTES:
            return getattr(self, ATTRIBUTES[field_id])
        return self.custom.get(field_id)

    def with_values(self, values: Mapping[str, object]) -> "Issue":
        """The same issue with these editable fields changed."""
        plain: dict[str, Any] = {
            ATTRIBUTES[name]: value for name, value in values.items() if name in ATTRIBUTES
        }
        custom = {name: value for name, value in values.items() if name not in ATTRIBUTES}
        return replace(self, custom={**self.custom, **custom}, **plain)


ATTRIBUTES: Mapping[str, str] = {
    "summary": "summary",
    "description": "description",
    "environment": "environment",
    "priority": "priority_id",
    "assignee": "assignee",
    "reporter": "reporter",
    "labels": "labels",
    "components": "components",
    "fixVersions": "fix_versions",
    "versions": "affected_versions",
    "security": "security_id",
    "duedate": "due_date",
    "parent": "parent_id",
    "resolution": "resolution_id",
    "issuetype": "type_id",
    "timeoriginalestimate": "original_estimate",
    "timeestimate": "remaining_estimate",
    **AGILE_ATTRIBUTES,
}
