"""The webhook of a connection as its page shows it.  No queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from duolog.connections.models import Connection, Refusal, RefusalReason, WebhookKind
from duolog.connections.registration import is_reachable, why_not
from duolog.connections.webhooks import (
    OPTIONAL_EVENTS,
    can_be_signed,
    events_of,
    is_for_apps,
    missing_events,
    overlaps,
    webhook_is_signed,
    webhook_url,
)
from duolog.web.connections.connecting import Standing

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
    optional: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """How many deliveries were refused for one reason, or only passed over, and what to do."""

    count: int
    was_refused: bool
    words: str
    to_do: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """The webhook section.

    `can_sign` is whether this Jira signs, `is_signed` whether we ask it to.  While `overlaps`, the
    former secret is accepted, until `overlap_until` where that is known.  `why_not` says why we
    cannot register it ourselves; `missing` names what a registered one does not send.
    """

    url: str
    public_url: str
    is_reachable: bool
    is_registered: bool
    for_apps: bool
    why_not: str
    can_sign: bool
    is_signed: bool
    overlaps: bool
    overlap_until: datetime | None
    proven_at: datetime | None
    ends_at: datetime | None
    missing: str
    trouble: str
    looks_every: str
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
        public_url=settings.PUBLIC_URL,
        is_reachable=is_reachable(connection),
        is_registered=connection.webhook_kind in (WebhookKind.ADMIN, WebhookKind.DYNAMIC),
        for_apps=is_for_apps(connection),
        why_not=why_not(connection),
        can_sign=can_be_signed(connection),
        is_signed=webhook_is_signed(connection),
        overlaps=overlaps(connection, now),
        overlap_until=connection.former_webhook_secret_until,
        proven_at=connection.webhook_proven_at,
        ends_at=connection.webhook_expires_at,
        missing=_kinds(missing_events(connection)),
        trouble=connection.webhook_trouble,
        looks_every=_words_of(settings.POLL_EVERY),
        standing=_standing(connection, now),
        ticks=tuple(
            EventTick(EVENT_WORDS[event], event in came, event in OPTIONAL_EVENTS)
            for event in events_of(connection)
        ),
        refused=tuple(_refused(row) for row in refusals),
    )


def _kinds(events: Sequence[str]) -> str:
    """What events are about, without what happened: *Attachments, issue links and worklogs*."""
    names = dict.fromkeys(EVENT_WORDS[event].rpartition(" ")[0].lower() + "s" for event in events)
    *others, last = names or [""]
    return (f"{', '.join(others)} and {last}" if others else last).capitalize()


def _words_of(every: timedelta) -> str:
    minutes = round(every.total_seconds() / 60)
    if minutes < 1:
        return f"{round(every.total_seconds())} seconds"
    return "minute" if minutes == 1 else f"{minutes} minutes"


def _refused(row: Refusal) -> Refused:
    words = str(RefusalReason(row.reason).label)
    was_refused = row.reason != RefusalReason.LATE
    return Refused(row.count, was_refused, words, TO_DO[row.reason], row.last_at)


def _standing(connection: Connection, now: datetime) -> Standing:
    if not connection.webhook_hash:
        return Standing("Not set up", "")
    last = connection.last_delivery_at
    if connection.webhook_kind == WebhookKind.DYNAMIC and not connection.webhook_jira_id:
        return Standing("Waiting for a link", "info", "Link a team to a space (project) first.")
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
