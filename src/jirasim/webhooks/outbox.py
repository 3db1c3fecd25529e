"""From an event of the site to deliveries: which webhooks want it, and what they get.

Runs under the site's lock, inside the change; hands over to the sender and returns.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from jirasim.jql import JqlError, parse
from jirasim.site.events import LINK_CREATED, LINK_DELETED
from jirasim.site.search import context_of
from jirasim.webhooks.address import filled
from jirasim.webhooks.bodies import body_of
from jirasim.webhooks.delivery import MOST_RETRIES, PRIMARY, SECONDARY, Delivery
from jirasim.webhooks.signature import signature
from jirasim.webhooks.telling import told

if TYPE_CHECKING:
    from jirasim.site.events import Event
    from jirasim.site.model import Issue, Webhook
    from jirasim.site.state import Site
    from jirasim.webhooks.sender import Sender

UNFILTERED: Final = frozenset({LINK_CREATED, LINK_DELETED})
"""Events that come whatever JQL a webhook has (jira.md 7.2)."""
LARGEST: Final = 25 * 1024 * 1024
"""Bytes that a body may have at most (jira.md 7.5)."""
SIGNED_SINCE: Final = (10,)
"""Server before that signs nothing (jira.md 7.4)."""
TENANT = UUID("6ac4ac1e-7d1b-4f3b-9f7e-5d6d2c7c1a11")


@dataclass(frozen=True, slots=True)
class Outbox:
    """A listener of the site that gives the sender its work."""

    site: Site
    sender: Sender

    def __call__(self, event: Event) -> None:
        """Send what this Jira tells of it to all who asked for that."""
        for one in told(self.site, event):
            self._send(one)

    def _send(self, event: Event) -> None:
        """To every webhook that asked for this event and whose filter it passes."""
        wanted = [one for one in self.site.state.webhooks.values() if self._wants(one, event)]
        if not wanted or (said := body_of(self.site, event)) is None:
            return
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        for webhook in wanted:
            delivery = self._delivery(webhook, event, body)
            if len(delivery.body) > LARGEST:
                self.sender.drop(delivery, "The body is larger than 25 MB.")
            else:
                self.sender.submit(delivery)

    def _wants(self, webhook: Webhook, event: Event) -> bool:
        if not webhook.enabled or event.kind not in webhook.events:
            return False
        if event.issue is None or event.kind in UNFILTERED or not webhook.jql.strip():
            return True
        return self._passes(webhook, event.issue)

    def _passes(self, webhook: Webhook, issue: Issue) -> bool:
        """The filter judges the issue as the event shows it; one that cannot run lets none by."""
        administrator = self.site.state.users.get(webhook.updated_by)
        context = context_of(self.site, administrator)
        try:
            return bool(parse(webhook.jql).run([issue], context))
        except JqlError:
            return False

    def _delivery(self, webhook: Webhook, event: Event, body: bytes) -> Delivery:
        number = self.site.next_id("webhook delivery", first=1)
        content = b"" if webhook.exclude_body else body
        cloud = self.site.product.cloud
        signed = webhook.secret and (cloud or self.site.product.version >= SIGNED_SINCE)
        return Delivery(
            identifier=str(uuid5(TENANT, f"{self.site.state.cloud_id} {number}")),
            webhook_id=webhook.id,
            event=event.kind,
            url=filled(webhook.url, self.site, event),
            body=content,
            signature=signature(webhook.secret, content) if signed else None,
            flow=SECONDARY if event.cascade and cloud else PRIMARY,
            most_retries=MOST_RETRIES if cloud else 0,
            cloud=cloud,
            verified=webhook.ssl_verification,
        )
