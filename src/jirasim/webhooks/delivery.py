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
SERVER_AGENT: Final = "Atlassian HttpClient unknown / Jira"
MOST_RETRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook.  `identifier` stays the same however often it is sent.

    `verified`: an https receiver must show a certificate that is trusted.
    """

    identifier: str
    webhook_id: str
    event: str
    url: str
    body: bytes
    signature: str | None = None
    flow: str = PRIMARY
    retries: int = 0
    most_retries: int = MOST_RETRIES
    cloud: bool = True
    verified: bool = True

    @property
    def host(self) -> tuple[str, str]:
        """What the number of simultaneous requests is limited by."""
        return urlsplit(self.url).netloc, self.flow

    def headers(self) -> dict[str, str]:
        """The headers; Server sends none of those by which Cloud tells deliveries apart (7.4)."""
        agent = USER_AGENT if self.cloud else SERVER_AGENT
        headers = {"Content-Type": "application/json; charset=UTF-8", "User-Agent": agent}
        if self.cloud:
            headers |= {
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

    `lost` marks a delivery that was never attempted: the policy swallowed it, or it is too big.
    """

    delivery: Delivery
    at: datetime
    status: int | None = None
    error: str = ""
    lost: bool = False
