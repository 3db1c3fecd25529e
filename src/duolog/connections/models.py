"""Connections: where Jira is, by whose credential, and whether it works.  Never a plain secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

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

    OAUTH = "oauth", "Sign in with Atlassian"
    API_TOKEN = "api_token", "E-mail and API token"
    PAT = "pat", "Personal access token"
    BASIC = "basic", "User name and password"


METHODS_OF: Final[Mapping[str, tuple[Method, ...]]] = {
    Deployment.CLOUD: (Method.OAUTH, Method.API_TOKEN),
    Deployment.SERVER: (Method.PAT, Method.BASIC),
}
"""What each deployment takes, the recommended one first."""


class WebhookKind(models.TextChoices):
    """How Jira came to send here."""

    PASTED = "pasted", "Pasted by an admin"
    ADMIN = "admin", "Registered for all apps"
    DYNAMIC = "dynamic", "Registered by this app, renewed every month"


class Health(models.TextChoices):
    """Whether the credential works."""

    CONNECTED = "connected", "Connected"
    ATTENTION = "attention", "Needs attention"
    EXPIRED = "expired", "Expired"
    ENDED = "ended", "Disconnected"


class Connection(models.Model):
    """Authenticated access to one Jira site.

    What is sealed is encrypted and opened only where it is used.  `base_url` is the site people
    open; `rest_url` is set where requests go elsewhere: to Atlassian's gateway, for OAuth and for
    tokens with scopes.  `time_zone` is the profile zone of the account, in which JQL reads dates.

    By method: `sealed_secret` is the API token, the personal access token or the password, and
    for OAuth the refresh token, which changes at each renewal.  `grant_number` counts those, so
    that whoever renews stores only what follows on what was read; `renewing_until` is the lease
    of the one that renews.  `expires_at` is when the credential ends by itself, where known.
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
    username = models.CharField(max_length=255, blank=True)
    ca_certificate = models.TextField(blank=True)
    rest_url = models.URLField(blank=True)
    cloud_id = models.CharField(max_length=36, blank=True)
    sealed_secret = models.BinaryField()
    secret_tail = models.CharField(max_length=4, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    warned_days = models.PositiveSmallIntegerField(null=True, blank=True)
    writes_in_my_name = models.BooleanField(default=False)

    sealed_access_token = models.BinaryField(null=True, blank=True)
    access_until = models.DateTimeField(null=True, blank=True)
    grant_number = models.PositiveIntegerField(default=0)
    renewing_until = models.DateTimeField(null=True, blank=True)
    scopes = models.CharField(max_length=400, blank=True)

    account_id = models.CharField(max_length=128)
    account_since = models.DateTimeField(null=True, blank=True)  # set where it was another before
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
    sealed_former_webhook_secret = models.BinaryField(null=True, blank=True)
    former_webhook_secret_until = models.DateTimeField(null=True, blank=True)
    webhook_kind = models.CharField(max_length=8, choices=WebhookKind.choices, blank=True)
    webhook_jira_id = models.CharField(max_length=40, blank=True)  # set where we registered it
    webhook_expires_at = models.DateTimeField(null=True, blank=True)  # of a dynamic one
    last_delivery_at = models.DateTimeField(null=True, blank=True)
    webhook_proven_at = models.DateTimeField(null=True, blank=True)  # by the present secret
    webhook_trouble = models.TextField(blank=True)  # why keeping it registered fails, in words

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workplace", "base_url"],
                condition=models.Q(kind="workplace") & ~models.Q(health="ended"),
                name="one_service_account_per_site",
            ),
            models.UniqueConstraint(
                fields=["member", "base_url"],
                condition=models.Q(kind="personal") & ~models.Q(health="ended"),
                name="one_personal_connection_per_site",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def lane(self) -> str:
        """The name of the lane in which all work of this connection runs."""
        return f"connection:{self.pk}"


class RefusalReason(models.TextChoices):
    """Why a delivery was not taken as news."""

    SIGNATURE = "signature", "The signature did not match"
    UNSIGNED = "unsigned", "There was no signature"
    MALFORMED = "malformed", "The body could not be read"
    LARGE = "large", "The body was larger than 25 MB"
    LATE = "late", "It was too old to be news"


class Refusal(models.Model):
    """How often deliveries to a connection's webhook were refused for one reason."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="refusals")
    reason = models.CharField(max_length=10, choices=RefusalReason.choices)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "reason"], name="a_count_per_reason")
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.count}"


class CallCount(models.Model):
    """How many calls went out over a connection within one minute, whatever process made them.

    `put_off` of them were answered 429; with `near_limit` of them Jira said that little was left.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)
    put_off = models.PositiveIntegerField(default=0)
    near_limit = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "minute"], name="one_count_per_minute")
        ]

    def __str__(self) -> str:
        return f"{self.calls} at {self.minute}"


class Pace(models.Model):
    """How often Jira is asked over a connection, by all processes together.

    A bucket of `size` calls gets `per_second` more; 0 where Jira named none.  `free_at` is when it
    is full again, so that taking one moves it on.  Since `slowed_at` it is only `slowed_to` a
    second, which doubles each minute.  Before `closed_until` Jira wants no call at all.  Times are
    seconds since 1970 by the clock of the database.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, primary_key=True)
    per_second = models.FloatField(default=0.0)
    size = models.FloatField(default=0.0)
    free_at = models.FloatField(default=0.0)
    slowed_to = models.FloatField(default=0.0)
    slowed_at = models.FloatField(default=0.0)
    closed_until = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"{self.connection}, free at {self.free_at}"


class IssuePace(models.Model):
    """When the bucket of writes to one issue of a site is full again, whoever writes to it.

    Before `closed_until` Jira wants no more of them.
    """

    site = models.URLField()
    issue = models.CharField(max_length=60)
    free_at = models.FloatField(default=0.0, db_index=True)
    closed_until = models.FloatField(default=0.0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "issue"], name="one_pace_per_issue")
        ]

    def __str__(self) -> str:
        return f"{self.issue}, free at {self.free_at}"


class OAuthApp(models.Model):
    """The OAuth 2.0 app of a workplace, where the installation brings none or another is wanted."""

    workplace = models.OneToOneField(Workplace, on_delete=models.CASCADE, related_name="oauth_app")
    client_id = models.CharField(max_length=120)
    sealed_client_secret = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.client_id


class PendingSignIn(models.Model):
    """A person on the way to Atlassian and back: what was asked, until the answer or an hour later.

    `state_hash` is of the `state` in the address; `sealed_verifier` is the PKCE code verifier.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE)
    state_hash = models.CharField(max_length=64, unique=True)
    sealed_verifier = models.BinaryField()
    kind = models.CharField(max_length=10, choices=ConnectionKind.choices)
    base_url = models.URLField()
    label = models.CharField(max_length=120, blank=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.base_url
