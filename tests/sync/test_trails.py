"""What tells a walk of ours from a person's edit."""

from __future__ import annotations

import pytest

from duolog.core.fields import STATUS, TITLE
from duolog.core.policy import ask
from duolog.core.reconcile import Change, Plan, reconcile
from duolog.core.values import Pair, Side, Slot
from duolog.sync.basis.trails import is_own_step, own_base

TRAIL = ("1", "2", "3")
BASE = {STATUS: Pair("to do", "to do"), TITLE: Pair("A", "A")}


def base_of(here: str, there: str, stands: str, trail: tuple[str, ...] = TRAIL) -> dict[Slot, Pair]:
    return own_base(dict(BASE), trail, here={STATUS: here}, there={STATUS: there}, stands=stands)


def plan_of(here: str, there: str, stands: str, trail: tuple[str, ...] = TRAIL) -> Plan:
    base = base_of(here, there, stands, trail)
    now = {STATUS: here}, {STATUS: there}
    return reconcile({STATUS: base[STATUS]}, *now, policy=ask)


def test_an_issue_on_our_way_is_walked_on() -> None:
    plan = plan_of("done", "doing", "2")
    assert plan.changes == (Change(Side.REMOTE, STATUS, "done", "doing"),)
    assert not plan.conflicts


def test_what_was_given_back_here_meanwhile_is_carried_over_too() -> None:
    plan = plan_of("to do", "doing", "2")
    assert plan.changes == (Change(Side.REMOTE, STATUS, "to do", "doing"),)


def test_an_issue_beside_our_way_was_moved_by_a_person() -> None:
    plan = plan_of("done", "blocked", "9")
    assert [conflict.slot for conflict in plan.conflicts] == [STATUS]


def test_without_a_walk_a_move_in_jira_is_one() -> None:
    plan = plan_of("to do", "doing", "2", ())
    assert plan.changes == (Change(Side.LOCAL, STATUS, "doing", "to do"),)


def test_an_issue_that_has_arrived_needs_nothing() -> None:
    assert base_of("done", "done", "3") == BASE
    assert not plan_of("done", "done", "3").changes


def test_only_the_status_is_judged_so() -> None:
    assert base_of("done", "doing", "2")[TITLE] == BASE[TITLE]


@pytest.mark.parametrize(
    ("old", "new", "is_own"),
    [
        pytest.param("1", "2", True, id="a step of the walk"),
        pytest.param("2", "1", False, id="back again"),
        pytest.param("1", "3", False, id="past a status between"),
        pytest.param("3", "2", False, id="back from the end"),
    ],
)
def test_a_step_is_told_by_where_it_began_and_ended(old: str, new: str, is_own: bool) -> None:
    assert is_own_step(TRAIL, old, new) is is_own
