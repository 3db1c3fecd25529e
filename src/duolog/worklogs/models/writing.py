"""What is to be written to people's own worklogs in Jira: stored before Jira is asked."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from duolog.worklogs.models.own import OwnWorklog


class WriteKind(models.TextChoices):
    """What is to become of a worklog."""

    CREATE = "create", "Log"
    EDIT = "edit", "Edit"
    DELETE = "delete", "Delete"
    MOVE = "move", "Move"


class WorklogWrite(models.Model):
    """One intention of a person, from before Jira is asked until it is known to be done.

    `wanted` holds what is to be said, by name, and only that; `before` what undoing it needs.
    `estimate` is how the remaining estimate follows, `notify` whether watchers get an e-mail.
    `tried_at` is set before the request leaves: what has it, but no `done_at`, may have arrived,
    and is looked for before it is sent again: on Cloud by `token`, which a new worklog is born
    with.  `progress` is what was learned on the way and what came of it.

    Writes of one `act`, such as a copied week, are undone together.  One that `waits_for` another
    is sent once that is done.
    """

    worklog = models.ForeignKey(OwnWorklog, on_delete=models.CASCADE, related_name="writes")
    kind = models.CharField(max_length=6, choices=WriteKind.choices)
    wanted = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    estimate = models.JSONField(default=dict)
    notify = models.BooleanField(default=False)
    undoes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="undone_by"
    )
    token = models.UUIDField(default=uuid.uuid4)
    act = models.UUIDField(default=uuid.uuid4, db_index=True)
    waits_for = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="awaited_by"
    )
    progress = models.JSONField(default=dict)
    asked_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    hint = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["worklog"],
                condition=models.Q(done_at=None, failed_at=None),
                name="worklog_writes_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.worklog_id}"


class IssueTurn(models.Model):
    """Whose turn it is to write worklogs of one issue of a site, whatever connection they use.

    Jira's sum of an issue is spoilt by two writers at once.  `holder` keeps its turn until it gives
    it back, or until `held_until`, by the clock of the database.
    """

    site = models.URLField()
    issue = models.CharField(max_length=40)
    holder = models.CharField(max_length=80, blank=True)
    held_until = models.FloatField(default=0.0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "issue"], name="one_turn_per_issue")
        ]

    def __str__(self) -> str:
        return f"{self.issue}: {self.holder}"
