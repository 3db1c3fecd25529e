"""Two edits of one text: what fits together is kept whole, what does not is left to a person."""

from __future__ import annotations

from typing import Final

import pytest
from core.strategies import TITLE
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.fields import (
    DESCRIPTION,
    FieldMap,
    PropertyMap,
    comment_slot,
    only_here,
    only_there,
    property_slot,
    spelled,
)
from duolog.core.markup import normalise, pieces_of
from duolog.core.merge import LONGEST, merge_texts
from duolog.core.policy import ConflictPolicy, policy_for
from duolog.core.properties import PropertyKind, join_lines, join_options
from duolog.core.values import ABSENT, Merged, Pair, Slot, Value

BASE: Final = """# Plan

One paragraph.

Another paragraph.

- first
- second

```
code

with a gap
```

| a | b |
| --- | --- |
| 1 | 2 |
| 3 | 4 |

The end."""


def merged(here: Value, there: Value, base: Value = BASE) -> str | None:
    return merge_texts(Pair(base, base), Pair(here, there))


def edited(**changes: str) -> str:
    text = BASE
    for old, new in changes.items():
        text = text.replace(old.replace("_", " "), new)
    return text


@pytest.mark.parametrize(
    ("here", "there", "both"),
    [
        pytest.param(
            edited(One="1st"), edited(Another="2nd"), edited(One="1st", Another="2nd"),
            id="neighbouring paragraphs",
        ),
        pytest.param(
            edited(first="1st"), edited(second="2nd"), edited(first="1st", second="2nd"),
            id="items of one list",
        ),
        pytest.param(
            BASE.replace("| 1 | 2 |", "| 1 | two |"), BASE.replace("| 3 | 4 |", "| 3 | four |"),
            BASE.replace("| 1 | 2 |", "| 1 | two |").replace("| 3 | 4 |", "| 3 | four |"),
            id="rows of one table",
        ),
        pytest.param(
            f"{BASE}\n\nMore.", edited(end="finish"), f"{edited(end='finish')}\n\nMore.",
            id="one goes on after what the other changed",
        ),
        pytest.param(
            f"Before.\n\n{BASE}", edited(Plan="Aim"), f"Before.\n\n{edited(Plan='Aim')}",
            id="one begins before what the other changed",
        ),
        pytest.param(
            BASE.replace("One paragraph.\n\n", ""), edited(Another="2nd"),
            BASE.replace("One paragraph.\n\n", "").replace("Another", "2nd"),
            id="one deletes, the other edits the next",
        ),
        pytest.param(
            edited(One="1st", end="finish"), edited(One="1st", Another="2nd"),
            edited(One="1st", end="finish", Another="2nd"),
            id="what both did counts once",
        ),
    ],
)  # fmt: skip
def test_edits_of_different_pieces_fit(here: str, there: str, both: str) -> None:
    assert merged(here, there) == merged(there, here) == both


@pytest.mark.parametrize(
    ("here", "there"),
    [
        pytest.param(edited(One="1st"), edited(One="Erste"), id="the same paragraph"),
        pytest.param(BASE.replace("code", "c"), BASE.replace("gap", "g"), id="one code block"),
        pytest.param(f"{BASE}\n\nMore.", f"{BASE}\n\nOther.", id="both go on at the end"),
        pytest.param(
            BASE.replace("One paragraph.\n\n", ""), edited(One="1st"), id="deleted and edited"
        ),
        pytest.param("", edited(One="1st"), id="all of it deleted"),
        pytest.param(ABSENT, edited(One="1st"), id="gone on one side"),
        pytest.param(None, edited(One="1st"), id="emptied on one side"),
    ],
)
def test_edits_of_one_piece_do_not_fit(here: Value, there: Value) -> None:
    assert merged(here, there) is None
    assert merged(there, here) is None


def test_nothing_is_merged_where_the_sides_never_held_the_same() -> None:
    was = Pair(BASE, edited(end="finish"))
    assert merge_texts(was, Pair(edited(One="1st"), edited(Another="2nd"))) is None


def test_a_very_long_text_is_left_to_a_person() -> None:
    base = "\n\n".join(f"Line {number}." for number in range(LONGEST + 1))
    assert merged(f"{base}\n\nMore.", base.replace("Line 0.", "First."), base) is None


def test_what_would_change_its_meaning_in_the_other_place_is_left_to_a_person() -> None:
    base = "a\n\n1. one\n\nb"
    here = "a\n\n1. one\n2. two\n\nb"
    there = "a\n\n1. one\n\n---\n\nb"
    both = merged(here, there, base)
    assert both is None or both == normalise(both)


words = st.sampled_from(["alpha", "beta", "gamma", "delta"])
lines = st.lists(words, min_size=1, max_size=3).map(" ".join)


@given(st.lists(st.tuples(st.sampled_from(["keep", "here", "there"]), lines), max_size=8))
def test_edits_that_share_no_paragraph_are_both_carried_out(parts: list[tuple[str, str]]) -> None:
    """Whoever edits a paragraph makes it another one; the merge holds each edited as its editor did."""
    base, here, there, both = [], [], [], []
    for number, (editor, line) in enumerate(parts):
        old, new = f"{number} {line}", f"{number} changed"
        base.append(old)
        here.append(new if editor == "here" else old)
        there.append(new if editor == "there" else old)
        both.append(old if editor == "keep" else new)
    texts = ["\n\n".join(each) for each in (base, here, there, both)]
    assert merged(texts[1], texts[2], texts[0]) == texts[3]


@given(*[st.lists(lines, max_size=6).map("\n\n".join)] * 3)
def test_a_merge_knows_no_sides_and_invents_nothing(base: str, here: str, there: str) -> None:
    found = merged(here, there, base)
    assert found == merged(there, here, base)
    if found is not None:
        said = {piece.strip() for text in (base, here, there) for piece in pieces_of(text)}
        assert {piece.strip() for piece in pieces_of(found)} <= said | {""}


@given(st.text(alphabet="a1.-*`#|> \n\t", max_size=60))
def test_pieces_are_the_text(text: str) -> None:
    assert "\n".join(pieces_of(text)) == text


@pytest.mark.parametrize("choice", ConflictPolicy)
@pytest.mark.parametrize("slot", [DESCRIPTION, comment_slot(1)])
def test_every_policy_merges_texts_first(choice: ConflictPolicy, slot: Slot) -> None:
    was, now = Pair(BASE, BASE), Pair(edited(One="1st"), edited(end="finish"))
    both = edited(One="1st", end="finish")
    assert policy_for(choice)(slot, was, now) == Merged(both, both)


def test_a_property_of_paragraphs_is_merged_and_one_of_text_is_not() -> None:
    kinds = {"1": PropertyKind.PARAGRAPH, "2": PropertyKind.TEXT}
    known = FieldMap(properties={key: PropertyMap(f"f{key}", kind) for key, kind in kinds.items()})
    policy = policy_for(ConflictPolicy.ASK, kind_of=known.kind_of)
    was = Pair(spelled("jira: a\n\nb"), spelled("jira: a\n\nb"))
    now = Pair(spelled("jira: A\n\nb"), spelled("jira: a\n\nB"))
    both = spelled("jira: A\n\nB")
    assert policy(property_slot("1"), was, now) == Merged(both, both)
    assert policy(property_slot("2"), was, now) is None
    assert policy(property_slot("3"), was, now) is None


SETS: Final = (PropertyKind.LIST, PropertyKind.MEMBERS, PropertyKind.MULTI_SELECT)
members = st.frozensets(st.sampled_from(["1", "2", "31", "4", "jira: 5", "\\6"]))


def joined(kind: PropertyKind, held: frozenset[str]) -> Value:
    text = join_lines(held) if kind is PropertyKind.LIST else join_options(held)
    return None if text is None else spelled(text)


@pytest.mark.parametrize("kind", SETS)
@given(base=members, here=members, there=members)
def test_sets_are_merged_member_by_member(
    kind: PropertyKind, base: frozenset[str], here: frozenset[str], there: frozenset[str]
) -> None:
    """Each member is where it would be if it were a label of its own."""
    policy = policy_for(ConflictPolicy.ASK, kind_of=lambda _slot: kind)
    was, ours, theirs = (joined(kind, held) for held in (base, here, there))
    found = policy(property_slot("1"), Pair(was, was), Pair(ours, theirs))
    both = frozenset(
        member
        for member in base | here | there
        if (member in (there if (member in here) == (member in base) else here))
    )
    assert found == Merged(joined(kind, both), joined(kind, both))


@pytest.mark.parametrize("now", [Pair(only_here("1,9"), "1,2"), Pair("1,3", only_there("7"))])
def test_a_set_of_which_a_part_has_no_counterpart_is_left_to_a_person(now: Pair) -> None:
    policy = policy_for(ConflictPolicy.ASK, kind_of=lambda _slot: PropertyKind.MEMBERS)
    assert policy(property_slot("1"), Pair("1", "1"), now) is None


@pytest.mark.parametrize("was", [Pair(), Pair("1", "1,2")])
def test_sets_that_were_never_the_same_are_left_to_a_person(was: Pair) -> None:
    policy = policy_for(ConflictPolicy.ASK, kind_of=lambda _slot: PropertyKind.MULTI_SELECT)
    assert policy(property_slot("1"), was, Pair("3", "4")) is None


def test_a_title_is_no_text_to_merge() -> None:
    was, now = Pair("a\n\nb", "a\n\nb"), Pair("A\n\nb", "a\n\nB")
    assert policy_for(ConflictPolicy.ASK)(TITLE, was, now) is None
