"""How a link's state looks: its glyph, its word, its colour.  One table, no queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Look:
    """The glyph (`s-…` of the sprite), the word and the tone of a state."""

    glyph: str
    word: str
    tone: str


LOOKS: Final = {
    "in_step": Look("ok", "In step", "ok"),
    "due": Look("pending", "Sending", "info"),
    "creating": Look("pending", "Sending", "info"),
    "conflict": Look("conflict", "Conflict", "warn"),
    "held": Look("error", "Needs you", "bad"),
    "differs": Look("differs", "Differs", "warn"),
    "paused": Look("paused", "Paused", ""),
    "ended": Look("none", "Not linked", ""),
}
NOT_LINKED: Final = LOOKS["ended"]


class Badge(Protocol):
    """What a sync badge shows of one link; `state` is one of `LOOKS`."""

    @property
    def state(self) -> str: ...
    @property
    def issue_key(self) -> str: ...
    @property
    def issue_url(self) -> str: ...
    @property
    def reason(self) -> str: ...


def look_of(badge: Badge | None) -> Look:
    """How the state of a link is drawn; None is an item that was never linked."""
    return LOOKS[badge.state] if badge else NOT_LINKED
