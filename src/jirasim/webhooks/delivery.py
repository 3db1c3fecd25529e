"""A webhook on its way, and the record of each attempt.  Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from datetime import datetime

PRIMARY: Final = "Primary"
SECONDARY: Final = "Secondary"
USER_AGENT: Final = "Atlassian Webhook HTTP Client"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook.  `identifier` stays the same however often it is sent."""

    identifier: str
    webhook_id: str
    event: str
    url: str
    body: bytes
    signature: str | None = None
    flow: str = PRIMARY
    retries: int = 0

    @property
    def host(self) -> tuple[str, str]:
        """What the number of simultaneous requests is limited by."""
        return urlsplit(self.url).netloc, self.flow

    def headers(self) -> dict[str, str]:
        """The headers of Cloud (jira.md 7.4)."""
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": USER_AGENT,
            "X-Atlassian-Webhook-Identifier": self.identifier,
            "X-Atlassian-Webhook-Flow": self.flow,
        }
        if self.retries:
            headers["X-Atlassian-Webhook-Retry"] = str(self.retries)
        if self.signature is not None:
            headers["X-Hub-Signature"] = self.signature
        return headers


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt.  `status` None: no answer, `error` says why.

    `lost` marks a delivery that the policy swallowed without an attempt.
    """

    delivery: Delivery
    at: datetime
    status: int | None = None
    error: str = ""
    lost: bool = False
