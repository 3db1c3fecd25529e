"""A connection as its page shows it: health, and what the account may.  No queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from duolog.connections.models import Connection, Health, Method
from duolog.connections.report import needed_by
from duolog.web.connections.ways_in import SCOPE_WORDS

WARN_DAYS: Final = 30
SOON_DAYS: Final = 7
TONES: Final[Mapping[str, str]] = {
    Health.CONNECTED: "ok",
    Health.ATTENTION: "bad",
    Health.EXPIRED: "bad",
    Health.ENDED: "",
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


def health_of(connection: Connection) -> Standing:
    """Whether the credential works."""
    sentence = f"{connection.reason} {connection.hint}".strip()
    word = str(Health(connection.health).label)
    return Standing(word, TONES[connection.health], sentence)


def ends_of(connection: Connection, now: datetime) -> Standing:
    """When the credential ends by itself; a tone where that is near."""
    end = connection.expires_at
    if connection.method == Method.OAUTH:
        return Standing("Renewed by itself", "")
    if connection.method == Method.BASIC:
        return Standing("With the password", "")
    if end is None:
        return Standing("Not known", "")
    left = (end.date() - now.date()).days
    day = f"{end:%b} {end.day}, {end.year}"
    if end <= now:
        return Standing(f"{day}, has ended", "bad", f"The token ended on {day}.")
    when = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
    tone = "bad" if left <= SOON_DAYS else "warn" if left <= WARN_DAYS else ""
    return Standing(f"{day}, {when}", tone, f"The token ends on {day}, {when}.")


def scopes_of(connection: Connection) -> tuple[tuple[str, str], ...]:
    """What the consent covers, each scope with what it is called at Atlassian."""
    given = (scope for scope in connection.scopes.split() if scope != "offline_access")
    return tuple((scope, SCOPE_WORDS.get(scope, scope)) for scope in given)


def abilities_of(connection: Connection) -> tuple[Ability, ...]:
    """What the last test found that the account may and may not."""
    missing = set(connection.report.get("missing", ()))
    needed = needed_by(connection.kind).values()
    return tuple(Ability(words, words not in missing) for words in needed)
