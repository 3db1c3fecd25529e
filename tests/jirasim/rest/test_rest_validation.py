"""What create and edit refuse, in the sentences that Jira says (jira.md 3.1, 10; Atlassian's tests)."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api

Make = Callable[..., dict[str, Any]]
PLAIN = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Fine"}
POINTS = "customfield_10016"
NO_SUMMARY = "You must specify a summary of the issue."
NOT_ON_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
SENTENCES = [
    pytest.param({"summary": None}, "summary", NO_SUMMARY, id="no summary"),
    pytest.param({"summary": "  "}, "summary", NO_SUMMARY, id="a blank summary"),
    pytest.param(
        {"summary": "a\nb"},
        "summary",
        "The summary is invalid because it contains newline characters.",
        id="two lines",
    ),
    pytest.param(
        {"summary": "x" * 256},
        "summary",
        "Summary must be less than 255 characters.",
        id="too long",
    ),
    pytest.param(
        {"labels": ["a b"]},
        "labels",
        "The label 'a b' contains spaces which is invalid.",
        id="a label with a blank",
    ),
    pytest.param({"labels": "one"}, "labels", "data was not an array", id="labels as text"),
    pytest.param(
        {"duedate": "tomorrow"}, "duedate", "Error parsing date string: tomorrow", id="no date"
    ),
    pytest.param(
        {"priority": {"name": "Bad"}}, "priority", "Priority name 'Bad' is not valid", id="a name"
    ),
    pytest.param(
        {"priority": {"id": "77"}}, "priority", "Priority id '77' is not valid", id="an id"
    ),
    pytest.param(
        {"priority": "High"},
        "priority",
        "Specify a valid 'id' or 'name' for priority",
        id="a priority as text",
    ),
    pytest.param(
        {"customfield_99": 1},
        "customfield_99",
        NOT_ON_SCREEN.format("customfield_99"),
        id="unknown",
    ),
    pytest.param({"status": {"id": "3"}}, "status", NOT_ON_SCREEN.format("status"), id="a status"),
]


@pytest.mark.parametrize(("fields", "name", "sentence"), SENTENCES)
def test_a_create_is_refused_with(
    api: Api, server: Api, fields: dict[str, Any], name: str, sentence: str
) -> None:
    for caller in (api, server):
        refused = caller.post("/issue", {"fields": {**PLAIN, **fields}})
        assert (refused.status, refused.json["errors"]) == (400, {name: sentence})
        assert refused.json["errorMessages"] == []
        assert caller.get("/issue/FHP-1").status == 404


@pytest.mark.parametrize(("fields", "name", "sentence"), SENTENCES)
def test_an_edit_is_refused_with(
    api: Api, server: Api, fields: dict[str, Any], name: str, sentence: str
) -> None:
    for caller in (api, server):
        assert caller.post("/issue", {"fields": PLAIN}).status == 201
        refused = caller.put("/issue/FHP-1", {"fields": fields})
        assert (refused.status, refused.json["errors"]) == (400, {name: sentence})


def test_all_complaints_come_at_once(api: Api) -> None:
    wrong = {"labels": ["a b"], "duedate": "x", POINTS: "many", "description": "text"}
    refused = api.post("/issue", {"fields": {**PLAIN, "summary": "", **wrong}})
    assert refused.json["errors"].keys() == {"summary", *wrong}
    document = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
    assert refused.json["errors"]["description"] == document
    assert refused.json["errors"][POINTS] == "Operation value must be a number"


def test_a_field_is_given_once(api: Api) -> None:
    body = {"fields": {**PLAIN, "labels": ["a"]}, "update": {"labels": [{"add": "b"}]}}
    refused = api.post("/issue", body)
    said = ["Field 'labels' cannot appear in both 'fields' and 'update'"]
    assert (refused.status, refused.json["errorMessages"]) == (400, said)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        pytest.param({"project": {"key": "NONE"}}, "project", id="no such project"),
        pytest.param({"issuetype": {"name": "Saga"}}, "issuetype", id="no such type"),
        pytest.param({"issuetype": {"id": "10021"}}, "issuetype", id="a type of another project"),
        pytest.param({"issuetype": None}, "issuetype", id="no type"),
    ],
)
def test_project_and_type_must_fit(
    api: Api, server: Api, fields: dict[str, Any], name: str
) -> None:
    for caller in (api, server):
        refused = caller.post("/issue", {"fields": {**PLAIN, **fields}})
        assert (refused.status, list(refused.json["errors"])) == (400, [name])


def test_people_must_exist_and_be_assignable(api: Api, server: Api) -> None:
    lena = next(one for one in api.site.state.users.values() if one.name == "lena")
    for who in ("nobody", lena.account_id):
        fields = {**PLAIN, "assignee": {"accountId": who}}
        refused = api.post("/issue", {"fields": fields})
        assert (refused.status, list(refused.json["errors"])) == (400, ["assignee"])
    refused = server.post("/issue", {"fields": {**PLAIN, "assignee": {"name": "lena"}}})
    assert refused.json["errors"] == {"assignee": "User 'lena' cannot be assigned issues."}


def test_a_sub_task_lives_in_a_standard_issue_of_its_project(api: Api, make: Make) -> None:
    make()
    make(issuetype={"name": "Epic"})
    child = {**PLAIN, "issuetype": {"name": "Sub-task"}}
    alone = api.post("/issue", {"fields": child})
    assert (alone.status, list(alone.json["errors"])) == (400, ["issuetype"])
    in_epic = api.post("/issue", {"fields": {**child, "parent": {"key": "FHP-2"}}})
    assert in_epic.json["errors"] == {
        "parentId": "Given parent issue does not belong to appropriate hierarchy."
    }
    abroad = {**child, "project": {"key": "LIN"}, "parent": {"key": "FHP-1"}}
    sentence = "Sub-tasks must be created in the same project as the parent."
    assert api.post("/issue", {"fields": abroad}).json["errors"] == {"parent": sentence}


def test_server_blames_the_project_of_a_sub_task(server: Api) -> None:
    server.post("/issue", {"fields": PLAIN})
    child = {**PLAIN, "issuetype": {"name": "Sub-task"}, "parent": {"key": "FHP-1"}}
    refused = server.post("/issue", {"fields": {**child, "project": {"key": "LIN"}}})
    sentence = "Sub-tasks must be created in the same project as the parent."
    assert refused.json["errors"] == {"project": sentence}


def test_nothing_is_made_in_an_archived_project(api: Api) -> None:
    assert api.post("/project/FHP/archive").status == 204
    refused = api.post("/issue", {"fields": PLAIN})
    assert refused.status in {400, 403}


def test_bulk_creates_are_judged_one_by_one(api: Api) -> None:
    rows = [{"fields": PLAIN}, {"fields": {**PLAIN, "labels": ["a b"]}}, {"fields": PLAIN}]
    made = api.post("/issue/bulk", {"issueUpdates": rows}).json
    [error] = made["errors"]
    assert (len(made["issues"]), error["failedElementNumber"]) == (2, 1)
    assert list(error["elementErrors"]["errors"]) == ["labels"]
    assert api.post("/issue/bulk", {"issueUpdates": [{"fields": PLAIN}] * 51}).status == 400
