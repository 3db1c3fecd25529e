"""How a link's state looks: its glyph, its word, its colour.  One table, no queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


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


@dataclass(frozen=True, slots=True)
class Badge:
    """What a sync badge shows of one link; `state` is one of `LOOKS`."""

    state: str
    issue_key: str = ""
    issue_url: str = ""
    reason: str = ""

    @property
    def look(self) -> Look:
        """How this state is drawn."""
        return LOOKS[self.state]
