"""How the values of the two sides name each other, and what may then be written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.fields import (
    COMMENT,
    LABEL,
    STATUS,
    ValueMap,
    comment_slot,
    foreign_id,
    label_slot,
    only_here,
    only_there,
    writable_within,
)
from duolog.core.values import ABSENT, BOTH, Pair, Side, Slot, Value

names = st.sampled_from(["1", "2", "3"])
maps = st.builds(
    ValueMap,
    outbound=st.dictionaries(names, st.sampled_from(["10", "20"])),
    inbound=st.dictionaries(st.sampled_from(["10", "20"]), names),
)

ALPHA_BETA = ValueMap(
    outbound={"todo": "10", "next": "10", "done": "30"}, inbound={"10": "todo", "30": "done"}
)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        pytest.param(only_here("7"), "7", id="a value Jira has no counterpart for"),
        pytest.param(only_there("7"), "7", id="a value we have no counterpart for"),
        pytest.param("7", None, id="an ordinary value"),
        pytest.param(7, None, id="a number"),
        pytest.param(None, None, id="an empty field"),
        pytest.param(ABSENT, None, id="no field at all"),
    ],
)
def test_a_foreign_value_names_what_it_is_on_its_own_side(value: Value, name: str | None) -> None:
    assert foreign_id(value) == name


def test_the_two_kinds_of_foreign_values_never_compare() -> None:
    assert only_here("7") != only_there("7")


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        pytest.param("backend", Slot(LABEL, "backend"), id="a plain label"),
        pytest.param(" very  urgent ", Slot(LABEL, "very-urgent"), id="blanks become hyphens"),
    ],
)
def test_a_label_is_normalised_before_it_becomes_a_key(name: str, slot: Slot) -> None:
    assert label_slot(name) == slot == label_slot(slot.key)


def test_a_comment_is_named_by_its_child_link() -> None:
    assert comment_slot(9) == Slot(COMMENT, "9")


def test_values_are_translated_or_said_to_be_foreign() -> None:
    assert (ALPHA_BETA.encode("todo"), ALPHA_BETA.encode("unknown")) == ("10", None)
    assert (ALPHA_BETA.decode("10"), ALPHA_BETA.decode("99")) == ("todo", only_there("99"))


@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        pytest.param("todo", "todo", id="what comes back as itself"),
        pytest.param("next", "todo", id="one of two that share a value of Jira's"),
        pytest.param("unknown", only_here("unknown"), id="what Jira cannot say"),
    ],
)
def test_a_value_compares_as_it_comes_back_from_jira(value: str, canonical: str) -> None:
    assert ALPHA_BETA.canonical(value) == canonical


def test_a_value_that_would_come_back_as_another_is_named() -> None:
    tangled = ValueMap(outbound={"a": "10"}, inbound={"10": "b", "20": "a"})
    assert tangled.restless() == ("a",)
    assert ALPHA_BETA.restless() == ()


@given(maps, names)
def test_without_restless_values_comparing_is_at_rest(values: ValueMap, name: str) -> None:
    canonical = values.canonical(name)
    if not values.restless() and foreign_id(canonical) is None:
        assert values.canonical(canonical) in {canonical, only_here(canonical)}


@pytest.mark.parametrize(
    ("slot", "now", "allowed", "sides"),
    [
        pytest.param(STATUS, Pair("1", "2"), BOTH, BOTH, id="both may be written"),
        pytest.param(
            STATUS,
            Pair("1", only_there("9")),
            BOTH,
            frozenset({Side.REMOTE}),
            id="what cannot be said here is not written here",
        ),
        pytest.param(
            STATUS,
            Pair(only_here("9"), "2"),
            BOTH,
            frozenset({Side.LOCAL}),
            id="what cannot be said there is not written there",
        ),
        pytest.param(
            STATUS,
            Pair(only_here("9"), "2"),
            frozenset({Side.REMOTE}),
            frozenset(),
            id="one way, and it cannot be said there",
        ),
        pytest.param(
            Slot(LABEL, "x"),
            Pair(only_here("x"), ABSENT),
            BOTH,
            BOTH,
            id="the text of a label or comment is never foreign",
        ),
    ],
)
def test_what_may_be_written(
    slot: Slot, now: Pair, allowed: frozenset[Side], sides: frozenset[Side]
) -> None:
    assert writable_within(lambda _: allowed, {slot: now})(slot) == sides


def test_a_slot_not_seen_may_be_written_where_allowed() -> None:
    assert writable_within(lambda _: frozenset({Side.REMOTE}), {})(STATUS) == {Side.REMOTE}
