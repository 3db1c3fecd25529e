"""The nouns of synchronisation: sides, slots, values, snapshots.  No decisions here.

Terms: a *slot* is one independently merged part of a work item (a field, a label, a comment);
a *snapshot* is all that one side holds at one observation; the *base* is what both sides held
when they were last in step.  Values are canonical local values, so the two sides compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, StrEnum
from typing import Final, NamedTuple, TypeAlias


class Side(StrEnum):
    """One of the two ends: our work item, or Jira's issue."""

    LOCAL = "local"
    REMOTE = "remote"

    @property
    def other(self) -> Side:
        """The opposite end."""
        return Side.REMOTE if self is Side.LOCAL else Side.LOCAL


class Absence(Enum):
    """The type of ABSENT."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT  # absence is a value: a deletion is a move to ABSENT
BOTH: Final = frozenset(Side)

Held: TypeAlias = str | int | None  # None: the field is there, and empty
Value: TypeAlias = Held | Absence


class Slot(NamedTuple):
    """One independently merged part of a work item, such as ("field", "title")."""

    kind: str
    key: str


class Pair(NamedTuple):
    """The values of one slot on the two sides; they may differ where a format is lossy."""

    local: Value = ABSENT
    remote: Value = ABSENT

    def of(self, side: Side) -> Value:
        """The value on one side."""
        return self.local if side is Side.LOCAL else self.remote


class Merged(NamedTuple):
    """A policy's answer when both edits fit together: what each side is to hold.

    A merge never deletes: whoever wants a slot gone names the side that has let go of it.
    """

    local: Held
    remote: Held


Snapshot: TypeAlias = Mapping[Slot, Value]
Base: TypeAlias = Mapping[Slot, Pair]
Policy: TypeAlias = Callable[[Slot, Pair, Pair], Side | Merged | None]  # (slot, base, now)
Writable: TypeAlias = Callable[[Slot], frozenset[Side]]


def everywhere(_slot: Slot) -> frozenset[Side]:
    """Both sides of every slot may be written: a two-way binding."""
    return BOTH
