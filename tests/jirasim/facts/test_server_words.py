"""Data Center: refusals in the words of Jira's own code, and facts of jira.md 3 to 6."""

from typing import Any

import pytest
from helpers.jira_caller import Api

Json = dict[str, Any]
TASK: Json = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "A task"}


@pytest.fixture
def at(server: Api) -> str:
    return "/issue/{}".format(server.post("/issue", {"fields": TASK}).json["key"])


def person(server: Api, name: str) -> Api:
    user = server.site.find_login(name)
    assert user is not None
    return server.as_user(user)


@pytest.mark.parametrize("body", [{}, {"fields": None}, None])
def test_an_edit_says_what_to_edit(server: Api, at: str, body: Json | None) -> None:
    refused = server.put(at, body)
    assert (refused.status, refused.json["errorMessages"]) == (
        400,
        ["one of 'fields' or 'update' required"],
    )


def test_a_field_is_named_once(server: Api, at: str) -> None:
    twice = {"fields": {"summary": "a"}, "update": {"summary": [{"set": "b"}]}}
    refused = server.put(at, twice)
    assert (refused.status, refused.json) == (
        400,
        {
            "errorMessages": ["Field 'summary' cannot appear in both 'fields' and 'update'"],
            "errors": {},
        },
    )
    assert server.get(at, fields="summary").json["fields"]["summary"] == "A task"


def test_an_unknown_verb_names_those_there_are(server: Api, at: str) -> None:
    refused = server.put(at, {"update": {"summary": [{"add": "b"}]}}).json
    assert refused["errorMessages"] == [
        "Field with id 'summary' and name 'Summary' does not support operation 'add' "
        "Supported operation(s) are: 'set'"
    ]
    unknown = server.put(at, {"update": {"sumary": [{"set": "b"}]}}).json["errors"]
    assert unknown == {
        "sumary": "Field 'sumary' cannot be set. It is not on the appropriate screen, or unknown."
    }


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"project": None}, {"project": "project is required"}),
        ({"project": {"key": "NOPE"}}, {"project": "valid project is required"}),
        ({"issuetype": None}, {"issuetype": "issue type is required"}),
        ({"issuetype": {"name": "Nope"}}, {"issuetype": "valid issue type is required"}),
        ({"summary": "a\nb"}, {"summary": ...}),
        ({"summary": "x" * 256}, {"summary": ...}),
        ({"labels": ["a b"]}, {"labels": "The label 'a b' contains spaces which is invalid."}),
    ],
)
def test_a_create_is_refused(server: Api, change: Json, errors: Json) -> None:
    refused = server.post("/issue", {"fields": {**TASK, **change}})
    assert refused.status == 400
    said = refused.json["errors"]
    assert said.keys() == errors.keys()
    assert [said[key] for key in errors if errors[key] is not ...] == [
        one for one in errors.values() if one is not ...
    ]


def test_lists_of_parts_come_by_page(server: Api) -> None:
    """`/status/page` and `/resolution/page` of the document, 100 at a time."""
    page = server.get("/status/page", query="PROG", projectIds="10000").json
    assert (page["maxResults"], page["total"], page["isLast"]) == (100, 1, True)
    assert [one["name"] for one in page["values"]] == ["In Progress"]
    assert server.get("/status/page", issueTypeIds="77").json["values"] == []
    done = server.get("/resolution/page", query="done", maxResults=1).json
    assert [one["name"] for one in done["values"]] == ["Done"]


def test_the_lead_of_a_component_is_a_login(server: Api) -> None:
    body = {"name": "Fresh", "project": "FHP", "leadUserName": "nobody"}
    assert list(server.post("/component", body).json["errors"]) == ["leadUserName"]
    made = server.post("/component", {**body, "leadUserName": "maya"})
    assert made.json["lead"]["name"] == "maya"


@pytest.mark.parametrize(
    "text",
    ["\r", "\r\nx\n\r", " a ", "\t*b*\u2028\u00a0", "{code}\n\n\n{code}", "\\\\ | ||", "é\u0301🎉"],
)
def test_odd_texts_come_back_as_sent(server: Api, at: str, text: str) -> None:
    """Nothing is normalised, neither on the way in nor in search (jira.md 6.1)."""
    server.put(at, {"fields": {"description": text}})
    assert server.get(at).json["fields"]["description"] == text
    [found] = server.get("/search", jql=f"key = {at[7:]}").json["issues"]
    assert found["fields"]["description"] == text
    one = server.post(f"{at}/comment", {"body": text}).json["id"]
    assert server.get(f"{at}/comment/{one}").json["body"] == text


@pytest.mark.parametrize(
    "started",
    [
        *("2021-01-17T12:34:00Z", "2021-01-17T12:34:00.000Z", "2021-01-17T12:34:00.000+00:00"),
        *("2021-01-17T12:34:00+0000", "2021-01-17", "", 5),
    ],
)
def test_worklogs_start_in_one_form_alone(server: Api, at: str, started: object) -> None:
    """jira.md 5.2: milliseconds, and an offset without a colon."""
    work = {"timeSpentSeconds": 90, "started": started}
    assert list(server.post(f"{at}/worklog", work).json["errors"]) == ["started"]
    made = server.post(f"{at}/worklog", {**work, "started": "2021-01-17T12:34:00.000+0530"})
    assert (made.status, made.json["timeSpentSeconds"]) == (201, 60)
    assert made.json["started"] == "2021-01-17T07:04:00.000+0000"
    assert "comment" not in made.json or made.json["comment"] == ""


def test_who_may_read_a_worklog_is_kept_or_lifted(server: Api, at: str) -> None:
    """jira.md 5.5: left out it stays, null makes it public."""
    admins = {"type": "group", "value": "jira-administrators"}
    work = server.post(f"{at}/worklog", {"timeSpent": "1h", "visibility": admins}).json["id"]
    one, maya = f"{at}/worklog/{work}", person(server, "maya")
    assert maya.get(one).status == 404
    assert maya.get(f"{at}/worklog").json["total"] == 0
    assert maya.post("/worklog/list", {"ids": [int(work)]}).json == []
    assert server.put(one, {"comment": "x"}).json["visibility"] == admins
    assert "visibility" not in server.put(one, {"visibility": None, "comment": "y"}).json
    assert maya.get(one).json["comment"] == "y"
    assert server.put(one, {"comment": "z"}, adjustEstimate="manual", reduceBy="1h").status == 400


def test_worklogs_are_listed_by_id_up_to_1000(server: Api) -> None:
    """The document refuses null and more than 1,000; no ids are no worklogs."""
    assert server.post("/worklog/list", {"ids": []}).json == []
    assert server.post("/worklog/list", {}).status == 400
    assert server.post("/worklog/list", {"ids": [*range(1001)]}).status == 400


def test_comments_hide_from_those_they_are_not_for(server: Api, at: str) -> None:
    for visibility in (
        {"type": "group", "value": "jira-administrators"},
        {"type": "role", "value": "Administrator"},
    ):
        assert server.post(f"{at}/comment", {"body": "x", "visibility": visibility}).status == 201
    server.post(f"{at}/comment", {"body": "open"})
    seen = person(server, "aiko").get(f"{at}/comment", orderBy="-created").json
    assert (seen["total"], [one["body"] for one in seen["comments"]]) == (1, ["open"])
    assert server.get(f"{at}/comment").json["total"] == 3


def test_a_link_is_told_of_once(server: Api, at: str) -> None:
    """jira.md 6.7: 201 with nothing in it, and nothing more when repeated."""
    other = server.post("/issue", {"fields": TASK}).json["key"]
    link = {
        "type": {"name": "Blocks"},
        "inwardIssue": {"key": at[7:]},
        "outwardIssue": {"key": other},
    }
    for _ in range(2):
        made = server.post("/issueLink", link)
        assert (made.status, made.content) == (201, b"")
    [mine] = server.get(at).json["fields"]["issuelinks"]
    [theirs] = server.get(f"/issue/{other}").json["fields"]["issuelinks"]
    assert mine["outwardIssue"]["key"] == other
    assert theirs["inwardIssue"]["key"] == at[7:]
    assert mine["type"]["outward"] == "blocks"


def test_sub_tasks_forbid_a_deletion_or_go_along(server: Api, at: str) -> None:
    """jira.md 6.5, with the two blanks of Jira's sentence."""
    child = {**TASK, "issuetype": {"name": "Sub-task"}, "parent": {"key": at[7:]}}
    below = server.post("/issue", {"fields": child}).json["key"]
    refused = server.delete(at)
    assert (refused.status, refused.json["errorMessages"]) == (
        400,
        [
            f"The issue '{at[7:]}' has subtasks.  You must specify the 'deleteSubtasks' parameter "
            "to delete this issue and all its subtasks."
        ],
    )
    assert server.delete(at, deleteSubtasks="true").status == 204
    assert server.get(f"/issue/{below}").json["errorMessages"] == ["Issue Does Not Exist"]


def test_everything_says_who_asked(server: Api, at: str) -> None:
    """jira.md 1: the identity headers, also of refusals."""
    for path in (at, "/issue/NOPE-1", "/search"):
        headers = server.get(path, jql="foo").headers
        assert headers["x-ausername"] == "duolog-sync"
        assert headers["x-seraph-loginreason"] == "OK"
        assert headers["x-arequestid"]
        assert "x-aaccountid" not in headers
    nobody = server.anonymous().get("/serverInfo")
    assert (nobody.headers["x-ausername"], nobody.json["deploymentType"]) == ("anonymous", "Server")
    assert "x-seraph-loginreason" not in nobody.headers


def test_uploads_need_their_header_and_no_browser(server: Api, at: str) -> None:
    """jira.md 2.4: 403 on all versions that the simulator knows."""
    file = ("a.txt", b"x")
    for headers in (
        {"x_atlassian_token": ""},
        {"x_atlassian_token": "no-check", "user_agent": "Mozilla/5.0"},
        {"x_atlassian_token": "no-check", "origin": "http://x.example"},
    ):
        refused = server.with_headers(**headers).upload(f"{at}/attachments", file)
        assert (refused.status, refused.text) == (403, "XSRF check failed")
    assert server.upload(f"{at}/attachments", file).status == 200
