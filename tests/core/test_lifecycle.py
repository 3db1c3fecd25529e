"""What becomes of the survivor, by what the binding wants and whether it was edited."""

from __future__ import annotations

import pytest
from core.strategies import COMMENT, TITLE

from duolog.core.lifecycle import Fate, OnDelete, fate_of_survivor, too_many_deletions
from duolog.core.values import Base, Pair, Side, Snapshot

BASE: Base = {TITLE: Pair("a", "A")}
UNTOUCHED: Snapshot = {TITLE: "a"}
EDITED: Snapshot = {TITLE: "b"}


@pytest.mark.parametrize(
    ("on_delete", "survivor", "fate"),
    [
        pytest.param(OnDelete.ASK, UNTOUCHED, Fate.ASK, id="ask, untouched: a person decides"),
        pytest.param(OnDelete.ASK, EDITED, Fate.ASK, id="ask, edited: a person decides"),
        pytest.param(OnDelete.UNLINK, UNTOUCHED, Fate.KEEP, id="unlink, untouched: it stays"),
        pytest.param(OnDelete.UNLINK, EDITED, Fate.KEEP, id="unlink, edited: it stays"),
        pytest.param(OnDelete.DELETE, UNTOUCHED, Fate.DELETE, id="delete, untouched: it goes"),
        pytest.param(OnDelete.DELETE, EDITED, Fate.ASK, id="delete, edited: the edit prevails"),
        pytest.param(
            OnDelete.DELETE,
            {TITLE: "a", COMMENT: "new"},
            Fate.ASK,
            id="delete, with something new: that prevails",
        ),
        pytest.param(
            OnDelete.DELETE, {}, Fate.ASK, id="delete, with something removed: also an edit"
        ),
    ],
)
def test_fate(on_delete: OnDelete, survivor: Snapshot, fate: Fate) -> None:
    assert fate_of_survivor(BASE, survivor, Side.LOCAL, on_delete=on_delete) is fate


@pytest.mark.parametrize(
    ("side", "survivor", "fate"),
    [
        pytest.param(Side.REMOTE, {TITLE: "A"}, Fate.DELETE, id="untouched there"),
        pytest.param(Side.REMOTE, {TITLE: "a"}, Fate.ASK, id="what we hold is an edit there"),
        pytest.param(Side.LOCAL, {TITLE: "A"}, Fate.ASK, id="what they hold is an edit here"),
    ],
)
def test_each_side_is_held_against_its_own_half_of_the_base(
    side: Side, survivor: Snapshot, fate: Fate
) -> None:
    assert fate_of_survivor(BASE, survivor, side, on_delete=OnDelete.DELETE) is fate


def test_an_empty_field_that_is_gone_is_an_edit() -> None:
    base: Base = {TITLE: Pair(None, None)}
    assert fate_of_survivor(base, {}, Side.LOCAL, on_delete=OnDelete.DELETE) is Fate.ASK


@pytest.mark.parametrize("survivor", [{}, UNTOUCHED])
def test_what_was_never_in_step_is_not_deleted(survivor: Snapshot) -> None:
    assert fate_of_survivor({}, survivor, Side.LOCAL, on_delete=OnDelete.DELETE) is Fate.ASK


@pytest.mark.parametrize(
    ("deletions", "links", "suspicious"),
    [
        pytest.param(5, 6, False, id="five may be a wish, however few there are"),
        pytest.param(6, 6, True, id="all of more than five"),
        pytest.param(6, 29, True, id="six of 29 are more than a fifth"),
        pytest.param(6, 30, False, id="six of 30 are exactly a fifth"),
        pytest.param(6, 40, False, id="six of 40 are less than a fifth"),
        pytest.param(201, 1000, True, id="one more than a fifth of a thousand"),
        pytest.param(200, 1000, False, id="exactly a fifth of a thousand"),
    ],
)
def test_too_many_deletions(deletions: int, links: int, suspicious: bool) -> None:
    assert too_many_deletions(deletions, links) is suspicious


def test_floor_and_share_can_be_chosen() -> None:
    assert too_many_deletions(2, 3, floor=1, share=0.5)
    assert not too_many_deletions(2, 3, floor=2, share=0.5)
    assert not too_many_deletions(2, 3, floor=1, share=0.7)
