"""The webhook of a connection as its page shows it.  No queries, save for the counted refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from duolog.connections.models import Connection, Refusal, RefusalReason
from duolog.connections.webhooks import EVENTS, webhook_is_signed, webhook_url
from duolog.web.connecting import Standing

SILENT_AFTER: Final = timedelta(days=3)
EVENT_WORDS: Final[Mapping[str, str]] = {
    "jira:issue_created": "Issue created",
    "jira:issue_updated": "Issue updated",
    "jira:issue_deleted": "Issue deleted",
    "comment_created": "Comment created",
    "comment_updated": "Comment updated",
    "comment_deleted": "Comment deleted",
    "attachment_created": "Attachment created",
    "attachment_deleted": "Attachment deleted",
    "issuelink_created": "Issue link created",
    "issuelink_deleted": "Issue link deleted",
    "worklog_created": "Worklog created",
    "worklog_updated": "Worklog updated",
    "worklog_deleted": "Worklog deleted",
}
OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "": ("Waiting", "info"),
    "looked": ("Issue read", "ok"),
    "echo": ("Our own change", ""),
    "ignored": ("Not ours", ""),
    "newcomer": ("Taken in", "ok"),
    "passed on": ("Both issues read", "ok"),
    "late": ("Too old", ""),
}
TO_DO: Final[Mapping[str, str]] = {
    RefusalReason.SIGNATURE: "Enter the same secret here and in Jira's webhook.",
    RefusalReason.UNSIGNED: (
        "Somebody sends to this address without the secret. If it is Jira, enter the secret in "
        "Jira's webhook, too; if not, make a new URL."
    ),
    RefusalReason.MALFORMED: (
        "Untick “Exclude body” in Jira's webhook, and see that no proxy changes what Jira sends."
    ),
    RefusalReason.LARGE: "Jira sends nothing that large: make a new URL if you do not know who does.",
    RefusalReason.LATE: (
        "Nothing to do: Duolog has looked at Jira since. Many of them mean that somebody sends "
        "old deliveries again, or that Jira's clock is wrong."
    ),
}


@dataclass(frozen=True, slots=True)
class EventTick:
    """One event to tick in Jira, and whether it has come."""

    words: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """How many deliveries were refused for one reason, and what to do."""

    count: int
    words: str
    to_do: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """The webhook section."""

    url: str
    is_signed: bool
    is_registered: bool
    standing: Standing
    ticks: tuple[EventTick, ...]
    refused: tuple[Refused, ...]


def webhook_of(
    connection: Connection, seen: Iterable[str], refusals: Sequence[Refusal], now: datetime
) -> Webhook:
    """The webhook section; `seen` are the events that came so far."""
    came = frozenset(seen)
    return Webhook(
        url=webhook_url(connection) or "",
        is_signed=webhook_is_signed(connection),
        is_registered=bool(connection.webhook_jira_id),
        standing=_standing(connection, now),
        ticks=tuple(EventTick(EVENT_WORDS[event], event in came) for event in EVENTS),
        refused=tuple(_refused(row) for row in refusals),
    )


def _refused(row: Refusal) -> Refused:
    words = str(RefusalReason(row.reason).label)
    return Refused(row.count, words, TO_DO[row.reason], row.last_at)


def _standing(connection: Connection, now: datetime) -> Standing:
    if not connection.webhook_hash:
        return Standing("Not set up", "")
    last = connection.last_delivery_at
    if last is None:
        return Standing("Waiting for the first delivery", "info")
    if now - last > SILENT_AFTER:
        return Standing(
            "Silent",
            "warn",
            f"No webhook has come from Jira for {(now - last).days} days. Open the webhook in "
            "Jira and check that its URL is the one below.",
        )
    return Standing("Receiving", "ok")


def outcome_words(outcome: str) -> tuple[str, str]:
    """What became of a delivery, and its tone."""
    return OUTCOMES.get(outcome, (outcome.capitalize(), ""))
