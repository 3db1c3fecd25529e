"""What Jira refuses, and in which words (jira.md 3.1, 6.1, 6.2)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.model import User
from jirasim.site.state import Site

Make = Callable[..., dict[str, Any]]
NOT_ADF = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
NOT_ON_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."

BAD_VALUES = [
    pytest.param("summary", "", "You must specify a summary of the issue.", id="no summary"),
    pytest.param("summary", None, "You must specify a summary of the issue.", id="null summary"),
    pytest.param("summary", "x" * 256, "Summary must be less than 255 characters.", id="too long"),
    pytest.param(
        "summary",
        "a\nb",
        "The summary is invalid because it contains newline characters.",
        id="a summary of two lines",
    ),
    pytest.param("description", "text", NOT_ADF, id="text where ADF is due"),
    pytest.param("description", {"type": "doc"}, NOT_ADF, id="a document without version"),
    pytest.param(
        "description",
        {"type": "doc", "version": 1, "content": [{"type": "nonsense"}]},
        "INVALID_INPUT",
        id="a document with an unknown node",
    ),
    pytest.param(
        "description",
        doc("x" * 32768),
        "The entered text is too long. It exceeds the allowed limit of 32,767 characters.",
        id="a text over the limit",
    ),
    pytest.param(
        "labels",
        ["two words"],
        "The label 'two words' contains spaces which is invalid.",
        id="a label with a blank",
    ),
    pytest.param(
        "duedate", "1.5.2026", "Error parsing date string: 1.5.2026", id="another date form"
    ),
    pytest.param(
        "duedate", "2026-02-30", "Error parsing date string: 2026-02-30", id="no such day"
    ),
    pytest.param(
        "priority", {"name": "Urgent"}, "Priority name 'Urgent' is not valid", id="priority"
    ),
    pytest.param("assignee", {"accountId": "x"}, "User 'x' does not exist.", id="unknown user"),
    pytest.param("nonsense", 1, NOT_ON_SCREEN.format("nonsense"), id="unknown field"),
    pytest.param("status", {"id": "3"}, NOT_ON_SCREEN.format("status"), id="status is not set"),
    pytest.param("customfield_10016", "many", "Operation value must be a number", id="no number"),
    pytest.param(
        "customfield_10031", {"value": "Moon"}, "Option value 'Moon' is not valid", id="option"
    ),
    pytest.param(
        "parent", {"key": "FHP-99"}, "Could not find issue by id or key.", id="no such parent"
    ),
]


@pytest.mark.parametrize(("field", "value", "complaint"), BAD_VALUES)
def test_create_and_edit_refuse(
    api: Api, make: Make, field: str, value: object, complaint: str
) -> None:
    make("Good")
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Fine"}
    created = api.post("/issue", {"fields": {**plain, field: value}})
    edited = api.put("/issue/FHP-1", {"fields": {field: value}})
    for reply in (created, edited):
        assert reply.status == 400
        assert reply.json == {"errorMessages": [], "errors": {field: complaint}}
    assert api.get("/issue/FHP-2").status == 404
    assert api.get("/issue/FHP-1").json["fields"]["summary"] == "Good"


def test_all_complaints_come_at_once(api: Api) -> None:
    fields = {"project": {"key": "REQ"}, "issuetype": {"name": "Task"}, "labels": ["a b"]}
    errors = api.post("/issue", {"fields": fields}).json["errors"]
    assert set(errors) == {"summary", "labels", "customfield_10032"}
    assert errors["customfield_10032"] == "Ticket reference is required."


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"project": None}, "project", id="no project"),
        pytest.param({"project": {"key": "NOPE"}}, "project", id="an unknown project"),
        pytest.param({"issuetype": None}, "issuetype", id="no type"),
        pytest.param({"issuetype": {"name": "Saga"}}, "issuetype", id="an unknown type"),
        pytest.param({"issuetype": {"id": "10021"}}, "issuetype", id="a type of another project"),
        pytest.param(
            {"issuetype": {"name": "Sub-task"}}, "issuetype", id="a sub-task without parent"
        ),
        pytest.param({"parent": {"key": "FHP-1"}}, "parentId", id="a task within a task"),
        pytest.param({"resolution": {"name": "Done"}}, "resolution", id="a resolution at creation"),
    ],
)
def test_create_refuses(api: Api, make: Make, change: dict[str, Any], field: str) -> None:
    make("Exists")
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Fine"}
    reply = api.post("/issue", {"fields": {**plain, **change}})
    assert (reply.status, list(reply.json["errors"])) == (400, [field])


def test_a_subtask_lives_in_the_project_of_its_parent(api: Api, make: Make) -> None:
    make("Parent")
    fields = {
        "project": {"key": "LIN"},
        "issuetype": {"name": "Sub-task"},
        "summary": "Part",
        "parent": {"key": "FHP-1"},
    }
    reply = api.post("/issue", {"fields": fields})
    complaint = "Sub-tasks must be created in the same project as the parent."
    assert reply.json["errors"] == {"parent": complaint}


def test_priority_is_not_on_team_managed_screens(api: Api) -> None:
    fields = {"project": {"key": "TEAM"}, "issuetype": {"name": "Task"}, "summary": "Fine"}
    assert api.post("/issue", {"fields": fields}).status == 201
    reply = api.post("/issue", {"fields": {**fields, "priority": {"id": "2"}}})
    assert reply.json["errors"] == {"priority": NOT_ON_SCREEN.format("priority")}


def test_a_field_is_in_fields_or_in_update_but_not_in_both(api: Api, make: Make) -> None:
    make()
    twice = {"fields": {"labels": ["a"]}, "update": {"labels": [{"add": "b"}]}}
    reply = api.put("/issue/FHP-1", twice)
    said = ["Field 'labels' cannot appear in both 'fields' and 'update'"]
    assert (reply.status, reply.json["errorMessages"], reply.json["errors"]) == (400, said, {})


def test_an_unsupported_verb_names_those_that_are(api: Api, make: Make) -> None:
    make()
    reply = api.put("/issue/FHP-1", {"update": {"summary": [{"add": "x"}]}})
    [said] = reply.json["errorMessages"]
    assert said.endswith("Supported operation(s) are: 'set'")


def test_broken_json_is_refused(api: Api) -> None:
    reply = api.post("/issue", "not an object")
    assert (reply.status, len(reply.json["errorMessages"])) == (400, 1)


def test_an_unknown_project_and_a_hidden_one_look_alike(
    api: Api, site: Site, people: list[User]
) -> None:
    hidden = site.state.projects["10001"]
    members = {one: role for one, role in hidden.members.items() if one != people[0].account_id}
    site.state.projects["10001"] = replace(hidden, members=members)
    maya = api.as_user(people[0])
    assert maya.get("/project/LIN").status == maya.get("/project/NOPE").status == 404
    fields = {"project": {"key": "LIN"}, "issuetype": {"name": "Task"}, "summary": "x"}
    assert maya.post("/issue", {"fields": fields}).json["errors"] == {
        "project": "valid project is required"
    }


def test_a_read_only_project_may_be_read_and_nothing_else(api: Api, people: list[User]) -> None:
    fields = {"project": {"key": "READ"}, "issuetype": {"name": "Task"}, "summary": "Theirs"}
    assert api.post("/issue", {"fields": fields}).status == 403
    assert api.as_user(people[1]).post("/issue", {"fields": fields}).status == 201
    assert api.get("/issue/READ-1").status == 200
    assert api.put("/issue/READ-1", {"fields": {"summary": "Mine"}}).status == 400
    assert api.get("/issue/READ-1/transitions").json["transitions"] == []
    assert api.post("/issue/READ-1/transitions", {"transition": {"id": "51"}}).status == 400
    assert api.post("/issue/READ-1/comment", {"body": doc("Hm")}).status == 400
    assert api.put("/issue/READ-1/assignee", {"accountId": None}).status == 403
    assert api.put("/issue/READ-1/properties/x", 1).status == 403
    assert api.delete("/issue/READ-1").status == 403


def test_nobody_may_be_assigned_who_may_not_work_there(api: Api, site: Site, make: Make) -> None:
    make()
    former = next(one for one in site.state.users.values() if not one.active)
    complaint = f"User '{former.account_id}' cannot be assigned issues."
    for path, body in (
        ("/issue/FHP-1", {"fields": {"assignee": {"accountId": former.account_id}}}),
        ("/issue/FHP-1/assignee", {"accountId": former.account_id}),
    ):
        reply = api.put(path, body)
        assert (reply.status, reply.json["errors"]) == (400, {"assignee": complaint})


def test_silence_is_for_administrators(api: Api, make: Make, people: list[User]) -> None:
    make()
    body = {"fields": {"summary": "Quiet"}}
    refused = api.as_user(people[2]).put("/issue/FHP-1", body, notifyUsers="false")
    assert refused.status == 400
    assert "To discard the user notification" in refused.json["errorMessages"][0]
    assert api.put("/issue/FHP-1", body, notifyUsers="false").status == 204


def test_an_unknown_path_is_a_404_in_jiras_form(api: Api) -> None:
    reply = api.get("/nonsense")
    assert (reply.status, reply.json["status-code"]) == (404, 404)
