"""What a site says of itself: version, clock, permissions, registered webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AliasChoices, Field

from duolog.jira.wire.parse import Id, Instant, Many, Millis, Wire

NEW_WEBHOOKS: Final = 10
"""The Data Center that signs webhooks, and has them at another address (jira.md 7.1, 7.4)."""


class TenantInfo(Wire):
    """A Cloud site as Atlassian's gateway knows it."""

    cloud_id: str


class ServerInfo(Wire):
    """The site.  Answered to anybody: it proves nothing about the credential."""

    base_url: str
    version: str = ""
    version_numbers: Many[int] = ()
    deployment_type: str = "Server"
    build_number: int | None = None
    server_title: str = ""
    server_time: Instant | None = None
    server_time_zone: str | None = None

    @property
    def is_cloud(self) -> bool:
        """Whether Atlassian hosts it.  Server and Data Center say other words, or none."""
        return self.deployment_type == "Cloud"

    @property
    def signs_webhooks(self) -> bool:
        """Whether admin webhooks are signed: on Cloud, and on Data Center since 10."""
        return self.is_cloud or self.version_numbers[:1] >= (NEW_WEBHOOKS,)


class Permission(Wire):
    """One permission, as the signed-in account has it."""

    key: str
    have_permission: bool


class Permissions(Wire):
    """The permissions that were asked for, by their key."""

    permissions: Mapping[str, Permission]

    def missing(self) -> tuple[str, ...]:
        """Keys of those the account lacks, in the order of the alphabet."""
        return tuple(sorted(key for key, it in self.permissions.items() if not it.have_permission))


class AdminWebhook(Wire):
    """A webhook that a Jira administrator registered.

    Data Center 10 and later numbers them and does not tell whether they are signed.
    """

    self_url: str = Field(default="", alias="self")
    number: int | None = Field(default=None, alias="id")
    name: str = ""
    url: str = ""
    events: Many[str] = ()
    enabled: Annotated[bool, Field(validation_alias=AliasChoices("enabled", "active"))] = True
    is_signed: bool = False

    @property
    def id(self) -> str:
        """Its number, or the last part of its own address where Jira gives it no other name."""
        if self.number is not None:
            return str(self.number)
        return self.self_url.rstrip("/").rpartition("/")[2]


class DynamicWebhook(Wire):
    """A webhook that this app registered for itself; it is not signed, and ends unless renewed."""

    id: int
    url: str = ""
    events: Many[str] = ()
    jql_filter: str = ""
    expires_at: Annotated[Millis | None, Field(alias="expirationDate")] = None


class DynamicWebhookPage(Wire):
    """One page of them."""

    values: Many[DynamicWebhook]
    total: int


class Registered(Wire):
    """What became of one webhook of a registration: a number, or reasons."""

    created_webhook_id: int | None = None
    errors: Many[str] = ()


class Registration(Wire):
    """What became of each, in the order they were given."""

    results: Annotated[Many[Registered], Field(alias="webhookRegistrationResult")]


class Renewal(Wire):
    """Until when the renewed webhooks live."""

    expires_at: Annotated[Millis, Field(alias="expirationDate")]


class FailedDelivery(Wire):
    """A delivery that Jira gave up; `id` is the identifier that came with it."""

    id: Id
    url: str = ""
    failed_at: Annotated[Millis, Field(alias="failureTime")]


class FailedDeliveries(Wire):
    """The oldest of them."""

    values: Many[FailedDelivery]
