"""What a site says of itself: version, clock, permissions, registered webhooks."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from duolog.jira.wire.parse import Instant, JsonObject, Many, Wire


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
    """A webhook that a Jira administrator registered."""

    self_url: str = Field(alias="self")
    name: str = ""
    url: str = ""
    events: Many[str] = ()
    filters: JsonObject = Field(default_factory=dict)
    enabled: bool = True
    is_signed: bool = False

    @property
    def id(self) -> str:
        """The last part of its own address: Jira gives it no other name."""
        return self.self_url.rstrip("/").rpartition("/")[2]
