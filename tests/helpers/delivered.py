"""A connection with linked issues, and Jira's deliveries to its address.  Without any Jira."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone
from helpers.builders import a_team, a_workplace, an_item

from duolog.connections.models import Connection
from duolog.connections.webhooks import make_webhook
from duolog.sync.models import Binding, Delivery, Direction, Link
from duolog.work.lanes import ensure_lane
from duolog.work.models import Work

SECRET: Final = "between Jira and us"
_numbers: Final = itertools.count(1)


@dataclass
class Receiver:
    """The address of one connection, its linked issues, and how Jira delivers there."""

    connection: Connection
    binding: Binding
    issues: tuple[str, ...]
    secret: str = SECRET

    @property
    def path(self) -> str:
        """Where deliveries go."""
        return f"/api/pms/webhook/jira/{self.connection.webhook_hash}"

    def send(
        self, body: bytes, *, identifier: str = "", client: Client | None = None, **headers: str
    ) -> HttpResponseBase:
        """Deliver these bytes, signed as Jira does."""
        return (client or Client(raise_request_exception=False)).post(
            self.path,
            body,
            content_type="application/json",
            headers={**self.signed(body, identifier), **headers},
        )

    def signed(self, body: bytes, identifier: str = "") -> dict[str, str]:
        """The headers of a genuine delivery."""
        return {
            "X-Hub-Signature": signature(body, self.secret),
            "X-Atlassian-Webhook-Identifier": identifier or f"told-{next(_numbers)}",
        }

    def marks(self, issue: str) -> int:
        """How often the link of an issue was marked due."""
        link = Link.objects.get(binding=self.binding, issue_id=issue)
        return sum(
            Work.objects.filter(kind="link", key=str(link.pk)).values_list("want", flat=True)
        )

    def kept(self) -> int:
        """How many deliveries were kept."""
        return Delivery.objects.filter(connection=self.connection).count()

    def refused(self) -> Mapping[str, int]:
        """How many were refused, by reason."""
        return dict(self.connection.refusals.values_list("reason", "count"))


def a_receiver(*, issues: int = 1, secret: str | None = SECRET) -> Receiver:
    """A two-way binding whose issues are numbered from 10001, and the webhook of its connection."""
    team = a_team(a_workplace())
    connection = Connection.objects.create(
        workplace=team.workplace,
        label="fernhill",
        base_url="https://fernhill.atlassian.net",
        sealed_secret=b"",
        account_id="712020:sync",
    )
    make_webhook(connection, secret=secret)
    ensure_lane(connection.lane, 4)
    binding = Binding.objects.create(
        team=team,
        connection=connection,
        jira_project_id="10000",
        jira_project_key="FHP",
        jira_project_name="Fernhill Platform",
        direction=Direction.TWO_WAY,
    )
    ids = tuple(str(10_001 + number) for number in range(issues))
    for issue in ids:
        Link.objects.create(
            binding=binding,
            work_item=an_item(team),
            issue_id=issue,
            issue_key=f"FHP-{issue[2:]}",
            token=issue,
            issue_stamp="2026-01-01T00:00:00.000+00:00",
        )
    return Receiver(connection, binding, ids)


def signature(body: bytes, secret: str) -> str:
    """What Jira writes into `X-Hub-Signature`."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def told(
    issue: str, event: str = "jira:issue_updated", /, *, at: datetime | None = None, **parts: Any
) -> bytes:
    """A delivery about an issue, made now unless at another time."""
    moment = at or timezone.now()
    said = {
        "timestamp": int(moment.timestamp() * 1000),
        "webhookEvent": event,
        "number": next(_numbers),
        "issue": {"id": issue, "key": f"FHP-{issue[2:]}", "fields": {"project": {"id": "10000"}}},
        **parts,
    }
    return json.dumps(said).encode()
