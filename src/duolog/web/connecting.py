"""A connection as its page shows it: health, and what the account may.  No queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from duolog.connections.models import Connection, Health
from duolog.connections.report import NEEDED

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


def abilities_of(connection: Connection) -> tuple[Ability, ...]:
    """What the last test found that the account may and may not."""
    missing = set(connection.report.get("missing", ()))
    return tuple(Ability(words, words not in missing) for words in NEEDED.values())
