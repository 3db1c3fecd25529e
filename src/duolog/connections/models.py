"""Connections: where Jira is, by whose credential, and whether it works.  Never a plain secret."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.people.models import Member, Workplace


class ConnectionKind(models.TextChoices):
    """Whose access it is."""

    WORKPLACE = "workplace", "Service account"
    PERSONAL = "personal", "Personal"


class Deployment(models.TextChoices):
    """Which product the site runs."""

    CLOUD = "cloud", "Jira Cloud"
    SERVER = "server", "Jira Server / Data Center"


class Method(models.TextChoices):
    """How we sign in to Jira."""

    API_TOKEN = "api_token", "E-mail and API token"


class Health(models.TextChoices):
    """Whether the credential works."""

    CONNECTED = "connected", "Connected"
    ATTENTION = "attention", "Needs attention"
    EXPIRED = "expired", "Expired"
    ENDED = "ended", "Disconnected"


class Connection(models.Model):
    """Authenticated access to one Jira site.

    `sealed_secret` and `sealed_webhook_secret` are encrypted; only `services` opens them.
    `time_zone` is the profile zone of the account, in which JQL reads dates.
    """

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="connections")
    kind = models.CharField(
        max_length=10, choices=ConnectionKind.choices, default=ConnectionKind.WORKPLACE
    )
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, blank=True)
    label = models.CharField(max_length=120)
    deployment = models.CharField(
        max_length=8, choices=Deployment.choices, default=Deployment.CLOUD
    )
    base_url = models.URLField()
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.API_TOKEN)
    email = models.EmailField(blank=True)
    sealed_secret = models.BinaryField()
    secret_tail = models.CharField(max_length=4, blank=True)
    account_id = models.CharField(max_length=128)
    account_name = models.CharField(max_length=160, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    health = models.CharField(max_length=10, choices=Health.choices, default=Health.CONNECTED)
    reason = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    report: models.JSONField = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    webhook_hash = models.CharField(max_length=40, unique=True, null=True, blank=True)
    sealed_webhook_secret = models.BinaryField(null=True, blank=True)
    webhook_jira_id = models.CharField(max_length=40, blank=True)  # set where we registered it
    last_delivery_at = models.DateTimeField(null=True, blank=True)
    refused_deliveries = models.PositiveIntegerField(default=0)
    last_refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workplace", "base_url"],
                condition=models.Q(kind="workplace") & ~models.Q(health="ended"),
                name="one_service_account_per_site",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def lane(self) -> str:
        """The name of the lane in which all work of this connection runs."""
        return f"connection:{self.pk}"
