"""Webhooks: those that a Jira administrator registers, and those that an OAuth app does.

The first are called admin webhooks here; their operations are in neither document.  The others
are Cloud's dynamic webhooks: unsigned, of fewer events, and gone after thirty days.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import quote

from pydantic import TypeAdapter

from duolog.core.errors import Refused
from duolog.jira.call import Call
from duolog.jira.client.api import Api
from duolog.jira.dialect import Deployment
from duolog.jira.wire import (
    AdminWebhook,
    DynamicWebhook,
    DynamicWebhookPage,
    FailedDeliveries,
    FailedDelivery,
    Registration,
    Renewal,
    Sendable,
    ServerInfo,
)
from duolog.jira.wire.parse import Many

OLD_ADDRESS: Final = "/rest/webhooks/1.0/webhook"
NEW_ADDRESS: Final = "/rest/jira-webhook/1.0/webhooks"
ISSUE_SECTION: Final = "issue-related-events-section"
PAGE: Final = 100
_WEBHOOKS: Final[TypeAdapter[tuple[AdminWebhook, ...]]] = TypeAdapter(Many[AdminWebhook])


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to be registered; with a secret, Jira signs what it sends.

    Server before Data Center 10 has no secrets and ignores this one.
    """

    name: str
    url: str
    events: tuple[str, ...]
    jql: str = ""
    secret: str = field(default="", repr=False)

    def body(self) -> dict[str, Sendable]:
        """The request for this webhook on Cloud, and on Server before 10."""
        body: dict[str, Sendable] = {**self._common(), "excludeBody": False}
        if self.jql:
            body["filters"] = {ISSUE_SECTION: self.jql}
        if self.secret:
            body["secret"] = self.secret
        return body

    def configured_body(self) -> dict[str, Sendable]:
        """The request on Data Center 10 and later, where all but the essential is configuration."""
        configuration: dict[str, Sendable] = {"EXCLUDE_BODY": "false"}
        if self.jql:
            configuration["FILTERS"] = json.dumps({ISSUE_SECTION: self.jql})
        if self.secret:
            configuration["SECRET"] = self.secret
        return {**self._common(), "configuration": configuration, "sslVerificationRequired": True}

    def _common(self) -> Mapping[str, Sendable]:
        return {"name": self.name, "url": self.url, "events": list(self.events)}


class WebhookCalls:
    """Calls about admin webhooks: the account must be a Jira administrator.

    Where they are depends on the version, which Server is asked for each time; that is rare.
    """

    def __init__(self, api: Api) -> None:
        self._api = api

    def list(self) -> tuple[AdminWebhook, ...]:
        """The webhooks registered on the site."""
        return self._api.get(_WEBHOOKS, self._address())

    def register(self, new: NewWebhook) -> AdminWebhook:
        """Register a webhook.  Raises AnswerLost when it may exist: list them and look."""
        address = self._address()
        return self._api.read(AdminWebhook, Call("POST", address, body=_body(new, address)))

    def change(self, webhook_id: str, new: NewWebhook) -> AdminWebhook:
        """Change a webhook; without a secret it keeps the one it has.  Raises Unseen."""
        address = self._address()
        call = Call("PUT", f"{address}/{quote(webhook_id, safe='')}", body=_body(new, address))
        return self._api.read(AdminWebhook, call)

    def delete(self, webhook_id: str) -> None:
        """Remove a webhook.  Raises Unseen when it is not there."""
        self._api.send(Call("DELETE", f"{self._address()}/{quote(webhook_id, safe='')}"))

    def _address(self) -> str:
        if self._api.dialect.deployment is Deployment.CLOUD:
            return OLD_ADDRESS
        site = self._api.get(ServerInfo, self._api.path("serverInfo"))
        return NEW_ADDRESS if site.signs_webhooks else OLD_ADDRESS


def _body(new: NewWebhook, address: str) -> dict[str, Sendable]:
    return new.configured_body() if address == NEW_ADDRESS else new.body()


class DynamicWebhookCalls:
    """Calls about the webhooks of this OAuth app, on Cloud, with `manage:jira-webhook`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def list(self) -> tuple[DynamicWebhook, ...]:
        """Those of this app that have not ended.  Raises rather than return fewer.

        Cloud `getDynamicWebhooksForApp`.
        """
        return self._api.paged(self._page_at, size=PAGE, what="webhooks")

    def _page_at(self, params: Mapping[str, str]) -> tuple[Sequence[DynamicWebhook], int]:
        page = self._api.get(DynamicWebhookPage, self._api.path("webhook"), params)
        return page.values, page.total

    def register(self, url: str, *, events: Sequence[str], jql: str) -> int:
        """Register one; returns its number.  Raises Refused with Jira's reasons.

        Raises AnswerLost when it may exist: list them and look.  An app has one address on a
        site.  Cloud `registerDynamicWebhooks`.
        """
        one: Sendable = {"events": list(events), "jqlFilter": jql}
        body: Sendable = {"url": url, "webhooks": [one]}
        told = self._api.read(Registration, Call("POST", self._api.path("webhook"), body=body))
        reasons = "; ".join(reason for result in told.results for reason in result.errors)
        numbers = [result.created_webhook_id for result in told.results]
        if not numbers or numbers[0] is None:
            raise Refused(
                f"Jira did not register the webhook: {reasons or 'it gave no reason'}.",
                hint="Add the webhook by hand, as the page says; until then changes are polled.",
            )
        return numbers[0]

    def renew(self, numbers: Sequence[int]) -> datetime:
        """Thirty days more, from now; unknown numbers are ignored.  Cloud `refreshWebhooks`."""
        call = Call("PUT", self._api.path("webhook", "refresh"), body=_numbers(numbers))
        return self._api.read(Renewal, call).expires_at

    def delete(self, numbers: Sequence[int]) -> None:
        """Remove them; unknown numbers are ignored.  Cloud `deleteWebhookById`."""
        self._api.send(Call("DELETE", self._api.path("webhook"), body=_numbers(numbers)))

    def failed(self) -> tuple[FailedDelivery, ...]:
        """Deliveries of three days that Jira gave up, the oldest first.

        Raises Refused for OAuth apps: Jira answers Connect apps alone.  Cloud `getFailedWebhooks`.
        """
        return self._api.get(FailedDeliveries, self._api.path("webhook", "failed")).values


def _numbers(numbers: Sequence[int]) -> Mapping[str, Sendable]:
    return {"webhookIds": list(numbers)}
