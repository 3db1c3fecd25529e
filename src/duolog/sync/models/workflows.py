"""What is known of Jira's workflows: the transitions out of each status, by issue type."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.sync.models.bindings import Binding


class StatusExits(models.Model):
    """The transitions that issues of one type were offered in one status, when last read.

    `exits` is the JSON of `sync.basis.workflows`, or null where we looked and no issue stood there.
    `is_start` marks the status in which new issues of the type are born.
    """

    binding = models.ForeignKey(Binding, on_delete=models.CASCADE, related_name="workflows")
    issue_type = models.CharField(max_length=40)
    status = models.CharField(max_length=40)
    exits: models.JSONField = models.JSONField(null=True)
    is_start = models.BooleanField(default=False)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "status exits"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["binding", "issue_type", "status"], name="exits_of_a_status_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue_type} from {self.status}"
