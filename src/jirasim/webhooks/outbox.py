"""From an event of the site to deliveries: which webhooks want it, and what they get.

Runs under the site's lock, inside the change; hands over to the sender and returns.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from uuid import UUID, uuid5

from jirasim.jql import JqlError, parse
from jirasim.site.events import LINK_CREATED, LINK_DELETED
from jirasim.site.model import Project
from jirasim.site.search import context_of
from jirasim.webhooks.bodies import body_of
from jirasim.webhooks.delivery import PRIMARY, SECONDARY, Delivery
from jirasim.webhooks.signature import signature
from jirasim.webhooks.telling import told

if TYPE_CHECKING:
    from jirasim.site.events import Event
    from jirasim.site.model import Issue, Webhook
    from jirasim.site.state import Site
    from jirasim.webhooks.sender import Sender

UNFILTERED: Final = frozenset({LINK_CREATED, LINK_DELETED})
"""Events that come whatever JQL a webhook has (jira.md 7.2)."""
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
            self.sender.submit(self._delivery(webhook, event, body))

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
        return Delivery(
            identifier=str(uuid5(TENANT, f"{self.site.state.cloud_id} {number}")),
            webhook_id=webhook.id,
            event=event.kind,
            url=filled(webhook.url, self.site, event),
            body=content,
            signature=signature(webhook.secret, content) if webhook.secret else None,
            flow=SECONDARY if event.cascade else PRIMARY,
        )


def filled(url: str, site: Site, event: Event) -> str:
    """The address with its variables, `{issue.key}` or, before Server 10, `${issue.key}`."""
    for name, value in _variables(site, event).items():
        shown = quote(value, safe="")
        url = url.replace(f"${{{name}}}", shown).replace(f"{{{name}}}", shown)
    return url


def _variables(site: Site, event: Event) -> dict[str, str]:
    """What an address may name (jira.md 7.1)."""
    values = {}
    project_id = event.subject.id if isinstance(event.subject, Project) else None
    if event.issue is not None:
        values = {"issue.id": event.issue.id, "issue.key": event.issue.key}
        project_id = event.issue.project_id
    if project_id in site.state.projects:
        values |= {"project.id": project_id, "project.key": site.state.projects[project_id].key}
    for name, entry in (("comment", event.comment), ("worklog", event.worklog)):
        if entry is not None:
            values[f"{name}.id"] = entry.id
    return values
