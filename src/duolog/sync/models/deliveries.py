"""Webhook requests as received: what each hints at.  The body itself is never kept."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models

from duolog.connections.models import Connection

CREATED: Final = "jira:issue_created"
DELETED: Final = "jira:issue_deleted"


class Delivery(models.Model):
    """One webhook request.  `hint` is the JSON of what it tells; `taken_at` when it was used.

    Two are one where Jira gave both the same identifier, and where their bodies are the same to
    the byte: the identifier is not signed, the body (`digest`, its SHA-256) is.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="deliveries")
    identifier = models.CharField(max_length=128)
    digest = models.BinaryField(max_length=32, null=True)
    event = models.CharField(max_length=60)
    issue_id = models.CharField(max_length=40, blank=True)
    hint: models.JSONField = models.JSONField(default=dict)
    size = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=20, blank=True)  # looked, echo, ignored, newcomer …
    received_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "identifier"], name="a_delivery_once"),
            models.UniqueConstraint(fields=["connection", "digest"], name="a_body_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["connection", "issue_id"],
                condition=models.Q(taken_at=None),
                name="deliveries_to_take",
            ),
            models.Index(fields=["connection", "-received_at"], name="latest_deliveries"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.identifier}"
