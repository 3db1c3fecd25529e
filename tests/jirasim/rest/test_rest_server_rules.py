"""Data Center: where its rules and refusals differ from Cloud's (jira.md 3, 5, 6)."""

from dataclasses import replace
from typing import Any

import pytest
from helpers.jira_caller import Api

LIN = {"project": {"key": "LIN"}, "issuetype": {"name": "Task"}, "summary": "A task"}


@pytest.fixture
def at(server: Api) -> str:
    return "/issue/{}".format(server.post("/issue", {"fields": LIN}).json["key"])


def as_person(server: Api, name: str) -> Api:
    user = server.site.find_login(name)
    assert user is not None
    return server.as_user(user)


def as_viewer(server: Api) -> tuple[Api, str]:
    """Somebody who may look at an issue of READ and nothing else."""
    project = server.site.find_project("READ")
    assert project is not None
    fields = {**LIN, "project": {"key": "READ"}}
    made = as_person(server, "maya").post("/issue", {"fields": fields})
    return server, "/issue/{}".format(made.json["key"])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/worklog", {"timeSpent": "1h", "newEstimate": "2h"}),
        ("POST", "/comment", {"body": "x", "newEstimate": "2h"}),
        ("PUT", "", {"fields": {}, "newEstimate": "2h"}),
        ("POST", "/transitions", {"transition": {"id": "11"}, "newEstimate": "2h"}),
        ("PUT", "/assignee", {"accountId": "x", "newEstimate": "2h"}),
    ],
)
def test_unknown_fields_are_refused(
    server: Api, at: str, method: str, path: str, body: dict[str, Any]
) -> None:
    refused = server.call(method, f"{at}{path}", body=body)
    assert refused.status == 400
    assert refused.json["errorMessages"][0].startswith('Unrecognized field "')


def test_worklogs_come_all_at_once(server: Api, at: str) -> None:
    for _ in range(25):
        server.post(f"{at}/worklog", {"timeSpentSeconds": 60})
    page = server.get(f"{at}/worklog", startAt=5, maxResults=3).json
    assert (page["startAt"], page["maxResults"], page["total"]) == (0, 25, 25)
    assert len(page["worklogs"]) == 25
    embedded = server.get(at).json["fields"]["worklog"]
    assert (embedded["maxResults"], embedded["total"], len(embedded["worklogs"])) == (20, 25, 20)


def test_worklogs_without_permission_are_403(server: Api) -> None:
    viewer, place = as_viewer(server)
    assert viewer.post(f"{place}/worklog", {"timeSpent": "1h"}).status == 403
    writer = as_person(server, "maya")
    one = writer.post(f"{place}/worklog", {"timeSpent": "1h"}).json["id"]
    assert viewer.put(f"{place}/worklog/{one}", {"timeSpent": "2h"}).status == 403
    assert viewer.delete(f"{place}/worklog/{one}").status == 403


def test_a_worklog_edit_changes_something(server: Api, at: str) -> None:
    one = server.post(f"{at}/worklog", {"timeSpent": "1h", "comment": "x"}).json["id"]
    assert server.put(f"{at}/worklog/{one}", {}).status == 400
    edited = server.put(f"{at}/worklog/{one}", {"comment": None, "timeSpentSeconds": 119})
    assert (edited.json["comment"], edited.json["timeSpentSeconds"]) == ("x", 60)
    both = server.put(f"{at}/worklog/{one}", {"timeSpent": "1h", "timeSpentSeconds": 60})
    assert both.json["errors"] == {
        "timeSpent": "A value is required for manual estimate adjustment"
    }
    short = server.post(f"{at}/worklog", {"timeSpentSeconds": 59})
    assert short.json == {
        "errorMessages": ["Worklog must not be null."],
        "errors": {"timeLogged": "Invalid time duration entered."},
    }
    assert server.post(f"{at}/worklog").status == 500


def test_comments_come_by_fifty(server: Api, at: str) -> None:
    for number in range(52):
        server.post(f"{at}/comment", {"body": f"{number}"})
    page = server.get(f"{at}/comment").json
    assert (page["maxResults"], page["total"], len(page["comments"])) == (50, 52, 50)
    assert "jsdPublic" not in page["comments"][0]
    role = {"type": "role", "value": "Administrator"}
    hidden = server.post(f"{at}/comment", {"body": "x", "visibility": role})
    assert hidden.json["visibility"] == role


def test_the_edit_screen_counts(server: Api) -> None:
    project = server.site.find_project("LIN")
    assert project is not None
    screens = {
        kind: replace(one, fields=tuple(set(one.fields) - {"duedate"})) if kind == "10002" else one
        for kind, one in project.screens.items()
    }
    server.site.state.projects[project.id] = replace(project, screens=screens)
    made = server.post("/issue", {"fields": LIN}).json["key"]
    refused = server.put(f"/issue/{made}", {"fields": {"duedate": "2026-05-01"}})
    assert refused.json["errors"] == {
        "duedate": "Field 'duedate' cannot be set. It is not on the appropriate screen, or unknown."
    }
    assert "duedate" not in server.get(f"/issue/{made}/editmeta").json["fields"]


def test_unseen_issues_are_told_apart(server: Api, at: str) -> None:
    assert server.get("/issue/LIN-999").json["errorMessages"] == ["Issue Does Not Exist"]
    nobody = server.anonymous().get(at)
    assert (nobody.status, nobody.json["errorMessages"][1]) == (401, "Login Required")


def test_mail_is_kept_back_by_administrators_alone(server: Api, at: str) -> None:
    aiko = as_person(server, "aiko")
    body = {"fields": {"summary": "Quiet"}}
    assert aiko.put(at, body, notifyUsers="false").status == 403
    assert server.put(at, body, notifyUsers="false").status == 204


def test_a_transition_says_no_more_than_its_goal(server: Api, at: str) -> None:
    [start, *_] = server.get(f"{at}/transitions").json["transitions"]
    assert set(start) == {"id", "name", "opsbarSequence", "to"}
    assert server.post(f"{at}/transitions", {"transition": {"id": start["id"]}}).status == 204
    again = server.post(f"{at}/transitions", {"transition": {"id": start["id"]}})
    assert again.status == 400
    assert server.post(f"{at}/transitions", {"transition": {"id": "start"}}).status == 500


def test_strangers_cannot_be_assigned(server: Api, at: str) -> None:
    assert server.put(f"{at}/assignee", {"name": "nobody"}).status == 404
    viewer, place = as_viewer(server)
    assert viewer.put(f"{place}/assignee", {"name": "maya"}).status == 401


def test_a_large_file_is_404(server: Api, at: str) -> None:
    server.site.state.settings = replace(server.site.state.settings, upload_limit=10)
    assert server.upload(f"{at}/attachments", ("a.txt", b"x" * 11)).status == 404


def test_create_metadata_is_a_page_of_values(server: Api) -> None:
    page = server.get("/issue/createmeta/FHP/issuetypes").json
    assert {"maxResults", "startAt", "total", "isLast", "values"} == set(page)
    kind = next(one["id"] for one in page["values"] if one["name"] == "Task")
    form = server.get(f"/issue/createmeta/FHP/issuetypes/{kind}", maxResults=200).json
    by_id = {one["fieldId"]: one for one in form["values"]}
    assert by_id["summary"]["required"]
    assert "parent" not in by_id
    assert server.get("/issue/createmeta/NOPE/issuetypes").status == 400
    assert server.get("/issue/createmeta", projectKeys="FHP").status == 404
