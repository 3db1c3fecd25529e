"""Time on work items of ours.  No rules here: see `worklogs.services` and `core.worklogs`."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.db import models

from duolog.core.worklogs import Spent, day_of, read_zone
from duolog.people.models import Member
from duolog.workplace.models import WorkItem


class Worklog(models.Model):
    """Time that somebody spent on a work item.

    `member` is empty where whoever spent it is no member here, then a name stands in.  `zone` names
    the zone in which they told the time: it says for which day the entry counts.  `seconds` are
    kept as they came.  A deleted entry keeps its row, with `deleted_at` and who did it.
    """

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="worklogs")
    member = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="worklogs"
    )
    author_name = models.CharField(max_length=160, blank=True)
    started_at = models.DateTimeField()
    zone = models.CharField(max_length=64, default="UTC")
    seconds = models.PositiveIntegerField()
    comment = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["started_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["work_item", "started_at"], name="worklogs_of_an_item"),
            models.Index(fields=["member", "started_at"], name="worklogs_of_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s of {self.author}"

    @property
    def author(self) -> str:
        """Who spent the time."""
        return self.member.name if self.member else self.author_name or "Somebody"

    @property
    def began_at(self) -> datetime:
        """When it began, by the clocks of whoever spent it."""
        return self.started_at.astimezone(read_zone(self.zone))

    @property
    def day(self) -> date:
        """The day it counts for."""
        return day_of(self.started_at, read_zone(self.zone))

    @property
    def spent(self) -> Spent:
        """What it says."""
        return Spent(self.started_at, self.seconds, self.comment)
