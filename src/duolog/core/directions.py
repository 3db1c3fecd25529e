"""Which way each slot of a binding goes, within the direction of the binding itself.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from duolog.core import fields as slots
from duolog.core.fields import TITLE, TYPE
from duolog.core.values import BOTH, Merged, Pair, Policy, Side, Slot, Snapshot, Value


class SlotDirection(StrEnum):
    """Which way one slot goes."""

    BOTH = "both"
    HERE_TO_JIRA = "here_to_jira"
    JIRA_TO_HERE = "jira_to_here"
    OFF = "off"

    @property
    def sides(self) -> frozenset[Side]:
        """The sides that may be written."""
        return _SIDES[self]


_SIDES: Final[Mapping[SlotDirection, frozenset[Side]]] = {
    SlotDirection.BOTH: BOTH,
    SlotDirection.HERE_TO_JIRA: frozenset({Side.REMOTE}),
    SlotDirection.JIRA_TO_HERE: frozenset({Side.LOCAL}),
    SlotDirection.OFF: frozenset(),
}
NEEDED: Final = frozenset({TITLE, TYPE})
"""Slots without which neither an item nor an issue can be made: a new one bears them always."""
NAMES: Final = (
    frozenset(slot.key for slot in slots.FIELDS)
    | slots.SETS
    | slots.CHILDREN
    | {slots.RELATION, slots.PROPERTY}
)
"""What a rule can be about; or about one property, as `property/7`."""


@dataclass(frozen=True, slots=True)
class Directions:
    """Which way each slot goes: by rules for names of slots, all others both ways.

    A field is named by its key (`status`), everything else by its kind (`comment`), one property
    by both (`property/7`).  What is off is left out on both sides, as if it were not there.
    """

    rules: Mapping[str, SlotDirection] = field(default_factory=dict)
    allowed: frozenset[Side] = BOTH

    def of(self, slot: Slot) -> SlotDirection:
        """The direction of a slot."""
        if slot.kind == "field":
            return self.rules.get(slot.key, SlotDirection.BOTH)
        exact = self.rules.get(f"{slot.kind}/{slot.key}")
        return exact or self.rules.get(slot.kind, SlotDirection.BOTH)

    def sides(self, slot: Slot) -> frozenset[Side]:
        """The sides on which the slot may be written."""
        return self.of(slot).sides & self.allowed

    def kept(self, snapshot: Snapshot) -> dict[Slot, Value]:
        """What is looked at of a snapshot."""
        return {slot: it for slot, it in snapshot.items() if self.of(slot) is not SlotDirection.OFF}

    def bears(self, slot: Slot, side: Side) -> bool:
        """Whether what is made on this side is made with the slot."""
        return slot in NEEDED or side in self.of(slot).sides

    def settling(self, otherwise: Policy) -> Policy:
        """Where one side alone may be written the other prevails; else the policy decides."""

        def decide(slot: Slot, was: Pair, now: Pair) -> Side | Merged | None:
            sides = self.sides(slot)
            return next(iter(sides)).other if len(sides) == 1 else otherwise(slot, was, now)

        return decide
