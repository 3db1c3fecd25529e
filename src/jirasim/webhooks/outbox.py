"""From an event of the site to deliveries: which webhooks want it, and what they get.

Runs under the site's lock, inside the change; hands over to the sender and returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from jirasim.jql import JqlError, parse
from jirasim.site.app_webhooks import alive
from jirasim.site.events import ISSUE_UPDATED, LINK_CREATED, LINK_DELETED
from jirasim.site.search import context_of
from jirasim.webhooks.address import filled
from jirasim.webhooks.bodies import body_of
from jirasim.webhooks.delivery import MOST_RETRIES, PRIMARY, SECONDARY, Delivery
from jirasim.webhooks.signature import signature
from jirasim.webhooks.telling import told
from jirasim.wire.encoding import encode

if TYPE_CHECKING:
    from jirasim.site.events import Event
    from jirasim.site.hooks import AppWebhook, Webhook
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
        apps = self._apps(event)
        if not (wanted or apps) or (said := body_of(self.site, event)) is None:
            return
        body = encode(said)
        for webhook in wanted:
            content = b"" if webhook.exclude_body else body
            self._hand_over(self._delivery(webhook, event, content))
        for matched in apps:
            ids = [int(one.id) for one in matched]
            content = encode({**said, "matchedWebhookIds": ids})
            self._hand_over(self._app_delivery(matched[0], event, content))

    def _hand_over(self, delivery: Delivery) -> None:
        if len(delivery.body) > LARGEST:
            self.sender.drop(delivery, "The body is larger than 25 MB.")
        else:
            self.sender.submit(delivery)

    def _wants(self, webhook: Webhook, event: Event) -> bool:
        if not webhook.enabled or event.kind not in webhook.events:
            return False
        return self._passes(webhook.jql, webhook.updated_by, event)

    def _apps(self, event: Event) -> tuple[tuple[AppWebhook, ...], ...]:
        """The matching webhooks of each app: it is told once, with all their ids."""
        found: dict[str, tuple[AppWebhook, ...]] = {}
        for one in alive(self.site):
            if concerns(one, event) and self._passes(one.jql, one.owner, event):
                found[one.app] = (*found.get(one.app, ()), one)
        return tuple(found.values())

    def _passes(self, jql: str, owner: str, event: Event) -> bool:
        """The filter judges the issue as the event shows it; one that cannot run lets none by."""
        if event.issue is None or event.kind in UNFILTERED or not jql.strip():
            return True
        context = context_of(self.site, self.site.state.users.get(owner))
        try:
            return bool(parse(jql).run([event.issue], context))
        except JqlError:
            return False

    def _delivery(self, webhook: Webhook, event: Event, body: bytes) -> Delivery:
        product = self.site.product
        signed = webhook.secret and (product.cloud or product.version >= SIGNED_SINCE)
        return Delivery(
            identifier=self._identifier(),
            webhook_id=webhook.id,
            event=event.kind,
            url=filled(webhook.url, self.site, event),
            body=body,
            signature=signature(webhook.secret, body) if signed else None,
            flow=SECONDARY if event.cascade and product.cloud else PRIMARY,
            most_retries=MOST_RETRIES if product.cloud else 0,
            cloud=product.cloud,
            verified=webhook.ssl_verification,
        )

    def _app_delivery(self, webhook: AppWebhook, event: Event, body: bytes) -> Delivery:
        """Never signed: apps have no secret for it (jira.md 7.1)."""
        return Delivery(
            identifier=self._identifier(),
            webhook_id=webhook.id,
            event=event.kind,
            url=filled(webhook.url, self.site, event),
            body=body,
            flow=SECONDARY if event.cascade else PRIMARY,
        )

    def _identifier(self) -> str:
        number = self.site.next_id("webhook delivery", first=1)
        return str(uuid5(TENANT, f"{self.site.state.cloud_id} {number}"))


def concerns(webhook: AppWebhook, event: Event) -> bool:
    """Whether it asked for this event, of one of the fields or properties it asked for."""
    if event.kind not in webhook.events:
        return False
    if event.property_key is not None and webhook.property_keys is not None:
        return event.property_key in webhook.property_keys
    if event.kind != ISSUE_UPDATED or webhook.field_ids is None:
        return True
    items = event.changelog.items if event.changelog is not None else ()
    return any(one.field_id in webhook.field_ids or one.field in webhook.field_ids for one in items)
