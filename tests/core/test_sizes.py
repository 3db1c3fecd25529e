"""Sizes of files in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.sizes import beside, size_in_words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KB"),
        (1536, "1.5 KB"),
        (25 * 1024 * 1024, "25 MB"),
        (10 * 1024**5, "10240 TB"),
    ],
)
def test_a_size_is_said_in_the_largest_unit_that_fits(size: int, words: str) -> None:
    assert size_in_words(size) == words


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_two_sizes_that_differ_never_read_the_same(one: int, two: int) -> None:
    said = beside(one, two)
    assert (said[0] == said[1]) == (one == two)
