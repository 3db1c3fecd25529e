"""What happened on the site, for webhooks and pages.  Says nothing about delivery."""

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Event:
    """One change, with the issue as it was just after it (before it, for a deletion).

    `kind` is Jira's webhook event name; `type_name` its `issue_event_type_name`, or None.
    A link's event has the issue that it comes from, or the one that was deleted.
    `cascade` marks a child removed because its issue was deleted (a Secondary delivery).
    """

    kind: str
    at: datetime
    actor: str
    issue: Issue
    type_name: str | None = None
    changelog: History | None = None
    comment: Comment | None = None
    worklog: Worklog | None = None
    link: IssueLink | None = None
    attachment: Attachment | None = None
    property_key: str | None = None
    property_value: object = None
    cascade: bool = False

    @property
    def timestamp(self) -> int:
        """Epoch milliseconds, as webhook bodies carry it."""
        return round(self.at.timestamp() * 1000)


Listener = Callable[[Event], None]
