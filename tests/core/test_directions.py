"""Which way each slot of a binding goes."""

from __future__ import annotations

import pytest

from duolog.core.directions import Directions, SlotDirection
from duolog.core.fields import DESCRIPTION, STATUS, TITLE
from duolog.core.policy import ask
from duolog.core.reconcile import Plan, reconcile
from duolog.core.values import Pair, Side, Slot, Snapshot

RULED = Directions(
    {
        "status": SlotDirection.JIRA_TO_HERE,
        "description": SlotDirection.HERE_TO_JIRA,
        "comment": SlotDirection.OFF,
        "property": SlotDirection.OFF,
        "property/7": SlotDirection.BOTH,
    }
)
ONE_WAY = Directions(RULED.rules, frozenset({Side.REMOTE}))
COMMENT = Slot("comment", "1")


@pytest.mark.parametrize(
    ("slot", "sides"),
    [
        pytest.param(TITLE, {Side.LOCAL, Side.REMOTE}, id="what no rule names goes both ways"),
        pytest.param(STATUS, {Side.LOCAL}, id="from Jira only, Jira is never written"),
        pytest.param(DESCRIPTION, {Side.REMOTE}, id="to Jira only, nothing here is written"),
        pytest.param(COMMENT, set(), id="what is off is written nowhere"),
        pytest.param(Slot("property", "7"), {Side.LOCAL, Side.REMOTE}, id="one goes by its own"),
        pytest.param(Slot("property", "8"), set(), id="the others go by their kind"),
    ],
)
def test_a_rule_says_where_a_slot_is_written(slot: Slot, sides: set[Side]) -> None:
    assert RULED.sides(slot) == sides
    assert ONE_WAY.sides(slot) == sides - {Side.LOCAL}


def test_what_is_off_is_not_looked_at() -> None:
    assert RULED.kept({TITLE: "Seen", COMMENT: "Said"}) == {TITLE: "Seen"}


def test_what_is_new_bears_a_title_whatever_the_rules_say() -> None:
    only_from_jira = Directions({"title": SlotDirection.JIRA_TO_HERE})
    assert only_from_jira.bears(TITLE, Side.REMOTE)
    assert not RULED.bears(STATUS, Side.REMOTE)
    assert RULED.bears(STATUS, Side.LOCAL)


def planned(slot: Slot, here: str, there: str) -> Plan:
    base = {slot: Pair("before", "before")}
    local: Snapshot = {slot: here}
    return reconcile(base, local, {slot: there}, policy=RULED.settling(ask), writable=RULED.sides)


def test_an_edit_on_the_side_that_is_not_read_differs_and_is_no_conflict() -> None:
    plan = planned(STATUS, "edited", "before")
    assert [difference.slot for difference in plan.differs] == [STATUS]
    assert not plan.changes
    assert not plan.conflicts


def test_the_side_that_is_read_prevails_where_both_were_edited() -> None:
    (change,) = planned(STATUS, "here", "there").changes
    assert (change.side, change.value) == (Side.LOCAL, "there")
    (change,) = planned(DESCRIPTION, "here", "there").changes
    assert (change.side, change.value) == (Side.REMOTE, "here")
