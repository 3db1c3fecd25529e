"""The site itself: version, our permissions, and the webhooks an administrator registered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from pydantic import TypeAdapter

from duolog.jira.call import Call
from duolog.jira.client.api import Api, listed, present
from duolog.jira.wire import AdminWebhook, Permissions, Sendable, ServerInfo
from duolog.jira.wire.parse import Many

_WEBHOOKS: Final[TypeAdapter[tuple[AdminWebhook, ...]]] = TypeAdapter(Many[AdminWebhook])


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to be registered; with a secret, Jira signs what it sends."""

    name: str
    url: str
    events: tuple[str, ...]
    jql: str = ""
    secret: str = field(default="", repr=False)

    def body(self) -> dict[str, Sendable]:
        """The request for this webhook."""
        body: dict[str, Sendable] = {
            "name": self.name,
            "url": self.url,
            "events": list(self.events),
            "excludeBody": False,
        }
        if self.jql:
            body["filters"] = {"issue-related-events-section": self.jql}
        if self.secret:
            body["secret"] = self.secret
        return body


class SiteCalls:
    """Calls about the site.  Webhooks need a Jira administrator."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def server_info(self) -> ServerInfo:
        """The site's version and clock.  Answered to anybody: no test of a credential."""
        return self._api.get(ServerInfo, self._api.path("serverInfo"))

    def permissions(self, keys: Sequence[str], *, project_key: str = "") -> Permissions:
        """Which of these permissions we have, in one project or in any."""
        params = present(permissions=listed(keys), projectKey=project_key)
        return self._api.get(Permissions, self._api.path("mypermissions"), params)

    def webhooks(self) -> tuple[AdminWebhook, ...]:
        """The webhooks registered on the site."""
        return self._api.get(_WEBHOOKS, self._api.dialect.webhooks)

    def register_webhook(self, new: NewWebhook) -> AdminWebhook:
        """Register a webhook.  Raises AnswerLost when it may exist: list them and look."""
        call = Call("POST", self._api.dialect.webhooks, body=new.body())
        return self._api.read(AdminWebhook, call)

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a webhook.  Raises Unseen when it is not there."""
        self._api.send(Call("DELETE", f"{self._api.dialect.webhooks}/{quote(webhook_id, safe='')}"))
