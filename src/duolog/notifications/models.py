"""Notices: what happened that a member should know of, and how they want to be told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.people.models import Member


class Kind(models.TextChoices):
    """What a notice is about; each can be switched off per member."""

    ASSIGNED = "assigned", "Assigned to me"
    COMMENTED = "commented", "Comments on my items"
    MENTIONED = "mentioned", "Texts that mention me"
    STATUS = "status", "Status of my items changed in Jira"
    CONFLICT = "conflict", "Conflicts"
    HELD = "held", "Items that need me"
    MOVED = "moved", "My items moved to another team or space"
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


class Channel(models.TextChoices):
    """Where a notice is told."""

    BELL = "bell", "Here"
    MAIL = "mail", "By e-mail"


class MutedKind(models.Model):
    """A kind of notice a member does not want: not at all (bell), or only not by e-mail (mail)."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="muted_kinds")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    channel = models.CharField(max_length=4, choices=Channel.choices, default=Channel.BELL)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "kind", "channel"], name="one_mute_per_kind_and_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.channel})"


class Rhythm(models.TextChoices):
    """How often unread notices are mailed."""

    NEVER = "never", "Never"
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every Monday"


class Digest(models.Model):
    """How a member wants unread notices by e-mail, and how far that has come.

    `hour` is 0 to 23 in `zone`, an IANA name.  `sent_upto` is the id of the last notice that
    was mailed, or the newest one when mails were asked for; `next_at` is empty for *never*.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="digest")
    rhythm = models.CharField(max_length=6, choices=Rhythm.choices, default=Rhythm.NEVER)
    hour = models.PositiveSmallIntegerField(default=7)
    zone = models.CharField(max_length=64, default="UTC")
    sent_upto = models.BigIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.rhythm} at {self.hour} {self.zone}"
