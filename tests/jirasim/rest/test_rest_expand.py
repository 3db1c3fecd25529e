"""What an issue tells more of itself on demand, and editing many at once."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
RECORDED = (
    Path(__file__).parents[4] / "shared/jira/responses/cloud/jira-to-matrix__issue-rendered.json"
)


def rendered(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/issue/FHP-1", expand="renderedFields").json["renderedFields"]
    return found


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        pytest.param(timedelta(seconds=5), "Just now", id="a moment"),
        pytest.param(timedelta(minutes=1), "1 minute ago", id="a minute"),
        pytest.param(timedelta(hours=2), "2 hours ago", id="some hours"),
        pytest.param(timedelta(days=1), "Yesterday 9:30 AM", id="a day"),
        pytest.param(timedelta(days=4), "4 days ago 9:30 AM", id="some days"),
        pytest.param(timedelta(days=40), "02/Mar/26 9:30 AM", id="long ago"),
    ],
)
def test_instants_are_told_as_people_do(
    api: Api, make: Make, passed: timedelta, words: str
) -> None:
    make()
    api.site.clock.advance(passed)
    assert rendered(api)["created"] == words


def test_rich_text_and_what_hangs_on_the_issue_are_html(api: Api, make: Make) -> None:
    make(description=doc("Text"), duedate="2026-10-15")
    api.post("/issue/FHP-1/comment", {"body": doc("Said")})
    api.post("/issue/FHP-1/worklog", {"timeSpent": "1h", "comment": doc("Did")})
    shown = rendered(api)
    assert (shown["description"], shown["duedate"]) == ("<p>Text</p>", "15/Oct/26")
    assert shown["comment"]["comments"][0]["body"] == "<p>Said</p>"
    assert shown["worklog"]["worklogs"][0]["comment"] == "<p>Did</p>"
    assert (shown["summary"], shown["status"]) == (None, None)
    if RECORDED.exists():
        recorded = json.loads(RECORDED.read_text())["renderedFields"]
        assert recorded["comment"].keys() == shown["comment"].keys()
        assert recorded["worklog"].keys() == shown["worklog"].keys()


def test_operations_are_those_that_the_caller_may_do(
    api: Api, make: Make, people: list[User]
) -> None:
    make()

    def offered(caller: Api) -> list[list[str]]:
        body = caller.get("/issue/FHP-1", expand="operations").json["operations"]
        groups = body["linkGroups"][0]["groups"]
        menu = groups[1]["groups"][0]["groups"]
        rows = [*groups, {"links": [link for group in menu for link in group["links"]]}]
        return [[link["label"] for link in row["links"]] for row in rows]

    assert offered(api)[0] == ["Edit"]
    assert "In Progress" in offered(api)[2]
    assert "Delete" in offered(api)[3]
    assert "Delete" not in offered(api.as_user(people[3]))[3]


def test_each_field_has_one_version(api: Api, make: Make) -> None:
    make()
    shown = api.get("/issue/FHP-1", expand="versionedRepresentations", fields="summary").json
    assert shown["versionedRepresentations"] == {"summary": {"1": "A task"}}


def edit(api: Api, chosen: list[str], given: dict[str, Any], *names: str) -> dict[str, Any]:
    body = {
        "selectedIssueIdsOrKeys": ["FHP-1", *chosen],
        "selectedActions": list(names),
        "editedFieldsInput": given,
    }
    made = api.post("/bulk/issues/fields", body)
    assert made.status == 201, made.text
    done: dict[str, Any] = api.get(f"/bulk/queue/{made.json['taskId']}").json
    return done


def test_many_issues_are_edited_at_once(api: Api, make: Make, people: list[User]) -> None:
    make(labels=["old"])
    make(labels=["old", "kept"])
    labels = {
        "fieldId": "labels",
        "bulkEditMultiSelectFieldOption": "ADD",
        "labels": [{"name": "new"}],
    }
    user = {"fieldId": "assignee", "user": {"accountId": people[1].account_id}}
    given = {
        "labelsFields": [labels],
        "priority": {"priorityId": "1"},
        "singleSelectClearableUserPickerFields": [user],
        "singleLineTextFields": [{"fieldId": "summary", "text": "Not selected"}],
    }
    done = edit(api, ["FHP-2"], given, "labels", "priority", "assignee")
    assert len(done["processedAccessibleIssues"]) == 2
    shown = api.get("/issue/FHP-2").json["fields"]
    assert sorted(shown["labels"]) == ["kept", "new", "old"]
    assert (shown["priority"]["name"], shown["summary"]) == ("Highest", "A task")
    assert shown["assignee"]["accountId"] == people[1].account_id
    edit(
        api,
        [],
        {"labelsFields": [{**labels, "bulkEditMultiSelectFieldOption": "REMOVE_ALL"}]},
        "labels",
    )
    assert api.get("/issue/FHP-1").json["fields"]["labels"] == []


def test_a_wrong_value_fails_for_its_issue(api: Api, make: Make) -> None:
    made = make()
    done = edit(api, [], {"priority": {"priorityId": "77"}}, "priority")
    assert list(done["failedAccessibleIssues"]) == [made["id"]]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"selectedActions": ["labels"], "editedFieldsInput": {}}, id="no value"),
        pytest.param(
            {"selectedActions": ["x"], "editedFieldsInput": {"colorFields": []}}, id="a color"
        ),
    ],
)
def test_a_bulk_edit_is_refused_whole_for(api: Api, make: Make, body: dict[str, Any]) -> None:
    make()
    refused = api.post("/bulk/issues/fields", {"selectedIssueIdsOrKeys": ["FHP-1"], **body})
    assert (refused.status, list(refused.json)) == (400, ["errors"])


def test_fields_for_a_bulk_edit_are_found_by_text(api: Api, make: Make) -> None:
    make()
    found = api.get("/bulk/issues/fields", issueIdsOrKeys="FHP-1", searchText="label").json
    [labels] = [one for one in found["fields"] if one["id"] == "labels"]
    assert "REMOVE_ALL" in labels["multiSelectFieldOptions"]
    none = api.get("/bulk/issues/fields", issueIdsOrKeys="FHP-1", searchText="nonsense")
    assert none.status == 404
