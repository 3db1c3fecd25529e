"""What a client of Cloud trips over in single requests (the document; jira.md sections 3, 5, 6)."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
V2: Final = "/rest/api/2"
NO_TEXT: Final = "Operation value must be a string"


def test_the_next_page_is_one_of_the_same_list(api: Api) -> None:
    seen: list[str] = []
    page = api.get("/project/search", query="e", orderBy="-name", maxResults=2).json
    while True:
        seen += [one["key"] for one in page["values"]]
        if page["isLast"]:
            break
        path, _, query = page["nextPage"].removeprefix("http://jira.test").partition("?")
        page = api.call("GET", path, query=dict(pair.split("=") for pair in query.split("&"))).json
    whole = api.get("/project/search", query="e", orderBy="-name").json
    assert seen == [one["key"] for one in whole["values"]]
    assert "query=e" in whole["self"]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/project/search", 100),
        ("/issue/FHP-1/changelog", 100),
        ("/group/member?groupname=jira-software-users", 50),
        ("/issue/createmeta/FHP/issuetypes", 200),
        ("/issue/FHP-1/worklog", 5000),
    ],
)
def test_a_page_has_a_largest_size(api: Api, make: Make, path: str, most: int) -> None:
    make()
    path, _, query = path.partition("?")
    asked = dict([query.split("=")]) if query else {}
    assert api.get(path, **asked, maxResults=6000).json["maxResults"] == most


@pytest.mark.parametrize("said", ["false", "False", "FALSE"])
def test_only_administrators_silence_an_edit(
    api: Api, make: Make, people: list[User], said: str
) -> None:
    """jira.md 3.1, trap 22: the whole edit fails."""
    key = make()["key"]
    body = {"fields": {"summary": "Silent"}}
    refused = api.as_user(people[1]).put(f"/issue/{key}", body, notifyUsers=said)
    assert (refused.status, refused.json["errorMessages"]) == (
        400,
        [
            "To discard the user notification either admin or project admin permissions are "
            "required."
        ],
    )
    assert api.get(f"/issue/{key}").json["fields"]["summary"] == "A task"
    assert api.put(f"/issue/{key}", body, notifyUsers=said).status == 204


@pytest.mark.parametrize("flag", ["overrideScreenSecurity", "overrideEditableFlag"])
def test_people_override_nothing(api: Api, make: Make, flag: str) -> None:
    """The document: 403 where the flag is used without being such an app."""
    path = f"/issue/{make()['key']}"
    assert api.put(path, {"fields": {"summary": "B"}}, **{flag: "true"}).status == 403
    assert api.put(path, {"fields": {"summary": "B"}}, **{flag: "false"}).status == 204


def test_an_edit_needs_a_body(api: Api, make: Make) -> None:
    """The document: 400 if the request body is missing."""
    path = f"/issue/{make()['key']}"
    assert api.call("PUT", path).status == 400
    assert api.put(path, {}).status == 204


def test_a_document_is_refused_where_version_2_wants_text(api: Api, make: Make) -> None:
    """jira.md 6.1: version 2 takes wiki text."""
    path = f"{V2}/issue/{make()['key']}"
    edit = api.put(path, {"fields": {"description": doc("x")}})
    assert (edit.status, edit.json["errors"]) == (400, {"description": NO_TEXT})
    step = api.put(path, {"update": {"description": [{"set": doc("x")}]}})
    assert (step.status, step.json["errors"]) == (400, {"description": NO_TEXT})
    assert api.post(f"{path}/comment", {"body": doc("x")}).status == 400
    assert api.post(f"{path}/worklog", {"timeSpent": "1h", "comment": doc("x")}).status == 400


def test_text_is_refused_where_version_3_wants_a_document(api: Api, make: Make) -> None:
    """jira.md 3.1 and trap 21."""
    path = f"/issue/{make()['key']}"
    said = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
    edit = api.put(path, {"fields": {"description": "x"}})
    assert (edit.status, edit.json["errors"]) == (400, {"description": said})
    assert api.post(f"{path}/comment", {"body": "x"}).status == 400
    assert api.post(f"{path}/worklog", {"timeSpent": "1h", "comment": "x"}).status == 400


def test_one_text_is_read_in_both_forms(api: Api, make: Make) -> None:
    path = f"/issue/{make(description=doc('x'))['key']}"
    bold = [{"type": "text", "text": "b", "marks": [{"type": "strong"}]}]
    assert api.put(f"{V2}{path}", {"fields": {"description": "*b*"}}).status == 204
    found = api.get(path).json["fields"]["description"]
    assert found["content"] == [{"type": "paragraph", "content": bold}]
    assert api.put(path, {"fields": {"description": found}}).status == 204
    assert api.get(f"{V2}{path}").json["fields"]["description"] == "*b*"


@pytest.mark.parametrize(
    ("given", "kept"),
    [(60, 60), (90, 60), (119, 60), (3600.0, 3600), (5400.9, 5400), ("3600", 3600)],
)
def test_seconds_become_whole_minutes(api: Api, make: Make, given: object, kept: int) -> None:
    """jira.md 5.3.  The reader of Jira takes a number as text or with a fraction, too."""
    reply = api.post(f"/issue/{make()['key']}/worklog", {"timeSpentSeconds": given})
    assert (reply.status, reply.json["timeSpentSeconds"]) == (201, kept)


@pytest.mark.parametrize("given", [59, 0, -60, True, "an hour", [60], {}])
def test_less_than_a_minute_is_no_worklog(api: Api, make: Make, given: object) -> None:
    """jira.md 5.3, trap 6."""
    reply = api.post(f"/issue/{make()['key']}/worklog", {"timeSpentSeconds": given})
    assert (reply.status, reply.json) == (
        400,
        {
            "errorMessages": ["Worklog must not be null."],
            "errors": {"timeLogged": "Invalid time duration entered."},
        },
    )


def test_labels_are_told_as_whole_sets_without_ids(api: Api, make: Make) -> None:
    """As recorded (mattermost issue-updated-labels): the ids are null (jira.md 6.5)."""
    key = make(labels=["bad", "test-label"])["key"]
    api.put(f"/issue/{key}", {"update": {"labels": [{"remove": "bad"}, {"add": "sad"}]}})
    [item] = api.get(f"/issue/{key}/changelog").json["values"][-1]["items"]
    assert item == {
        "field": "labels",
        "fieldtype": "jira",
        "fieldId": "labels",
        "from": None,
        "fromString": "bad test-label",
        "to": None,
        "toString": "sad test-label",
    }


def test_a_file_that_is_too_large_is_told_the_limit(api: Api, make: Make) -> None:
    """jira.md 6.9: 413 on Cloud."""
    at = f"/issue/{make()['key']}/attachments"
    reply = api.upload(at, ("big", b"x" * 10_485_761))
    assert reply.status == 413
    assert "10485760 bytes" in reply.text


@pytest.mark.parametrize(
    "path", ["//rest/api/3/myself", "/rest/api/3/myself/", "/rest//api/3/myself"]
)
def test_doubled_and_last_slashes_say_nothing(api: Api, path: str) -> None:
    """A base address that ends in a slash is a usual slip; servlet containers forgive it."""
    reply = api.call("GET", path)
    assert (reply.status, reply.json["accountId"]) == (200, api.site.state.service_account)


def test_a_file_of_an_odd_type_can_be_read_again(api: Api, make: Make) -> None:
    at = f"/issue/{make()['key']}/attachments"
    made = api.upload(at, ("a.bin", b"x"), kind="текст/x").json[0]
    assert made["mimeType"] == "application/octet-stream"
    reply = api.get(f"/attachment/content/{made['id']}", redirect="false")
    assert (reply.status, reply.content) == (200, b"x")
