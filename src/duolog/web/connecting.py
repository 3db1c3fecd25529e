"""A connection as its page shows it: health, what the account may, the webhook.  No queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from duolog.connections.models import Connection, Health
from duolog.connections.report import NEEDED
from duolog.connections.webhooks import EVENTS, webhook_is_signed, webhook_url

SILENT_AFTER: Final = timedelta(days=3)
TONES: Final[Mapping[str, str]] = {
    Health.CONNECTED: "ok",
    Health.ATTENTION: "bad",
    Health.EXPIRED: "bad",
    Health.ENDED: "",
}
EVENT_WORDS: Final[Mapping[str, str]] = {
    "jira:issue_created": "Issue created",
    "jira:issue_updated": "Issue updated",
    "jira:issue_deleted": "Issue deleted",
    "comment_created": "Comment created",
    "comment_updated": "Comment updated",
    "comment_deleted": "Comment deleted",
}
OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "": ("Waiting", "info"),
    "looked": ("Issue read", "ok"),
    "echo": ("Our own change", ""),
    "ignored": ("Not ours", ""),
    "newcomer": ("Taken in", "ok"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands: a word, its tone, and a sentence where there is more to say."""

    word: str
    tone: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing the service account is asked to do, and whether it may."""

    words: str
    may: bool


@dataclass(frozen=True, slots=True)
class EventTick:
    """One event to tick in Jira, and whether it has come."""

    words: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Webhook:
    """The webhook section."""

    url: str
    is_signed: bool
    is_registered: bool
    standing: Standing
    ticks: tuple[EventTick, ...]
    refused: int
    last_refused_at: datetime | None


def health_of(connection: Connection) -> Standing:
    """Whether the credential works."""
    sentence = f"{connection.reason} {connection.hint}".strip()
    word = str(Health(connection.health).label)
    return Standing(word, TONES[connection.health], sentence)


def abilities_of(connection: Connection) -> tuple[Ability, ...]:
    """What the last test found that the account may and may not."""
    missing = set(connection.report.get("missing", ()))
    return tuple(Ability(words, words not in missing) for words in NEEDED.values())


def webhook_of(connection: Connection, seen: Iterable[str], now: datetime) -> Webhook:
    """The webhook section; `seen` are the events that came so far."""
    came = frozenset(seen)
    return Webhook(
        url=webhook_url(connection) or "",
        is_signed=webhook_is_signed(connection),
        is_registered=bool(connection.webhook_jira_id),
        standing=_standing(connection, now),
        ticks=tuple(EventTick(EVENT_WORDS[event], event in came) for event in EVENTS),
        refused=connection.refused_deliveries,
        last_refused_at=connection.last_refused_at,
    )


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
