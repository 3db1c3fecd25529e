"""What the pages of Jira work with, without pages: marked texts, mapping tables, sentences."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.fields import FieldMap, ValueMap
from duolog.jira.exits import Asked, Exit, Shape
from duolog.people.errors import Invalid
from duolog.sync.basis.screen_fields import screen_fields
from duolog.sync.mapping import Choice, ProjectMeta, fields_to_json, problems, strangers
from duolog.web.sync.binding_rules import Chosen, what_linking_does
from duolog.web.sync.mapping_tables import UNLISTED, Here, filled_in, read_tables, tables_of
from duolog.web.sync.screen_table import screen_table
from duolog.web.textdiff import MANY_WORDS, marked_change

TEXTS = st.text(alphabet="ab <>&\n'", max_size=40)


@given(TEXTS, TEXTS)
def test_without_what_is_new_the_marked_text_is_the_old_and_without_what_is_lost_the_new(
    before: str, after: str
) -> None:
    marked = marked_change(before, after)
    old = re.sub(r"<ins>.*?</ins>", "", marked, flags=re.DOTALL)
    new = re.sub(r"<del>.*?</del>", "", marked, flags=re.DOTALL)
    assert html.unescape(re.sub(r"</?del>", "", old)) == before
    assert html.unescape(re.sub(r"</?ins>", "", new)) == after


@given(TEXTS)
def test_nothing_is_marked_where_nothing_changed(text: str) -> None:
    assert marked_change(text, text) == html.escape(text)


def test_a_long_text_is_compared_by_lines() -> None:
    before = "word " * MANY_WORDS + "\nlast"
    assert marked_change(before, before.replace("last", "end")).endswith(
        "<del>last</del><ins>end</ins>"
    )


META = ProjectMeta(
    types=(Choice("10", "Task", "0"), Choice("11", "Epic", "1")),
    statuses=(Choice("1", "To Do", "new"), Choice("3", "Done", "done")),
    priorities=(Choice("2", "High"),),
    ways=(Choice("4:out", "blocks", "Blocks"), Choice("4:in", "is stopped", "Blocks")),
)
HERE = Here(
    statuses=[Choice("7", "Backlog"), Choice("8", "Done")],
    members=[Choice("5", "Maya Lind")],
    readings=[Choice("blocks", "blocks"), Choice("relates_to", "relates to")],
)
FIELDS = FieldMap(
    types=ValueMap({"task": "10"}, {"10": "task"}),
    statuses=ValueMap({"8": "3"}, {"3": "8"}),
    users=ValueMap({"5": "acc:gone"}, {"acc:gone": "5"}),
    relations=ValueMap({"blocks": "4:out"}, {"4:out": "blocks"}),
)


def test_tables_name_every_value_of_both_sides_and_count_what_is_missing() -> None:
    types, statuses, priorities, people, relations = tables_of(
        FIELDS, META, HERE, [Choice("acc:1", "Ann")]
    )
    assert {row.name: row.value for row in types.into} == {"Task": "task", "Epic": ""}
    assert {row.name: row.value for row in statuses.out} == {"Backlog": "", "Done": "3"}
    assert (statuses.missing, priorities.missing, people.missing) == (1, 5, 0)
    assert {row.name: row.value for row in relations.into} == {"blocks": "blocks", "is stopped": ""}
    assert relations.missing == 1
    assert [choice.name for choice in people.there] == ["Ann", UNLISTED]


def test_what_has_no_counterpart_comes_first_with_what_suggests_itself() -> None:
    suggested = FieldMap(statuses=ValueMap({"7": "1", "8": "3"}, {"1": "7"}))
    _, statuses, *_ = tables_of(FIELDS, META, HERE, [], suggested=suggested)
    assert [(row.name, row.suggested) for row in statuses.out] == [("Backlog", "1"), ("Done", "")]
    assert [(row.name, row.suggested) for row in statuses.into] == [("To Do", "7"), ("Done", "")]
    assert statuses.unmapped == ("Backlog",)


def test_suggestions_fill_only_what_was_left_open() -> None:
    tables = {"statuses": {"out": {"7": "", "8": "3"}, "in": {}}}
    suggested = {"statuses": {"out": {"7": "1", "8": "1"}, "in": {"1": "7"}}}
    after = filled_in(tables, suggested)
    assert after == {"statuses": {"out": {"7": "1", "8": "3"}, "in": {"1": "7"}}}


def an_exit(to: str, *asks: Asked) -> Exit:
    return Exit("31", "Go on", to, to, has_screen=True, asks=asks)


def test_screens_say_what_waits_first_and_what_is_filled_in_by_itself() -> None:
    done = Asked("resolution", "Resolution", is_required=True, shape=Shape.CHOICE,
                 choices=(("1", "Done"), ("2", "Won't do")))  # fmt: skip
    reference = Asked("customfield_1", "Ticket reference", is_required=True, shape=Shape.TEXT)
    note = Asked("customfield_2", "Note", is_required=False, shape=Shape.TEXT)
    odd = Asked("customfield_3", "Cascade", is_required=True, shape=Shape.OTHER)
    fields = screen_fields(
        [an_exit("Done", done, note), an_exit("Closed", done, reference), an_exit("Closed", odd)]
    )
    table = screen_table(fields, {}, [])
    assert [row.name for row in table.rows] == ["Ticket reference", "Resolution", "Note"]
    assert [row.where for row in table.rows] == ["Closed", "Done, Closed", "Done"]
    assert (table.missing, table.rows[1].unsaid) == (1, "Done (suggested)")
    assert screen_table(fields, {"customfield_1": "REF-1"}, []).missing == 0


def test_a_form_sent_as_it_was_drawn_changes_nothing() -> None:
    tables = tables_of(FIELDS, META, HERE, [])
    posted = {row.field: row.value for table in tables for row in (*table.out, *table.into)}
    before = fields_to_json(FIELDS)
    after = read_tables(posted, {kind: dict(table) for kind, table in _tables(before).items()})
    kept = {
        kind: {way: {k: v for k, v in rows.items() if v} for way, rows in table.items()}
        for kind, table in after.items()
    }
    assert kept == before


def _tables(stored: dict[str, object]) -> dict[str, dict[str, dict[str, str]]]:
    return {kind: dict(table) for kind, table in stored.items() if isinstance(table, dict)}


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=5), max_size=5))
def test_what_the_form_does_not_know_changes_no_table(noise: dict[str, str]) -> None:
    before = _tables(fields_to_json(FIELDS))
    assert read_tables({f"x{name}": value for name, value in noise.items()}, before) == before


def test_a_value_that_would_come_back_as_another_is_named_by_name() -> None:
    restless = FieldMap(statuses=ValueMap({"7": "3", "8": "3"}, {"3": "8", "1": "7"}))
    (sentence,) = problems(restless, {"status": {"7": "Backlog", "8": "Done"}})
    assert sentence.startswith("The status Backlog would come back from Jira as something else")


def test_a_value_that_neither_side_has_is_named_unless_it_stood_there_before() -> None:
    meta = ProjectMeta(statuses=(Choice("3", "Done"),))
    before = FieldMap(statuses=ValueMap({"7": "lost"}, {"lost": "8"}))
    after = FieldMap(
        statuses=ValueMap({"7": "lost", "8": "4242"}, {"lost": "8", "3": "9"}),
        priorities=ValueMap({}, {"2": "hihg"}),
    )
    names = {"status": {"7": "Backlog", "8": "Done"}, "priority": {"high": "High"}}
    assert strangers(before, before, names, meta) == ()
    assert strangers(before, after, names, meta) == (
        "Jira has no status with the id 4242.",
        "There is no status here with the id 9.",
        "There is no priority here with the id hihg.",
    )


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        pytest.param(
            Chosen(), "sends 1,280 items and brings in 1 issue.", id="both ways, everything"
        ),
        pytest.param(
            Chosen(direction="one_way"),
            "sends 1,280 items. What is in the space already (1 issue) stays as it is.",
            id="one way",
        ),
        pytest.param(Chosen(start="from_now_on"), "sends nothing.", id="from now on"),
    ],
)
def test_linking_says_its_numbers_first(chosen: Chosen, words: str) -> None:
    assert words in what_linking_does(chosen, items=1280, issues=1)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"direction": "sideways"}, id="direction"),
        pytest.param({"conflict_policy": ""}, id="conflict_policy"),
        pytest.param({"on_delete_here": "burn"}, id="on_delete_here"),
        pytest.param({"on_delete_jira": "burn"}, id="on_delete_jira"),
    ],
)
def test_a_rule_that_is_none_is_refused_by_its_name(given: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        Chosen.of(given).rules()
    assert set(refused.value.errors) == set(given)
