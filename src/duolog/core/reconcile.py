"""Decide what the two replicas of one work item must do to agree.

Pure: no I/O, no clock, no settings, no logging.  `reconcile` compares what each side
holds now with what both held when they were last in step (the base) and returns a plan;
the engine carries the plan out and hands the result to `settle`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from duolog.core.values import (
    ABSENT,
    Base,
    Merged,
    Pair,
    Policy,
    Side,
    Slot,
    Snapshot,
    Value,
    Writable,
    everywhere,
)


@dataclass(frozen=True, slots=True)
class Change:
    """Write `value` to `slot` on `side`, provided it still holds `expected`."""

    side: Side
    slot: Slot
    value: Value
    expected: Value


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides moved, to different values.  Recorded even when a policy settled it."""

    slot: Slot
    base: Pair
    now: Pair
    winner: Side | Merged | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One side moved and the other may not be written: shown, never carried over."""

    slot: Slot
    base: Pair
    now: Pair


@dataclass(frozen=True, slots=True)
class Plan:
    """All decided writes of one link, and what was seen on the way."""

    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    in_step: tuple[tuple[Slot, Pair], ...] = ()  # both made the same edit: nothing to write
    differs: tuple[Difference, ...] = ()

    def for_side(self, side: Side) -> tuple[Change, ...]:
        """The changes addressed to one side."""
        return tuple(change for change in self.changes if change.side is side)


Applied: TypeAlias = Mapping[tuple[Side, Slot], Value]


def reconcile(
    base: Base,
    local: Snapshot,
    remote: Snapshot,
    *,
    policy: Policy,
    writable: Writable = everywhere,
) -> Plan:
    """Three-way merge, slot by slot.  A side that is not writable is read, never changed.

    A one-way binding is one side writable, with the policy that the other side wins.
    """
    changes: list[Change] = []
    conflicts: list[Conflict] = []
    in_step: list[tuple[Slot, Pair]] = []
    differs: list[Difference] = []

    for slot in sorted({*base, *local, *remote}):
        was = base.get(slot, Pair())
        now = Pair(local.get(slot, ABSENT), remote.get(slot, ABSENT))
        moved = {side for side in Side if now.of(side) != was.of(side)}
        if not moved:
            continue
        if now.local == now.remote:
            in_step.append((slot, now))
            continue
        sides = writable(slot)
        winner = next(iter(moved)) if len(moved) == 1 else policy(slot, was, now)
        if len(moved) == 2:
            conflicts.append(Conflict(slot, was, now, winner))
        decided = _changes(slot, now, winner, sides)
        changes.extend(decided)
        if winner is not None and not decided:
            differs.append(Difference(slot, was, now))

    return Plan(tuple(changes), tuple(conflicts), tuple(in_step), tuple(differs))


def _changes(
    slot: Slot, now: Pair, winner: Side | Merged | None, sides: frozenset[Side]
) -> tuple[Change, ...]:
    match winner:
        case None:
            return ()
        case Side():
            target = winner.other
            wanted = {target: now.of(winner)} if target in sides else {}
        case Merged():
            wanted = {Side.LOCAL: winner.local, Side.REMOTE: winner.remote}
            if not sides.issuperset(wanted):
                return ()
    return tuple(
        Change(side, slot, value, now.of(side))
        for side, value in wanted.items()
        if value != now.of(side)
    )


def settle(base: Base, plan: Plan, applied: Applied) -> dict[Slot, Pair]:
    """Advance the base for what was done; `applied` holds each written slot as read back.

    A merge counts only when all its writes landed: half of one, settled, would lose the other
    half at the next round, while half of one, forgotten, is merely merged again.
    """
    settled = dict(base) | dict(plan.in_step)
    merges = {c.slot: c.now for c in plan.conflicts if isinstance(c.winner, Merged)}
    for slot in dict.fromkeys(change.slot for change in plan.changes):
        ours = [change for change in plan.changes if change.slot == slot]
        if any((change.side, slot) not in applied for change in ours):
            continue
        pair = merges.get(slot) or Pair(ours[0].value, ours[0].value)
        for change in ours:
            written = applied[change.side, slot]
            pair = (
                pair._replace(local=written)
                if change.side is Side.LOCAL
                else pair._replace(remote=written)
            )
        settled[slot] = pair
    return {slot: pair for slot, pair in settled.items() if pair != Pair()}
