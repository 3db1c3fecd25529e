"""Laws of taking past writes back, over any history of one slot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.fields import TITLE, only_there
from duolog.core.policy import local_wins
from duolog.core.reconcile import Change, reconcile, settle
from duolog.core.undo import Obstacle, Past, final, take_back
from duolog.core.values import ABSENT, BOTH, Pair, Side, Slot, Value, everywhere

LABEL = Slot("label", "billing")
values = st.one_of(st.text(alphabet="abc", max_size=3), st.none())
slots = st.sampled_from([TITLE, Slot("field", "status"), Slot("comment", "1")])
edits = st.lists(st.tuples(st.sampled_from(Side), slots, values), min_size=1, max_size=8)


def synced(history: list[tuple[Side, Slot, Value]]) -> tuple[list[Past], dict[Side, dict]]:
    """Each edit carried over by itself: the writes of the sync, newest first, and both sides."""
    held: dict[Side, dict[Slot, Value]] = {side: {TITLE: "start"} for side in Side}
    pasts: list[Past] = []
    for side, slot, value in history:
        before = held[side.other].get(slot, ABSENT)
        held[side][slot] = value
        if before == value:
            continue
        held[side.other][slot] = value
        pasts.insert(0, Past(side.other, slot, before, value))
    return pasts, held


def base_of(held: dict[Side, dict[Slot, Value]]) -> dict[Slot, Pair]:
    return {slot: Pair(value, value) for slot, value in held[Side.LOCAL].items()}


@given(edits)
def test_taken_back_then_at_rest_with_the_value_before_on_both_sides(
    history: list[tuple[Side, Slot, Value]],
) -> None:
    pasts, held = synced(history)
    if not pasts:
        return
    here, there = held[Side.LOCAL], held[Side.REMOTE]
    base = base_of(held)
    (verdict,) = take_back(pasts[:1], base, here, there, writable=everywhere)
    if isinstance(verdict, Obstacle):
        assert verdict is Obstacle.BORN_WITH
        return
    here[verdict.slot] = verdict.value
    plan = reconcile(base, _there(here), there, policy=local_wins)
    assert not plan.conflicts
    assert [(c.side, c.slot, c.value) for c in plan.changes] == [
        (Side.REMOTE, verdict.slot, pasts[0].before)
    ]
    applied = {(Side.REMOTE, verdict.slot): verdict.value}
    after = settle(base, plan, applied)
    there[verdict.slot] = verdict.value
    assert reconcile(after, _there(here), _there(there), policy=local_wins).changes == ()


def _there(held: dict[Slot, Value]) -> dict[Slot, Value]:
    return {slot: value for slot, value in held.items() if value is not ABSENT}


@given(edits)
def test_all_of_it_ends_where_it_began(history: list[tuple[Side, Slot, Value]]) -> None:
    pasts, held = synced(history)
    here = held[Side.LOCAL]
    verdicts = list(take_back(pasts, base_of(held), here, held[Side.REMOTE], writable=everywhere))
    changes = [verdict for verdict in verdicts if isinstance(verdict, Change)]
    ends = {change.slot: change.value for change in final(changes, here)}
    for slot, value in ends.items():
        oldest = [
            p for p, v in zip(pasts, verdicts, strict=True) if p.slot == slot and v in changes
        ]
        assert value == oldest[-1].before


@given(edits, st.sampled_from(Side), values)
def test_nothing_newer_is_put_over(
    history: list[tuple[Side, Slot, Value]], side: Side, value: Value
) -> None:
    pasts, held = synced(history)
    if not pasts or held[side].get(pasts[0].slot) == value:
        return
    base = base_of(held)
    held[side][pasts[0].slot] = value
    (verdict,) = take_back(
        pasts[:1], base, held[Side.LOCAL], held[Side.REMOTE], writable=everywhere
    )
    moved = {Side.LOCAL: Obstacle.MOVED_HERE, Side.REMOTE: Obstacle.MOVED_THERE}
    assert verdict is moved[side]


@pytest.mark.parametrize(
    ("past", "sides", "obstacle"),
    [
        pytest.param(
            Past(Side.REMOTE, TITLE, ABSENT, "now"), BOTH, Obstacle.BORN_WITH, id="made with it"
        ),
        pytest.param(
            Past(Side.REMOTE, TITLE, only_there("x"), "now"),
            BOTH,
            Obstacle.NO_COUNTERPART,
            id="what Jira held has no name here",
        ),
        pytest.param(
            Past(Side.LOCAL, TITLE, "was", "now"),
            frozenset({Side.LOCAL}),
            Obstacle.READ_ONLY,
            id="the field follows Jira alone",
        ),
    ],
)
def test_what_cannot_be_taken_back_says_why(
    past: Past, sides: frozenset[Side], obstacle: Obstacle
) -> None:
    held = {TITLE: "now"}
    base = {TITLE: Pair("now", "now")}
    assert list(take_back([past], base, held, held, writable=lambda _: sides)) == [obstacle]


def test_a_label_that_came_goes_again() -> None:
    held = {LABEL: "billing"}
    base = {LABEL: Pair("billing", "billing")}
    past = Past(Side.LOCAL, LABEL, ABSENT, "billing")
    (verdict,) = take_back([past], base, held, held, writable=everywhere)
    assert verdict == Change(Side.LOCAL, LABEL, ABSENT, "billing")
