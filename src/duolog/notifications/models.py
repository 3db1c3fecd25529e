"""Notices: what happened that a member should know of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.people.models import Member


class Kind(models.TextChoices):
    """What a notice is about; each can be switched off per member."""

    ASSIGNED = "assigned", "Assigned to me"
    COMMENTED = "commented", "Comments on my items"
    CONFLICT = "conflict", "Conflicts"
    HELD = "held", "Items that need me"
    RUN_FINISHED = "run_finished", "Finished sends and fetches"
    CONNECTION = "connection", "Connections that need attention"


class Notice(models.Model):
    """One line under the bell."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor = models.CharField(max_length=160, blank=True)
    text = models.CharField(max_length=300)
    path = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["member", "-at"], name="notice_of_member")]

    def __str__(self) -> str:
        return self.text


class MutedKind(models.Model):
    """A kind of notice a member does not want."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="muted_kinds")
    kind = models.CharField(max_length=20, choices=Kind.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "kind"], name="one_mute_per_kind")
        ]

    def __str__(self) -> str:
        return self.kind
