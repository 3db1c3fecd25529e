"""Decide what the two replicas of one work item must do to agree.

Pure: no I/O, no clock, no settings, no logging.  `reconcile` compares what each side
holds now with what both held when they were last in step (the base) and returns a plan;
the engine carries the plan out and hands the result to `settle`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
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
    """Both sides moved, to different values.  Recorded even when a policy settled it.

    `winner` is the policy's answer; None asks a person, and leaves both sides alone until then.
    """

    slot: Slot
    base: Pair
    now: Pair
    winner: Side | Merged | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What should prevail may not be written on the other side: shown, never carried over."""

    slot: Slot
    base: Pair
    now: Pair


@dataclass(frozen=True, slots=True)
class Plan:
    """All decided writes of one link, in the order of the slots, and what was seen on the way.

    `in_step` holds what needs no write because both sides already hold what they should.
    """

    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    in_step: tuple[tuple[Slot, Pair], ...] = ()
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
    plans = [
        _plan_slot(
            slot,
            base.get(slot, Pair()),
            Pair(local.get(slot, ABSENT), remote.get(slot, ABSENT)),
            policy=policy,
            writable=writable,
        )
        for slot in sorted({*base, *local, *remote})
    ]
    return Plan(
        changes=tuple(change for plan in plans for change in plan.changes),
        conflicts=tuple(conflict for plan in plans for conflict in plan.conflicts),
        in_step=tuple(agreed for plan in plans for agreed in plan.in_step),
        differs=tuple(difference for plan in plans for difference in plan.differs),
    )


def _plan_slot(slot: Slot, was: Pair, now: Pair, *, policy: Policy, writable: Writable) -> Plan:
    moved = [side for side in Side if now.of(side) != was.of(side)]
    if not moved:
        return Plan()
    if now.local == now.remote:
        return Plan(in_step=((slot, now),))
    sides = writable(slot)
    both_moved = len(moved) == 2
    winner = policy(slot, was, now) if both_moved and sides else moved[0]
    changes = _changes(slot, now, _wanted(now, winner))
    if any(change.side not in sides for change in changes):
        return Plan(differs=(Difference(slot, was, now),))
    return Plan(
        changes=changes,
        conflicts=(Conflict(slot, was, now, winner),) if both_moved else (),
        in_step=((slot, now),) if winner is not None and not changes else (),
    )


def _wanted(now: Pair, winner: Side | Merged | None) -> Pair:
    """What the sides are to hold once `winner` has prevailed."""
    match winner:
        case None:
            return now
        case Side():
            return Pair(now.of(winner), now.of(winner))
        case Merged():
            return Pair(winner.local, winner.remote)


def _changes(slot: Slot, now: Pair, wanted: Pair) -> tuple[Change, ...]:
    return tuple(
        Change(side, slot, wanted.of(side), now.of(side))
        for side in Side
        if wanted.of(side) != now.of(side)
    )


def settle(base: Base, plan: Plan, applied: Applied) -> dict[Slot, Pair]:
    """Advance the base for what was done; `applied` holds each written slot as read back.

    A merge counts only when all its writes landed, also those that the engine took out of the
    plan: half of one, settled, would lose the other half at the next round, while half of one,
    forgotten, is merely merged again.
    """
    settled = dict(base) | dict(plan.in_step)
    conflicts = {conflict.slot: conflict for conflict in plan.conflicts}
    for slot, group in groupby(plan.changes, attrgetter("slot")):
        changes, stood = tuple(group), None
        if slot in conflicts:
            stood = conflicts[slot].now
            changes = _changes(slot, stood, _wanted(stood, conflicts[slot].winner))
        if all((change.side, slot) in applied for change in changes):
            settled[slot] = _landed(changes, stood, applied)
    return {slot: pair for slot, pair in settled.items() if pair != Pair()}


def _landed(changes: tuple[Change, ...], stood: Pair | None, applied: Applied) -> Pair:
    """What both sides hold after all changes of one slot: as read back, else as it stood."""
    value = changes[0].value
    before = stood if stood is not None else Pair(value, value)
    held = {side: before.of(side) for side in Side}
    held |= {change.side: applied[change.side, change.slot] for change in changes}
    return Pair(held[Side.LOCAL], held[Side.REMOTE])
