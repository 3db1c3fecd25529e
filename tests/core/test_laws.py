"""The ten laws of the core, each a property of `reconcile` and `settle`."""

from __future__ import annotations

from core.strategies import (
    Rights,
    all_applied,
    bases,
    carry_out,
    decisive,
    lossless_bases,
    mirrored,
    mirrored_answer,
    mirrored_policy,
    moved,
    policies,
    put,
    rights,
    snapshots,
)
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.policy import ask, local_wins
from duolog.core.reconcile import Plan, reconcile, settle
from duolog.core.values import ABSENT, Base, Merged, Pair, Policy, Side, Slot, Snapshot, Value


def now_of(slot: Slot, local: Snapshot, remote: Snapshot) -> Pair:
    return Pair(local.get(slot, ABSENT), remote.get(slot, ABSENT))


def named(plan: Plan) -> set[Slot]:
    return {
        *(change.slot for change in plan.changes),
        *(conflict.slot for conflict in plan.conflicts),
        *(slot for slot, _ in plan.in_step),
        *(difference.slot for difference in plan.differs),
    }


def shown(plan: Plan) -> set[Slot]:
    return {conflict.slot for conflict in plan.conflicts} | {d.slot for d in plan.differs}


def only_remote(_slot: Slot) -> frozenset[Side]:
    return frozenset({Side.REMOTE})


@given(bases, snapshots, snapshots, decisive, rights)
def test_1_rest_after_one_round_nothing_is_left_to_do(
    base: Base, local: Snapshot, remote: Snapshot, policy: Policy, writable: Rights
) -> None:
    plan = reconcile(base, local, remote, policy=policy, writable=writable)
    held = carry_out(plan, local, remote)
    settled = settle(base, plan, all_applied(plan))
    again = reconcile(
        settled, held[Side.LOCAL], held[Side.REMOTE], policy=policy, writable=writable
    )
    assert again == Plan(differs=plan.differs)


@given(bases, snapshots, snapshots, policies, rights)
def test_2_no_silent_loss_every_edit_is_on_both_sides_or_shown(
    base: Base, local: Snapshot, remote: Snapshot, policy: Policy, writable: Rights
) -> None:
    plan = reconcile(base, local, remote, policy=policy, writable=writable)
    held = carry_out(plan, local, remote)
    for slot in {*base, *local, *remote} - shown(plan):
        now = now_of(slot, local, remote)
        for side in moved(base, slot, now):
            edit = now.of(side)
            assert [held[s].get(slot, ABSENT) for s in Side] == [edit, edit]


@given(bases, snapshots, snapshots, policies, rights)
def test_3_no_deletion_without_evidence(
    base: Base, local: Snapshot, remote: Snapshot, policy: Policy, writable: Rights
) -> None:
    plan = reconcile(base, local, remote, policy=policy, writable=writable)
    deleted = {change.slot for change in plan.changes if change.value is ABSENT}
    assert deleted <= set(base)


@given(bases, snapshots, snapshots, policies, rights)
def test_4_restraint_a_slot_that_nobody_moved_is_named_nowhere(
    base: Base, local: Snapshot, remote: Snapshot, policy: Policy, writable: Rights
) -> None:
    plan = reconcile(base, local, remote, policy=policy, writable=writable)
    seen = {*base, *local, *remote}
    assert named(plan) == {s for s in seen if moved(base, s, now_of(s, local, remote))}


@given(bases, snapshots, snapshots, policies, rights)
def test_5_mirror_swapping_the_sides_swaps_the_plan(
    base: Base, local: Snapshot, remote: Snapshot, policy: Policy, writable: Rights
) -> None:
    swapped_rights = Rights(
        {slot: frozenset(side.other for side in sides) for slot, sides in writable.table.items()}
    )
    plan = reconcile(base, local, remote, policy=policy, writable=writable)
    swapped = reconcile(
        {slot: mirrored(pair) for slot, pair in base.items()},
        remote,
        local,
        policy=mirrored_policy(policy),
        writable=swapped_rights,
    )
    assert {(c.side.other, c.slot, c.value, c.expected) for c in plan.changes} == {
        (c.side, c.slot, c.value, c.expected) for c in swapped.changes
    }
    assert [(c.slot, mirrored_answer(c.winner)) for c in plan.conflicts] == [
        (c.slot, c.winner) for c in swapped.conflicts
    ]
    assert [(s, mirrored(pair)) for s, pair in plan.in_step] == list(swapped.in_step)
    assert [(d.slot, mirrored(d.base), mirrored(d.now)) for d in plan.differs] == [
        (d.slot, d.base, d.now) for d in swapped.differs
    ]


@given(bases, snapshots, snapshots, policies, rights)
def test_6_one_way_is_one_way_what_may_not_be_written_is_not(
    base: Base, local: Snapshot, remote: Snapshot, policy: Policy, writable: Rights
) -> None:
    plan = reconcile(base, local, remote, policy=policy, writable=writable)
    assert all(change.side in writable(change.slot) for change in plan.changes)


@given(bases, snapshots, snapshots)
def test_6_one_way_overwriting_is_recorded_and_the_unread_edit_shown(
    base: Base, local: Snapshot, remote: Snapshot
) -> None:
    plan = reconcile(base, local, remote, policy=local_wins, writable=only_remote)
    unread = {s for s in {*base, *local, *remote} if _unread(base, s, local, remote)}
    overwritten = {change.slot for change in plan.changes} & unread
    assert {(c.slot, c.winner) for c in plan.conflicts} == {(s, Side.LOCAL) for s in overwritten}
    assert {d.slot for d in plan.differs} == unread - overwritten
    assert all(d.now.local == d.base.local for d in plan.differs)


def _unread(base: Base, slot: Slot, local: Snapshot, remote: Snapshot) -> bool:
    now = now_of(slot, local, remote)
    return Side.REMOTE in moved(base, slot, now) and now.local != now.remote


@given(bases, snapshots, snapshots, rights)
def test_7_hold_is_hands_off_and_stays_a_conflict(
    base: Base, local: Snapshot, remote: Snapshot, writable: Rights
) -> None:
    plan = reconcile(base, local, remote, policy=ask, writable=writable)
    assert not {c.slot for c in plan.conflicts} & {change.slot for change in plan.changes}
    held = carry_out(plan, local, remote)
    settled = settle(base, plan, all_applied(plan))
    again = reconcile(settled, held[Side.LOCAL], held[Side.REMOTE], policy=ask, writable=writable)
    assert again.conflicts == plan.conflicts


@given(bases, snapshots, snapshots, policies, rights)
def test_8_agreement_is_not_a_conflict(
    base: Base, local: Snapshot, remote: Snapshot, policy: Policy, writable: Rights
) -> None:
    plan = reconcile(base, local, remote, policy=policy, writable=writable)
    fitting = {c.slot for c in plan.conflicts if isinstance(c.winner, Merged)}
    apart = [*(c.now for c in plan.conflicts), *(d.now for d in plan.differs)]
    assert all(now.local != now.remote for now in apart)
    assert all(pair.local == pair.remote or slot in fitting for slot, pair in plan.in_step)


@given(bases, snapshots, policies, rights)
def test_8_the_same_edit_on_both_sides_only_advances_the_base(
    base: Base, both: Snapshot, policy: Policy, writable: Rights
) -> None:
    plan = reconcile(base, both, both, policy=policy, writable=writable)
    assert plan == Plan(in_step=plan.in_step)
    assert settle(base, plan, {}) == {slot: Pair(value, value) for slot, value in both.items()}


@given(lossless_bases, snapshots, snapshots, decisive, st.data())
def test_9_crash_safe_whatever_landed_the_next_run_converges(
    base: Base, local: Snapshot, remote: Snapshot, policy: Policy, data: st.DataObject
) -> None:
    plan = reconcile(base, local, remote, policy=policy)
    held = {Side.LOCAL: dict(local), Side.REMOTE: dict(remote)}
    applied: dict[tuple[Side, Slot], Value] = {}
    for change in plan.changes:
        fate = data.draw(st.sampled_from(["landed", "answer lost", "never sent"]))
        if fate != "never sent":
            held[change.side] = put(held[change.side], change.slot, change.value)
        if fate == "landed":
            applied[change.side, change.slot] = change.value
    crashed = settle(base, plan, applied)
    again = reconcile(crashed, held[Side.LOCAL], held[Side.REMOTE], policy=policy)
    after = carry_out(again, held[Side.LOCAL], held[Side.REMOTE])
    settled = settle(crashed, again, all_applied(again))
    assert after[Side.LOCAL] == after[Side.REMOTE]
    assert settled == {slot: Pair(value, value) for slot, value in after[Side.LOCAL].items()}


@given(bases, snapshots, snapshots, decisive, rights)
def test_10_lossy_is_quiet_two_rounds_come_to_rest(
    base: Base, local: Snapshot, remote: Snapshot, policy: Policy, writable: Rights
) -> None:
    held = {Side.LOCAL: dict(local), Side.REMOTE: dict(remote)}
    plans = []
    for _ in range(2):
        plan = reconcile(
            base, held[Side.LOCAL], held[Side.REMOTE], policy=policy, writable=writable
        )
        applied = {(c.side, c.slot): _kept(c.side, c.value) for c in plan.changes}
        for (side, slot), value in applied.items():
            held[side] = put(held[side], slot, value)
        base = settle(base, plan, applied)
        plans.append(plan)
    assert plans[1] == Plan(differs=plans[0].differs)


def _kept(side: Side, value: Value) -> Value:
    """What a remote that cannot say everything keeps of a value: no outer space, no nothing."""
    if side is Side.LOCAL or not isinstance(value, str):
        return value
    return value.strip() or ABSENT
