"""Previews: every create and update a binding would make, before it makes any."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from duolog.people.models import Member
from duolog.sync.models.bindings import Binding
from duolog.sync.models.links import Link
from duolog.workplace.models import WorkItem


class PreviewState(models.TextChoices):
    """How far a preview is."""

    MAKING = "making", "Looking at both sides"
    READY = "ready", "Waiting for approval"
    RUNNING = "running", "Carrying out what was approved"
    DONE = "done", "Done"
    DROPPED = "dropped", "Replaced by a newer one"


class Preview(models.Model):
    """One look at all that a binding would do.

    `rules` is a digest of the binding's rules and tables as they were: under others, all of it
    would have to be made again.
    """

    binding = models.ForeignKey(Binding, on_delete=models.CASCADE, related_name="previews")
    state = models.CharField(
        max_length=8, choices=PreviewState.choices, default=PreviewState.MAKING
    )
    rules = models.CharField(max_length=64)
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["binding"],
                condition=models.Q(state__in=["making", "ready", "running"]),
                name="one_open_preview_per_binding",
            )
        ]

    def __str__(self) -> str:
        return f"preview of {self.binding}"


class Act(models.TextChoices):
    """What would be done."""

    CREATE_ISSUE = "create_issue", "Make an issue in Jira"
    CREATE_ITEM = "create_item", "Make a work item here"
    UPDATE = "update", "Bring both in step"


class EntryState(models.TextChoices):
    """What became of an entry: an open one runs when all are approved, one set aside does not."""

    OPEN = "open", "Open"
    ASIDE = "aside", "Set aside"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Not approved"
    DONE = "done", "Done"
    LEFT_OUT = "left_out", "Left out"


class PreviewEntry(models.Model):
    """What would be done to one item, one issue, or both.

    `changes` lists the writes as [side, kind, key, before, after].  `facts` is a digest of what
    they rest on: an entry whose facts have moved is never carried out.  `why` says what moved.
    """

    preview = models.ForeignKey(Preview, on_delete=models.CASCADE, related_name="entries")
    act = models.CharField(max_length=12, choices=Act.choices)
    state = models.CharField(max_length=8, choices=EntryState.choices, default=EntryState.OPEN)
    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, null=True, related_name="+")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, null=True, related_name="+")
    issue_id = models.CharField(max_length=40, blank=True)
    issue_key = models.CharField(max_length=60, blank=True)
    title = models.TextField(blank=True)
    changes: models.JSONField = models.JSONField(default=list)
    facts = models.CharField(max_length=64)
    why = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "preview entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["preview", "work_item"], name="an_item_previewed_once"),
            models.UniqueConstraint(
                fields=["preview", "issue_id"],
                condition=~models.Q(issue_id=""),
                name="an_issue_previewed_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["preview", "state", "id"], name="entries_by_state")
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.title}"
