"""How a person means to work, and what they log again and again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.people.models import Member
from duolog.worklogs.models.own import JiraIssue


class WorkingHours(models.Model):
    """The seconds a member means to work, Monday first, and whose public holidays they keep.

    `region` is an ISO 3166 code such as DE or DE-BY, empty where no holidays are kept.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="working_hours")
    seconds: models.JSONField = models.JSONField()
    region = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"{self.seconds}"


class FavouriteIssue(models.Model):
    """An issue that a member always has at hand."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="favourite_issues")
    issue = models.ForeignKey(JiraIssue, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "issue"], name="a_favourite_once")
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}"


class WorklogTemplate(models.Model):
    """A worklog that a member makes on some weekdays: a stand-up at nine, from Monday to Friday.

    `weekdays` are numbers, Monday is 0; `clock` is the time of the day it begins, by the member's
    own clocks.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="worklog_templates")
    issue = models.ForeignKey(JiraIssue, on_delete=models.CASCADE, related_name="+")
    weekdays: models.JSONField = models.JSONField(default=list)
    clock = models.TimeField()
    seconds = models.PositiveIntegerField()
    comment = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["clock", "id"]

    def __str__(self) -> str:
        return f"{self.seconds} s on {self.issue_id}"
