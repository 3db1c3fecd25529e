"""Whether past writes can be taken back, and what that asks of a side.  Pure.

Taking a write back means that both sides hold again what the written side held before it.  That
is said on one side alone, as an edit; the next round carries it over like any other and comes to
rest.  A write can be taken back while nobody has moved on: the slot still holds what the write
left, and neither side holds anything that the other has not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from duolog.core.fields import foreign_id, only_there
from duolog.core.reconcile import Change
from duolog.core.values import ABSENT, Base, Pair, Side, Slot, Snapshot, Value, Writable


@dataclass(frozen=True, slots=True)
class Past:
    """A write that landed: `side` held `before` in the slot, and `after` from then on."""

    side: Side
    slot: Slot
    before: Value
    after: Value


class Obstacle(StrEnum):
    """Why a write cannot be taken back."""

    MOVED_HERE = "moved_here"  # our side holds something newer
    MOVED_THERE = "moved_there"  # Jira does
    BORN_WITH = "born_with"  # the item or issue began with it: there was nothing before
    NO_COUNTERPART = "no_counterpart"  # our side cannot say what Jira held
    READ_ONLY = "read_only"  # the slot follows Jira alone, so an edit here would not cross


Verdict: TypeAlias = Change | Obstacle


def take_back(
    pasts: Iterable[Past],
    base: Base,
    here: Snapshot,
    there: Snapshot,
    *,
    writable: Writable,
) -> Iterator[Verdict]:
    """The verdict on each write, in the order given, which must be the newest first.

    Each is judged as if those before it had been taken back already, so a chain of writes to one
    slot goes back step by step.  Carried out in this order, the last change of a slot stands.
    """
    moved: dict[Slot, Pair] = {}
    for past in pasts:
        slot = past.slot
        was = moved.get(slot, base.get(slot, Pair()))
        now = moved.get(slot, Pair(here.get(slot, ABSENT), there.get(slot, ABSENT)))
        obstacle = _obstacle(past, was, now) or _unsayable(past, writable(slot))
        if obstacle is not None:
            yield obstacle
            continue
        moved[slot] = Pair(past.before, past.before)
        yield Change(Side.LOCAL, slot, past.before, now.local)


def _obstacle(past: Past, was: Pair, now: Pair) -> Obstacle | None:
    """Whoever moved since: against the base, or, where that moved too, against the write."""
    moved = {side for side in Side if now.of(side) != was.of(side)}
    if not moved and now.of(past.side) != past.after:
        moved = {past.side}
    if Side.REMOTE in moved:
        return Obstacle.MOVED_THERE
    return Obstacle.MOVED_HERE if moved else None


def _unsayable(past: Past, sides: frozenset[Side]) -> Obstacle | None:
    if past.before is ABSENT and past.slot.kind == "field":
        return Obstacle.BORN_WITH
    foreign = foreign_id(past.before)
    if past.slot.kind == "field" and foreign is not None and past.before == only_there(foreign):
        return Obstacle.NO_COUNTERPART
    return None if Side.REMOTE in sides else Obstacle.READ_ONLY


def final(changes: Iterable[Change], here: Mapping[Slot, Value]) -> tuple[Change, ...]:
    """One change for each slot: what it is to hold in the end, from what it holds now."""
    last = {change.slot: change.value for change in changes}
    return tuple(
        Change(Side.LOCAL, slot, value, here.get(slot, ABSENT)) for slot, value in last.items()
    )
