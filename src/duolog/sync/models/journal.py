"""What the sync wrote, what it could not decide, and what it was refused."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from duolog.people.models import Member
from duolog.sync.models.bindings import Binding, Run
from duolog.sync.models.links import Link


class JournalEntry(models.Model):
    """One write the sync made, on either side, with before and after.

    `cause` says why: an edit on the other side, a run, a policy, an undo.  An entry that was
    undone names when and by whom; the one that undid it names it in `undoes`.
    """

    binding = models.ForeignKey(Binding, on_delete=models.CASCADE, related_name="journal")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, null=True, related_name="journal")
    side = models.CharField(max_length=6)  # the side that was written
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=255)
    before: models.JSONField = models.JSONField(null=True)
    after: models.JSONField = models.JSONField(null=True)
    verb = models.CharField(max_length=12, default="wrote")  # or created, deleted, ended …
    actor = models.CharField(max_length=160, blank=True)
    cause = models.CharField(max_length=12, blank=True)
    run = models.ForeignKey(
        Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="journal"
    )
    undoes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="undoings"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    not_undone = models.TextField(blank=True)  # why, where its run was undone and it was not
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "journal entries"
        indexes: ClassVar = [
            models.Index(fields=["binding", "-at"], name="journal_of_binding"),
            models.Index(fields=["link", "-at"], name="journal_of_link"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}/{self.key} on {self.side}"


class Conflict(models.Model):
    """Both sides moved one slot to different values.  Open until settled; kept afterwards."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=255)
    base_local: models.JSONField = models.JSONField(null=True)
    base_remote: models.JSONField = models.JSONField(null=True)
    now_local: models.JSONField = models.JSONField(null=True)
    now_remote: models.JSONField = models.JSONField(null=True)
    winner = models.CharField(max_length=10, blank=True)  # local, remote, merged, value
    noticed_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["link", "kind", "key"],
                condition=models.Q(settled_at=None),
                name="one_open_conflict_per_slot",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key} of {self.link_id}"


class Hold(models.Model):
    """Something that waits for a person: what Jira said, and what to do.

    `slot_kind` and `slot_key` name the slot refused; empty where the whole link is held.
    """

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="holds")
    slot_kind = models.CharField(max_length=12, blank=True)
    slot_key = models.CharField(max_length=255, blank=True)
    value: models.JSONField = models.JSONField(null=True)  # what could not be written
    reason = models.TextField()
    hint = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(auto_now=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["link", "slot_kind", "slot_key"],
                condition=models.Q(released_at=None),
                name="one_open_hold_per_slot",
            )
        ]

    def __str__(self) -> str:
        return self.reason[:60]
