"""Values of properties as canonical text: equal values are written alike, and free text is free."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.fields import (
    ASSIGNEE,
    TITLE,
    FieldMap,
    component_slot,
    foreign,
    only_here,
    only_there,
    property_slot,
    spelled,
    unspelled,
    version_slot,
    whole_of,
    writable_within,
)
from duolog.core.properties import join_options, number_text, split_options
from duolog.core.values import BOTH, Pair, Side, everywhere


@pytest.mark.parametrize(
    ("written", "text"),
    [
        pytest.param(" 3.50 ", "3.5", id="no zeros at the end"),
        pytest.param("-0.0", "0", id="no negative zero"),
        pytest.param("1e3", "1000", id="no exponent"),
        pytest.param("123456789012345", "123456789012345", id="fifteen digits"),
        pytest.param("1e-15", "0.000000000000001", id="fifteen places"),
    ],
)
def test_a_number_has_one_form(written: str, text: str) -> None:
    assert number_text(written) == text


@pytest.mark.parametrize(
    "written", ["", "x", "Infinity", "NaN", "1234567890123456", "1e15", "1e-16"]
)
def test_what_jira_would_not_keep_is_no_number(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        number_text(written or "empty")


@given(st.text())
def test_free_text_never_reads_as_a_foreign_value(text: str) -> None:
    assert foreign(property_slot("1"), spelled(text)) is None
    assert unspelled(spelled(text)) == text


@given(st.sets(st.text("0123456789abcdef", min_size=1)))
def test_chosen_options_have_one_order(ids: set[str]) -> None:
    text = join_options(sorted(ids, reverse=True))
    assert text == join_options(ids)
    assert set(split_options(text or "")) == ids


def test_only_what_names_something_can_be_foreign() -> None:
    assert foreign(ASSIGNEE, only_here("7")) == "7"
    assert foreign(property_slot("1"), only_there("9")) == "9"
    assert foreign(TITLE, "jira: mend the import") is None


def test_a_project_without_components_leaves_out_each_of_them() -> None:
    fields = FieldMap(left_out=frozenset({whole_of("component"), TITLE}))
    assert fields.leaves_out(component_slot("API"))
    assert fields.leaves_out(TITLE)
    assert not fields.leaves_out(version_slot("1.0"))


def test_what_can_only_be_read_is_not_written_there() -> None:
    writable = writable_within(
        everywhere, {ASSIGNEE: Pair("1", "2")}, read_only=frozenset({ASSIGNEE})
    )
    assert writable(ASSIGNEE) == {Side.LOCAL}
    assert writable(TITLE) == BOTH
