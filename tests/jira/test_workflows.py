"""Workflows read whole, and screens filled in."""

from __future__ import annotations

from typing import Any

import pytest

from duolog.core.errors import Refused
from duolog.jira.client import JiraClient
from duolog.jira.dialect import CLOUD, SERVER
from duolog.jira.exits import Asked, Exit, Shape, exits_of
from duolog.jira.screens import Screens

WORKFLOW = {
    "statuses": [
        {"id": "10", "statusReference": "a", "name": "Open"},
        {"id": "20", "statusReference": "b", "name": "Doing"},
        {"id": "30", "statusReference": "c", "name": "Done"},
    ],
    "workflows": [
        {
            "id": "w",
            "name": "W",
            "transitions": [
                {"id": "1", "name": "Create", "type": "INITIAL", "toStatusReference": "a"},
                {"id": "11", "name": "Start", "type": "DIRECTED", "toStatusReference": "b",
                 "links": [{"fromStatusReference": "a", "fromPort": 0, "toPort": 1}]},
                {"id": "21", "name": "Finish", "type": "GLOBAL", "toStatusReference": "c",
                 "transitionScreen": {"ruleKey": "system:transition-screen"}},
                {"id": "31", "name": "Remind", "type": "GLOBAL", "links": []},
            ],
        }
    ],
}  # fmt: skip


def test_a_workflow_read_whole_tells_what_leads_out_of_each_status(
    jira: Any, client: JiraClient
) -> None:
    jira.answers(200, WORKFLOW)
    told = client.projects.workflow("1", "2")
    assert told is not None
    whole = exits_of(told)
    assert whole.start == "10"
    assert {status: [step.id for step in steps] for status, steps in whole.by_status.items()} == {
        "10": ["11", "21"],
        "20": ["21"],
        "30": [],
    }
    finish = whole.by_status["20"][0]
    assert (finish.has_screen, finish.everywhere, finish.to_name) == (True, True, "Done")
    assert jira.body() == {"projectAndIssueTypes": [{"projectId": "1", "issueTypeId": "2"}]}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_whoever_may_not_read_workflows_is_told_nothing_and_stays_connected(
    jira: Any, client: JiraClient, status: int
) -> None:
    jira.answers(status, {"errorMessages": ["No."], "errors": {}})
    assert client.projects.workflow("1", "2") is None


def asked(shape: Shape, *, required: bool = True, key: str = "field", **more: Any) -> Asked:
    return Asked(key, key.capitalize(), is_required=required, shape=shape, **more)


def an_exit(*asks: Asked) -> Exit:
    return Exit("31", "Go on", "3", "Done", has_screen=True, asks=asks)


@pytest.mark.parametrize(
    ("shape", "said", "sent"),
    [
        pytest.param(Shape.TEXT, "REF-1", "REF-1", id="a text"),
        pytest.param(Shape.NUMBER, "2.5", 2.5, id="a number"),
        pytest.param(Shape.CHOICE, "7", {"id": "7"}, id="a choice"),
        pytest.param(Shape.CHOICES, "7", [{"id": "7"}], id="one of several choices"),
        pytest.param(Shape.WORDS, "a b", ["a", "b"], id="words"),
        pytest.param(Shape.ACCOUNT, "acc:1", {"key": "acc:1"}, id="an account"),
        pytest.param(Shape.RICH_TEXT, "*Why*", "_Why_", id="rich text"),
    ],
)
def test_what_the_mapping_says_is_sent_in_the_shape_of_the_field(
    shape: Shape, said: str, sent: object
) -> None:
    way = an_exit(asked(shape))
    assert Screens({"field": said}, SERVER).fill(way, {}).fields == {"field": sent}
    assert not Screens({"field": said}, SERVER).lacking(way, {})
    assert Screens({}, SERVER).lacking(way, {}) == way.asks


def test_a_transition_of_its_own_goes_before_the_field_everywhere() -> None:
    way = an_exit(asked(Shape.TEXT))
    said = {"field": "usual", "31:field": "here", "41:field": "elsewhere"}
    assert Screens(said, CLOUD).fill(way, {}).fields == {"field": "here"}


def test_a_resolution_is_done_unless_the_mapping_says_otherwise() -> None:
    choices = (("1", "Won't do"), ("2", "Done"))
    way = an_exit(asked(Shape.CHOICE, key="resolution", choices=choices))
    assert Screens({}, CLOUD).fill(way, {}).fields == {"resolution": {"id": "2"}}
    assert Screens({"resolution": "1"}, CLOUD).fill(way, {}).fields == {"resolution": {"id": "1"}}


def test_a_comment_that_is_asked_for_is_added() -> None:
    filled = Screens({"comment": "Moved"}, SERVER).fill(
        an_exit(asked(Shape.COMMENT, key="comment")), {}
    )
    assert (filled.fields, filled.update) == ({}, {"comment": [{"add": {"body": "Moved"}}]})


def test_what_the_issue_holds_already_is_kept_and_what_is_optional_is_left_alone() -> None:
    who, free = asked(Shape.ACCOUNT, key="assignee"), asked(Shape.TEXT, required=False)
    held = {"assignee": {"accountId": "acc:1", "displayName": "Ann"}, "field": "mine"}
    filled = Screens({}, CLOUD).fill(an_exit(who, free), held)
    assert filled.fields == {"assignee": {"accountId": "acc:1"}}
    assert Screens({}, CLOUD).lacking(an_exit(who, free), {}) == (who,)


def test_a_number_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="takes a number"):
        Screens({"field": "many"}, CLOUD).fill(an_exit(asked(Shape.NUMBER)), {})


def test_a_field_of_a_sort_nobody_knows_is_never_guessed() -> None:
    way = an_exit(asked(Shape.OTHER))
    assert Screens({"field": "x"}, CLOUD).lacking(way, {}) == way.asks
