"""People's own worklogs in Jira as we last saw them, their issues, and which days were read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.connections.models import Connection


class JiraIssue(models.Model):
    """What a worklog shows of its issue.  `issue_id` stays; the key changes with a move.

    Seconds are None where nobody estimated.  `updated_at` is Jira's word of when the issue changed
    last; while it stands, all its worklogs do.

    `hidden_since` is when Jira no longer showed it to this account: deleted there, or out of its
    sight, which Jira does not tell apart.  `looked_for_at` is when it was last asked for by itself.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    issue_id = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    summary = models.TextField(blank=True)
    type_name = models.CharField(max_length=120, blank=True)
    project_id = models.CharField(max_length=40, blank=True)
    project_key = models.CharField(max_length=80, blank=True)
    project_name = models.CharField(max_length=200, blank=True)
    estimate_seconds = models.PositiveIntegerField(null=True, blank=True)
    remaining_seconds = models.PositiveIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)
    hidden_since = models.DateTimeField(null=True, blank=True)
    looked_for_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "issue_id"], name="one_row_per_issue")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def url(self) -> str:
        """Where people open it in Jira."""
        return f"{self.connection.base_url.rstrip('/')}/browse/{self.key}"


class WorklogState(models.TextChoices):
    """Whether Jira has what is shown."""

    SAVED = "saved", "Saved in Jira"
    PENDING = "pending", "On its way to Jira"
    FAILED = "failed", "Not saved"


class OwnWorklog(models.Model):
    """A person's worklog in Jira, over their own connection.

    `jira_id` is empty until Jira has it.  `comment` is Markdown, read from `body`: what Jira keeps,
    a document on Cloud, text on Server; `visibility` says to whom it is restricted, if it is, and
    goes along wherever the worklog is copied.  `updated_at` is Jira's.  While a write of ours is pending
    or failed, the row shows what was wanted, and reading leaves it alone; `problem` and `hint` then
    say why it failed and what to do.  `written_at` is when a write of ours was last answered: what
    a search began before that says of the worklog is no news.  A deleted one keeps its row.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    issue = models.ForeignKey(JiraIssue, on_delete=models.CASCADE, related_name="worklogs")
    jira_id = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    comment = models.TextField(blank=True)
    body = models.JSONField(null=True, blank=True)
    visibility = models.JSONField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=WorklogState.choices, default=WorklogState.SAVED)
    problem = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["started_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "jira_id"],
                condition=~models.Q(jira_id=""),
                name="one_row_per_jira_worklog",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["connection", "started_at"], name="own_worklogs_by_time")
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s on {self.issue_id}"


class ReadRange(models.Model):
    """Days of a connection that a person asked to see, and when they were last read whole.

    Days are those of `zone`.  `read_at` is when the last complete reading began, empty until there
    was one; `problem` and `hint` are of the last that was not.  `asked_at` later than
    `tried_at`: it is to be read again.  `before` holds what the reading told that the next
    one may rely on (`own.remembering`), so that nothing is read again without need.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    first = models.DateField()
    last = models.DateField()
    zone = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "first", "last", "zone"], name="one_row_per_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    @property
    def is_complete(self) -> bool:
        """Whether these days were ever read whole."""
        return self.read_at is not None
