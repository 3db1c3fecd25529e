"""What hypothesis draws for the laws of the core: slots, values, bases, snapshots, policies.

The alphabet is small on purpose: laws break where values coincide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from duolog.core.policy import ask, local_wins, remote_wins
from duolog.core.reconcile import Applied, Plan
from duolog.core.values import (
    ABSENT,
    BOTH,
    Base,
    Merged,
    Pair,
    Policy,
    Side,
    Slot,
    Snapshot,
    Value,
)

TITLE, STATUS = Slot("field", "title"), Slot("field", "status")
COMMENT, LABEL = Slot("comment", "1"), Slot("label", "backend")
SLOTS = (TITLE, STATUS, COMMENT, LABEL)

slots = st.sampled_from(SLOTS)
present = st.sampled_from(["a", "b", "c ", "", None, 3])
values = present | st.just(ABSENT)
snapshots = st.dictionaries(slots, present)
pairs = st.builds(Pair, values, values).filter(lambda pair: pair != Pair())
bases = st.dictionaries(slots, pairs)
lossless_bases = st.dictionaries(slots, present.map(lambda value: Pair(value, value)))
sides = st.sampled_from(list(Side))
writables = st.dictionaries(
    slots,
    st.sampled_from([BOTH, frozenset({Side.LOCAL}), frozenset({Side.REMOTE}), frozenset[Side]()]),
)


def merge(_slot: Slot, was: Pair, now: Pair) -> Side | Merged | None:
    """Unite two edits as a text merge would: the words both hold, in order; an edit beats a deletion.

    Words are told apart and never doubled, so that merging again a half that landed adds nothing.
    """
    if now.local is ABSENT or now.remote is ABSENT:
        return Side.REMOTE if now.local is ABSENT else Side.LOCAL
    words = dict.fromkeys(f"{now.local} {now.remote}".split())
    text = " ".join(sorted(words))
    return Merged(text, text)


def fits_as_it_is(_slot: Slot, _was: Pair, now: Pair) -> Side | Merged | None:
    """The edits say the same in two ways: each side keeps its own."""
    if now.local is ABSENT or now.remote is ABSENT:
        return None
    return Merged(now.local, now.remote)


decisive: st.SearchStrategy[Policy] = st.sampled_from([local_wins, remote_wins, merge])
policies: st.SearchStrategy[Policy] = st.sampled_from(
    [local_wins, remote_wins, merge, fits_as_it_is, ask]
)


@dataclass(frozen=True)
class Rights:
    """Which sides of which slots may be written; what is not named may be written on both."""

    table: Mapping[Slot, frozenset[Side]]

    def __call__(self, slot: Slot) -> frozenset[Side]:
        return self.table.get(slot, BOTH)


rights = writables.map(Rights)


def put(snapshot: Snapshot, slot: Slot, value: Value) -> dict[Slot, Value]:
    """The snapshot with one slot set, or taken out where the value is ABSENT."""
    rest = {key: held for key, held in snapshot.items() if key != slot}
    return rest if value is ABSENT else rest | {slot: value}


def carry_out(plan: Plan, local: Snapshot, remote: Snapshot) -> dict[Side, dict[Slot, Value]]:
    """What the sides hold once every change of the plan has landed as it was written."""
    held = {Side.LOCAL: dict(local), Side.REMOTE: dict(remote)}
    for change in plan.changes:
        held[change.side] = put(held[change.side], change.slot, change.value)
    return held


def all_applied(plan: Plan) -> Applied:
    """The answer of two sides that hold what was written to them, unchanged."""
    return {(change.side, change.slot): change.value for change in plan.changes}


def mirrored(pair: Pair) -> Pair:
    """The pair seen from the other side."""
    return Pair(pair.remote, pair.local)


def mirrored_answer(answer: Side | Merged | None) -> Side | Merged | None:
    """A policy's answer seen from the other side."""
    match answer:
        case None:
            return None
        case Side():
            return answer.other
        case Merged():
            return Merged(answer.remote, answer.local)


def mirrored_policy(policy: Policy) -> Policy:
    """The policy that gives the mirrored answer to the mirrored question."""

    def decide(slot: Slot, was: Pair, now: Pair) -> Side | Merged | None:
        return mirrored_answer(policy(slot, mirrored(was), mirrored(now)))

    return decide


def moved(base: Base, slot: Slot, now: Pair) -> list[Side]:
    """The sides on which a slot is not what it was."""
    was = base.get(slot, Pair())
    return [side for side in Side if now.of(side) != was.of(side)]
