"""Law 9 and law 10 together, over whole histories: edits, faults, races, runs, in any order."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal, TypeAlias

from core.strategies import SLOTS, Rights, decisive, put, rights, sides, slots, values
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from duolog.core.reconcile import Plan, reconcile, settle
from duolog.core.values import ABSENT, Pair, Policy, Side, Slot, Value

Fault: TypeAlias = Literal["before", "after", None]


class WriteFailed(Exception):
    """The writer cannot say that the write landed."""


class FakeSide:
    """A side that normalises what it stores, and fails before or after a write lands."""

    def __init__(self, normalise: Callable[[Value], Value]) -> None:
        self.normalise = normalise
        self.slots: dict[Slot, Value] = {}
        self.faults: list[Fault] = []

    def edit(self, slot: Slot, value: Value) -> None:
        self.slots = put(self.slots, slot, self.normalise(value))

    def write(self, slot: Slot, value: Value, expected: Value) -> Value:
        fault = self.faults.pop(0) if self.faults else None
        if fault == "before" or self.slots.get(slot, ABSENT) != expected:
            raise WriteFailed
        self.edit(slot, value)
        if fault == "after":
            raise WriteFailed
        return self.slots.get(slot, ABSENT)


def as_it_is(value: Value) -> Value:
    return value


def stripped(value: Value) -> Value:
    return value.strip() if isinstance(value, str) else value


def stripped_or_gone(value: Value) -> Value:
    return value.strip() or ABSENT if isinstance(value, str) else value


class Histories(RuleBasedStateMachine):
    """Two sides, a base, and one policy and set of rights for the whole history."""

    normalisers: ClassVar = st.sampled_from([as_it_is, stripped, stripped_or_gone])

    @initialize(policy=decisive, writable=rights, normalise=normalisers)
    def start(self, policy: Policy, writable: Rights, normalise: Callable[[Value], Value]) -> None:
        self.held = {Side.LOCAL: FakeSide(as_it_is), Side.REMOTE: FakeSide(normalise)}
        self.base: dict[Slot, Pair] = {}
        self.policy, self.writable = policy, writable

    @rule(side=sides, slot=slots, value=values)
    def edit(self, side: Side, slot: Slot, value: Value) -> None:
        self.held[side].edit(slot, value)

    @rule(side=sides, faults=st.lists(st.sampled_from(["before", "after", None]), max_size=3))
    def break_a_side(self, side: Side, faults: list[Fault]) -> None:
        self.held[side].faults = faults

    @rule()
    def run(self) -> None:
        self._carry_out(self._plan())

    @rule(side=sides, slot=slots, value=values)
    def run_while_somebody_edits(self, side: Side, slot: Slot, value: Value) -> None:
        plan = self._plan()
        self.held[side].edit(slot, value)
        self._carry_out(plan)

    @rule()
    def heal_and_run(self) -> None:
        for side in self.held.values():
            side.faults = []
        self._carry_out(self._plan())
        rest = self._plan()
        assert rest == Plan(differs=rest.differs)
        local, remote = self.held[Side.LOCAL].slots, self.held[Side.REMOTE]
        for slot in set(SLOTS) - {difference.slot for difference in rest.differs}:
            assert remote.normalise(local.get(slot, ABSENT)) == remote.slots.get(slot, ABSENT)
        assert set(self.base) - {*local, *remote.slots} <= {d.slot for d in rest.differs}

    @invariant()
    def no_dead_slot_in_the_base(self) -> None:
        assert Pair() not in self.base.values()

    def _plan(self) -> Plan:
        return reconcile(
            self.base,
            self.held[Side.LOCAL].slots,
            self.held[Side.REMOTE].slots,
            policy=self.policy,
            writable=self.writable,
        )

    def _carry_out(self, plan: Plan) -> None:
        recorded = {conflict.slot for conflict in plan.conflicts}
        applied: dict[tuple[Side, Slot], Value] = {}
        for change in plan.changes:
            was = self.base.get(change.slot, Pair()).of(change.side)
            assert change.expected == was or change.slot in recorded, "overwritten in silence"
            try:
                landed = self.held[change.side].write(change.slot, change.value, change.expected)
            except WriteFailed:
                continue
            applied[change.side, change.slot] = landed
        self.base = settle(self.base, plan, applied)


TestHistories = Histories.TestCase
