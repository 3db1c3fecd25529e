"""Issues: as read, as created, and as found by search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from duolog.core.errors import AnswerLost, Refused
from duolog.jira.wire.attachments import Attachment
from duolog.jira.wire.comments import EmbeddedComments
from duolog.jira.wire.links import IssueLink, IssueRef
from duolog.jira.wire.parse import Day, Id, Instant, Json, JsonObject, Many, Wire
from duolog.jira.wire.people import Author, User
from duolog.jira.wire.projects import IssueType, Priority, Project, Status
from duolog.jira.wire.worklogs import EmbeddedWorklogs


class Named(Wire):
    """A component or a version, as an issue holds it."""

    id: Id
    name: str


class TimeTracking(Wire):
    """The estimates of an issue; what nobody estimated is left out."""

    original_estimate_seconds: int | None = None
    remaining_estimate_seconds: int | None = None


class KnownFields(Wire):
    """The system fields we read, typed.

    None stands for both null and left out; `Issue.sent` tells them apart.
    """

    summary: str | None = None
    description: Json = None
    status: Status | None = None
    issue_type: IssueType | None = Field(alias="issuetype", default=None)
    project: Project | None = None
    priority: Priority | None = None
    assignee: User | None = None
    reporter: User | None = None
    creator: Author = None
    labels: Many[str] | None = None
    due: Day | None = Field(alias="duedate", default=None)
    parent: IssueRef | None = None
    components: Many[Named] | None = None
    fix_versions: Many[Named] | None = None
    time_tracking: TimeTracking | None = Field(alias="timetracking", default=None)
    links: Many[IssueLink] | None = Field(alias="issuelinks", default=None)
    comment: EmbeddedComments | None = None
    attachment: Many[Attachment] | None = None
    worklog: EmbeddedWorklogs | None = None
    created: Instant | None = None
    updated: Instant | None = None


class HistoryChange(Wire):
    """One changed field; `old` is an id where the field has ids."""

    field: str
    old: Id | None = Field(alias="from", default=None)


class History(Wire):
    """What was changed at once.  Ids grow with time."""

    id: Id
    items: Many[HistoryChange] = ()


class Changelog(Wire):
    """The history of an issue: Server's whole, of Cloud's the latest (jira.md 6.5)."""

    total: int
    histories: Many[History]


class Issue(Wire):
    """An issue.  `id` stays for ever; `key` changes with a move or a renamed project."""

    id: Id
    key: str = ""
    fields: JsonObject = Field(default_factory=dict)
    known: KnownFields = Field(alias="fields", default=KnownFields())
    properties: JsonObject = Field(default_factory=dict)
    changelog: Changelog | None = None

    def sent(self, field: str) -> bool:
        """Whether Jira sent this field at all: one not sent must never read as empty."""
        return field in self.fields

    @property
    def updated(self) -> datetime:
        """When Jira last changed it, in UTC.  Raises Refused if the field was not read."""
        if self.known.updated is None:
            raise Refused(f"Jira left out when issue {self.id} was updated.")
        return self.known.updated

    @property
    def born_in(self) -> str | None:
        """The id of its first status; None where status or history were not read, or not whole."""
        log, status = self.changelog, self.known.status
        if log is None or status is None or len(log.histories) < log.total:
            return None
        oldest_first = sorted(log.histories, key=lambda history: int(history.id))
        changes = (change for history in oldest_first for change in history.items)
        return next((it.old for it in changes if it.field == "status"), status.id)


class SearchPage(Wire):
    """One page of a search.  Its length means nothing; only Server tells the total."""

    issues: Many[Issue]
    next_page_token: str | None = None
    is_last: bool | None = None
    warnings: Many[JsonObject] = ()
    total: int | None = None


class OffsetPage(Wire):
    """One page of a search of Server's, by its place among all that was found."""

    issues: Many[Issue]
    start_at: int
    total: int


class ApproximateCount(Wire):
    """About how many issues a query finds."""

    count: int


class IssueReadError(Wire):
    """An issue that exists but could not be sent this time."""

    id: Id
    error_message: str = ""


class BulkIssues(Wire):
    """Jira's answer to a bulk fetch, before it is compared with what was asked."""

    issues: Many[Issue]
    issue_errors: Many[IssueReadError] = ()


class ElementErrors(Wire):
    """Jira's usual shape of refusal: sentences, and sentences by field."""

    error_messages: Many[str] = ()
    errors: Mapping[str, str] = Field(default_factory=dict)


class NestedAnswer(Wire):
    """How something that rode along with a create went, such as its first transition."""

    status: int
    error_collection: ElementErrors | None = None


class CreatedIssue(Wire):
    """An issue that now exists."""

    id: Id
    key: str
    transition: NestedAnswer | None = None

    @property
    def transition_refused(self) -> bool:
        """Whether the first transition asked for with it did not happen."""
        return self.transition is not None and self.transition.status >= 400


class BulkCreateError(Wire):
    """Why one issue of a bulk create was refused, by its place in the request."""

    failed_element_number: int
    status: int = 400
    element_errors: ElementErrors = ElementErrors()


class BulkCreateAnswer(Wire):
    """Jira's answer to a bulk create: the created in order, the refused by place."""

    issues: Many[CreatedIssue] = ()
    errors: Many[BulkCreateError] = ()

    def by_place(self, count: int) -> tuple[CreatedIssue | BulkCreateError, ...]:
        """One outcome for each of `count` issues sent.

        Raises AnswerLost when the numbers do not add up: then nobody can say which exist.
        """
        refused = {error.failed_element_number: error for error in self.errors}
        fits = all(0 <= place < count for place in refused)
        if not fits or len(refused) + len(self.issues) != count:
            raise AnswerLost(
                f"Jira answered for {len(refused) + len(self.issues)} of {count} new issues.",
                hint="We look for the issues before creating any again.",
            )
        created = iter(self.issues)
        return tuple(refused.get(place) or next(created) for place in range(count))
