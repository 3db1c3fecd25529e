"""What happened on the site, for webhooks and pages.  Says nothing about delivery."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jirasim.site.model import Attachment, Comment, History, Issue, IssueLink, Worklog

ISSUE_CREATED = "jira:issue_created"
ISSUE_UPDATED = "jira:issue_updated"
ISSUE_DELETED = "jira:issue_deleted"
COMMENT_CREATED = "comment_created"
COMMENT_UPDATED = "comment_updated"
COMMENT_DELETED = "comment_deleted"
WORKLOG_CREATED = "worklog_created"
WORKLOG_UPDATED = "worklog_updated"
WORKLOG_DELETED = "worklog_deleted"
LINK_CREATED = "issuelink_created"
LINK_DELETED = "issuelink_deleted"
ATTACHMENT_CREATED = "attachment_created"
ATTACHMENT_DELETED = "attachment_deleted"
PROPERTY_SET = "issue_property_set"
PROPERTY_DELETED = "issue_property_deleted"
PROJECT_CREATED = "project_created"
PROJECT_UPDATED = "project_updated"
PROJECT_DELETED = "project_deleted"
VERSION_CREATED = "jira:version_created"
VERSION_UPDATED = "jira:version_updated"
VERSION_DELETED = "jira:version_deleted"
VERSION_MOVED = "jira:version_moved"
VERSION_RELEASED = "jira:version_released"
VERSION_UNRELEASED = "jira:version_unreleased"
SPRINT_CREATED = "sprint_created"
SPRINT_UPDATED = "sprint_updated"
SPRINT_DELETED = "sprint_deleted"
SPRINT_STARTED = "sprint_started"
SPRINT_CLOSED = "sprint_closed"
BOARD_CREATED = "board_created"
BOARD_UPDATED = "board_updated"
BOARD_DELETED = "board_deleted"
BOARD_CONFIGURED = "board_configuration_changed"
USER_CREATED = "user_created"
USER_UPDATED = "user_updated"
USER_DELETED = "user_deleted"
ISSUE_TYPE_CREATED = "issuetype_created"
ISSUE_TYPE_UPDATED = "issuetype_updated"
ISSUE_TYPE_DELETED = "issuetype_deleted"


@dataclass(frozen=True, slots=True)
class Event:
    """One change, with the issue as it was just after it (before it, for a deletion).

    `kind` is Jira's webhook event name; `type_name` its `issue_event_type_name`, or None.
    A link's event has the issue that it comes from, or the one that was deleted.
    Where no issue is concerned, `subject` is what is: a project, version, sprint, board, user …;
    `extra` is what the body of a webhook says besides, such as `mergedTo` of a deleted version.
    `cascade` marks a child removed because its issue was deleted (a Secondary delivery).
    `bulk_mail` says whether the bulk change that this is part of sends mail; None: not part of one.
    """

    kind: str
    at: datetime
    actor: str
    issue: Issue | None = None
    type_name: str | None = None
    changelog: History | None = None
    comment: Comment | None = None
    worklog: Worklog | None = None
    link: IssueLink | None = None
    attachment: Attachment | None = None
    property_key: str | None = None
    property_value: object = None
    subject: object = None
    extra: Mapping[str, object] = field(default_factory=dict)
    cascade: bool = False
    bulk_mail: bool | None = None

    @property
    def timestamp(self) -> int:
        """Epoch milliseconds, as webhook bodies carry it."""
        return round(self.at.timestamp() * 1000)


Listener = Callable[[Event], None]
