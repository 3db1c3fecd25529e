"""JSON as bytes, and small objects that are written once for many places."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from helpers.jira_caller import Api
from hypothesis import given
from hypothesis import strategies as st

from jirasim.site.model import User
from jirasim.wire.encoding import encode

Make = Callable[..., dict[str, Any]]
LONE = "\ud83d"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_is_written_is_what_is_read_again(value: object) -> None:
    assert json.loads(encode(value)) == value


def test_answers_are_compact_in_utf_8_and_keep_the_order_of_keys() -> None:
    assert encode({"zürich": [1, None], "a": "☕"}) == '{"zürich":[1,null],"a":"☕"}'.encode()


def test_what_people_may_store_and_few_can_write_is_written() -> None:
    deep: list[Any] = []
    for _ in range(400):
        deep = [deep]
    assert encode({"half": f"a{LONE}b"}) == b'{"half":"a?b"}'
    assert json.loads(encode({"large": 10**30, "deep": deep})) == {"large": 10**30, "deep": deep}
    assert encode({1: "a number as a key"}) == b'{"1":"a number as a key"}'


@pytest.mark.parametrize("value", [datetime(2026, 3, 2, tzinfo=UTC), {1, 2}, object()])
def test_a_value_that_nobody_made_json_of_is_a_mistake(value: object) -> None:
    with pytest.raises(TypeError):
        encode([value])


def test_half_a_character_in_a_summary_does_not_break_the_issue(api: Api, make: Make) -> None:
    key = make(f"Half {LONE}")["key"]
    assert api.get(f"/issue/{key}").json["fields"]["summary"] == "Half ?"


def test_nobody_is_shown_an_address_that_another_may_see(
    api: Api, people: list[User], make: Make
) -> None:
    priya = people[3]
    for number in range(3):
        make(f"Task {number}", assignee={"accountId": priya.account_id})

    def shown(caller: Api) -> set[str | None]:
        rows = caller.get("/search/jql", jql="project = FHP", fields="assignee").json["issues"]
        return {one["fields"]["assignee"].get("emailAddress") for one in rows}

    for _ in range(2):
        assert shown(api.as_user(priya)) == {"priya@fernhill.example"}
        assert shown(api.as_user(people[0])) == {None}


def test_a_new_name_is_shown_at_once_and_everywhere(api: Api, people: list[User]) -> None:
    state = api.site.state
    body = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Named"}
    account = people[0].account_id
    key = api.post("/issue", {"fields": {**body, "assignee": {"accountId": account}}}).json["key"]
    before = api.get(f"/issue/{key}").json["fields"]
    status = state.statuses[before["status"]["id"]]
    project = state.projects[before["project"]["id"]]
    state.users[account] = replace(state.users[account], display_name="Another Name")
    state.statuses[status.id] = replace(status, name="Renamed")
    state.projects[project.id] = replace(project, name="Another Project")
    for after in (
        api.get(f"/issue/{key}").json["fields"],
        api.get("/search/jql", jql=f"key = {key}", fields="*all").json["issues"][0]["fields"],
    ):
        assert after["assignee"]["displayName"] == "Another Name"
        assert after["status"]["name"] == "Renamed"
        assert after["project"]["name"] == "Another Project"
