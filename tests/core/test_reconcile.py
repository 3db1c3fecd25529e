"""Reconcile and settle by example: one sentence, one case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from core.strategies import COMMENT, LABEL, TITLE

from duolog.core.policy import ask, local_wins, remote_wins
from duolog.core.reconcile import Change, Conflict, Difference, Plan, reconcile, settle
from duolog.core.values import ABSENT, Merged, Pair, Policy, Side, Slot, Snapshot, Value


def snapshot(value: Value) -> Snapshot:
    return {} if value is ABSENT else {TITLE: value}


def base_of(pair: Pair) -> dict[Slot, Pair]:
    return {} if pair == Pair() else {TITLE: pair}


def plan_for(was: Pair, now: Pair, policy: Policy = ask, *writable: Side) -> Plan:
    sides = frozenset(writable or Side)
    return reconcile(
        base_of(was),
        snapshot(now.local),
        snapshot(now.remote),
        policy=policy,
        writable=lambda _slot: sides,
    )


def to(side: Side, value: Value, expected: Value) -> Change:
    return Change(side, TITLE, value, expected)


def answer(winner: Side | Merged | None) -> Policy:
    return lambda _slot, _was, _now: winner


@pytest.mark.parametrize(
    ("was", "now", "changes"),
    [
        pytest.param(
            Pair("a", "a"), Pair("b", "a"), (to(Side.REMOTE, "b", "a"),), id="an edit here goes out"
        ),
        pytest.param(
            Pair("a", "a"), Pair("a", "b"), (to(Side.LOCAL, "b", "a"),), id="an edit there comes in"
        ),
        pytest.param(
            Pair("a", "a"),
            Pair(ABSENT, "a"),
            (to(Side.REMOTE, ABSENT, "a"),),
            id="a deletion here goes out",
        ),
        pytest.param(
            Pair("a", "a"),
            Pair("a", ABSENT),
            (to(Side.LOCAL, ABSENT, "a"),),
            id="a deletion there comes in",
        ),
        pytest.param(
            Pair(),
            Pair("a", ABSENT),
            (to(Side.REMOTE, "a", ABSENT),),
            id="what is new here is made there",
        ),
        pytest.param(
            Pair("a", "a"),
            Pair(None, "a"),
            (to(Side.REMOTE, None, "a"),),
            id="emptied is not absent",
        ),
        pytest.param(Pair("*a*", "_a_"), Pair("*a*", "_a_"), (), id="a lossy format stays quiet"),
        pytest.param(Pair("a", "a"), Pair("b", "b"), (), id="the same edit on both sides"),
        pytest.param(Pair("a", "a"), Pair("b", "c"), (), id="two edits wait for a person"),
    ],
)
def test_what_is_written(was: Pair, now: Pair, changes: tuple[Change, ...]) -> None:
    assert plan_for(was, now).changes == changes


@pytest.mark.parametrize(
    ("policy", "writable", "expected"),
    [
        pytest.param(
            ask,
            (),
            Plan(conflicts=(Conflict(TITLE, Pair("a", "a"), Pair("b", "c"), None),)),
            id="nobody decided: both sides are left alone",
        ),
        pytest.param(
            local_wins,
            (),
            Plan(
                changes=(to(Side.REMOTE, "b", "c"),),
                conflicts=(Conflict(TITLE, Pair("a", "a"), Pair("b", "c"), Side.LOCAL),),
            ),
            id="a settled conflict is carried out and recorded",
        ),
        pytest.param(
            local_wins,
            (Side.REMOTE,),
            Plan(
                changes=(to(Side.REMOTE, "b", "c"),),
                conflicts=(Conflict(TITLE, Pair("a", "a"), Pair("b", "c"), Side.LOCAL),),
            ),
            id="one-way: the edit there is overwritten, and recorded",
        ),
        pytest.param(
            remote_wins,
            (Side.REMOTE,),
            Plan(differs=(Difference(TITLE, Pair("a", "a"), Pair("b", "c")),)),
            id="a winner that may not be written is a difference",
        ),
        pytest.param(
            ask,
            (Side.REMOTE,),
            Plan(conflicts=(Conflict(TITLE, Pair("a", "a"), Pair("b", "c"), None),)),
            id="a person is asked though one side cannot be written",
        ),
        pytest.param(
            answer(Merged("bc", "BC")),
            (),
            Plan(
                changes=(to(Side.LOCAL, "bc", "b"), to(Side.REMOTE, "BC", "c")),
                conflicts=(Conflict(TITLE, Pair("a", "a"), Pair("b", "c"), Merged("bc", "BC")),),
            ),
            id="a merge is written on both sides",
        ),
        pytest.param(
            answer(Merged("b", "b")),
            (Side.REMOTE,),
            Plan(
                changes=(to(Side.REMOTE, "b", "c"),),
                conflicts=(Conflict(TITLE, Pair("a", "a"), Pair("b", "c"), Merged("b", "b")),),
            ),
            id="a merge that one side holds already is written on the other alone",
        ),
        pytest.param(
            answer(Merged("bc", "bc")),
            (Side.REMOTE,),
            Plan(differs=(Difference(TITLE, Pair("a", "a"), Pair("b", "c")),)),
            id="a merge that cannot be written whole is not written in half",
        ),
        pytest.param(
            answer(Merged("b", "c")),
            (),
            Plan(
                conflicts=(Conflict(TITLE, Pair("a", "a"), Pair("b", "c"), Merged("b", "c")),),
                in_step=((TITLE, Pair("b", "c")),),
            ),
            id="edits that fit as they are only advance the base",
        ),
    ],
)
def test_two_different_edits(policy: Policy, writable: tuple[Side, ...], expected: Plan) -> None:
    assert plan_for(Pair("a", "a"), Pair("b", "c"), policy, *writable) == expected


def test_where_nothing_may_be_written_nobody_is_asked() -> None:
    def blow_up(_slot: Slot, _was: Pair, _now: Pair) -> Side | Merged | None:
        raise AssertionError("asked in vain")

    plan = reconcile(
        {}, {TITLE: "a"}, {TITLE: "b"}, policy=blow_up, writable=lambda _slot: frozenset()
    )
    assert plan == Plan(differs=(Difference(TITLE, Pair(), Pair("a", "b")),))


def test_the_policy_is_told_the_slot_what_it_was_and_what_it_is() -> None:
    asked: list[tuple[Slot, Pair, Pair]] = []

    def listen(slot: Slot, was: Pair, now: Pair) -> Side | Merged | None:
        asked.append((slot, was, now))
        return None

    reconcile({TITLE: Pair("a", "A")}, {TITLE: "b"}, {TITLE: "c"}, policy=listen)
    assert asked == [(TITLE, Pair("a", "A"), Pair("b", "c"))]


def test_the_slots_of_a_plan_are_in_order_and_split_by_side() -> None:
    base = {slot: Pair("a", "a") for slot in (TITLE, COMMENT, LABEL)}
    plan = reconcile(
        base,
        {TITLE: "b", COMMENT: "a", LABEL: "a"},
        {TITLE: "a", COMMENT: "b", LABEL: "c"},
        policy=ask,
    )
    assert [change.slot for change in plan.changes] == [COMMENT, TITLE, LABEL]
    assert [change.slot for change in plan.for_side(Side.LOCAL)] == [COMMENT, LABEL]
    assert [change.slot for change in plan.for_side(Side.REMOTE)] == [TITLE]


MERGED = plan_for(Pair("a", "a"), Pair("b", "c"), answer(Merged("bc", "bc")))
OUTWARD = plan_for(Pair("a", "a"), Pair("b ", "a"))


@pytest.mark.parametrize(
    ("plan", "applied", "pair"),
    [
        pytest.param(OUTWARD, {}, Pair("a", "a"), id="what did not land leaves the base alone"),
        pytest.param(
            OUTWARD,
            {(Side.REMOTE, TITLE): "b"},
            Pair("b ", "b"),
            id="the base keeps what was meant here and what was read back there",
        ),
        pytest.param(
            OUTWARD,
            {(Side.LOCAL, TITLE): "b"},
            Pair("a", "a"),
            id="an answer of the wrong side counts for nothing",
        ),
        pytest.param(
            MERGED,
            {(Side.LOCAL, TITLE): "bc"},
            Pair("a", "a"),
            id="half a merge is forgotten, to be merged again",
        ),
        pytest.param(
            MERGED,
            {(Side.LOCAL, TITLE): "bc", (Side.REMOTE, TITLE): "BC"},
            Pair("bc", "BC"),
            id="a whole merge is what both sides read back",
        ),
        pytest.param(
            plan_for(Pair("a", "a"), Pair("b", "c"), answer(Merged("b", "bc"))),
            {(Side.REMOTE, TITLE): "BC"},
            Pair("b", "BC"),
            id="the side a merge leaves alone keeps what it holds",
        ),
        pytest.param(
            plan_for(Pair("a", "a"), Pair("b", "c"), answer(Merged("bc", "c"))),
            {(Side.LOCAL, TITLE): "BC"},
            Pair("BC", "c"),
            id="and so does the other side",
        ),
        pytest.param(
            plan_for(Pair("a", "a"), Pair("b", "c "), remote_wins),
            {(Side.LOCAL, TITLE): "c"},
            Pair("c", "c "),
            id="a settled conflict keeps the winner as it stands",
        ),
    ],
)
def test_what_the_base_becomes(
    plan: Plan, applied: dict[tuple[Side, Slot], Value], pair: Pair
) -> None:
    assert settle({TITLE: Pair("a", "a")}, plan, applied) == {TITLE: pair}


def test_a_merge_of_which_the_engine_held_a_write_back_does_not_count() -> None:
    half = replace(MERGED, changes=MERGED.for_side(Side.LOCAL))
    applied: dict[tuple[Side, Slot], Value] = {(Side.LOCAL, TITLE): "bc"}
    assert settle({TITLE: Pair("a", "a")}, half, applied) == {TITLE: Pair("a", "a")}


def test_a_slot_gone_on_both_sides_leaves_the_base() -> None:
    gone = plan_for(Pair("a", "a"), Pair(ABSENT, "a"))
    assert settle({TITLE: Pair("a", "a")}, gone, {(Side.REMOTE, TITLE): ABSENT}) == {}


def test_settling_touches_no_other_slot_and_not_the_old_base() -> None:
    base = {TITLE: Pair("a", "a"), LABEL: Pair("x", "x")}
    settled = settle(base, OUTWARD, {(Side.REMOTE, TITLE): "b"})
    assert settled == {TITLE: Pair("b ", "b"), LABEL: Pair("x", "x")}
    assert base == {TITLE: Pair("a", "a"), LABEL: Pair("x", "x")}
