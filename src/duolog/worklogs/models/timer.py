"""The one timer that a person may have running."""

from __future__ import annotations

from django.db import models

from duolog.connections.models import Connection
from duolog.people.models import Member
from duolog.worklogs.models.own import JiraIssue


class Timer(models.Model):
    """Work under way on an issue since `started_at`; it becomes a worklog when it stops."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="timer")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    issue = models.ForeignKey(JiraIssue, on_delete=models.CASCADE, related_name="+")
    comment = models.TextField(blank=True)
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"since {self.started_at}"
