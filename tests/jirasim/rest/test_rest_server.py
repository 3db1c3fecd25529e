"""Data Center 10.3: rich text as it was sent, people by name."""

from typing import Any

import pytest
from helpers.jira_caller import Api

WIKI = "h1. Title\r\n\r\n* one  \n** two {{code}}\n\n{panel:title=T}x{panel} \t"
ACCEPTANCE = "customfield_10030"


def made(server: Api, **fields: Any) -> str:
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "A task"}
    reply = server.post("/issue", {"fields": {**plain, **fields}})
    assert reply.status == 201, reply.text
    return str(reply.json["key"])


def fields_of(server: Api, key: str, **query: str) -> Any:
    return server.get(f"/issue/{key}", **query).json["fields"]


def test_rich_text_comes_back_byte_for_byte(server: Api) -> None:
    key = made(server, description=WIKI, environment=WIKI, **{ACCEPTANCE: WIKI})
    seen = fields_of(server, key)
    assert (seen["description"], seen["environment"], seen[ACCEPTANCE]) == (WIKI, WIKI, WIKI)
    assert server.post(f"/issue/{key}/comment", {"body": WIKI}).json["body"] == WIKI
    work = server.post(f"/issue/{key}/worklog", {"timeSpent": "1h", "comment": WIKI}).json
    assert work["comment"] == WIKI


def test_html_is_made_of_the_wiki_text(server: Api) -> None:
    key = made(server, description="h2. Plan\n\nA *bold* step")
    rendered = server.get(f"/issue/{key}", expand="renderedFields").json["renderedFields"]
    assert rendered["description"] == "<h2>Plan</h2><p>A <b>bold</b> step</p>"
    comment = server.post(f"/issue/{key}/comment", {"body": "_x_"}, expand="renderedBody").json
    assert comment["renderedBody"] == "<p><em>x</em></p>"


def test_the_changelog_holds_the_wiki_text(server: Api) -> None:
    key = made(server, description="*old*")
    server.put(f"/issue/{key}", {"fields": {"description": "_new_ "}})
    [entry] = server.get(f"/issue/{key}", expand="changelog").json["changelog"]["histories"]
    [item] = entry["items"]
    assert (item["fromString"], item["toString"]) == ("*old*", "_new_ ")


@pytest.mark.parametrize("value", [{"type": "doc", "version": 1, "content": []}, 5, ["x"]])
def test_only_text_is_rich_text(server: Api, value: object) -> None:
    refused = server.post(
        "/issue",
        {
            "fields": {
                "project": {"key": "FHP"},
                "issuetype": {"name": "Task"},
                "summary": "A task",
                "description": value,
            }
        },
    )
    assert refused.status == 400
    assert refused.json["errors"] == {"description": "Operation value must be a string"}


def test_rich_text_has_a_limit(server: Api) -> None:
    key = made(server, description="x" * 32767)
    refused = server.put(f"/issue/{key}", {"fields": {"description": "x" * 32768}})
    assert refused.status == 400
    assert "32,767 characters" in refused.json["errors"]["description"]


def test_emptied_text_is_null(server: Api) -> None:
    key = made(server, description="x")
    server.put(f"/issue/{key}", {"fields": {"description": ""}})
    assert fields_of(server, key)["description"] is None


def test_people_are_named(server: Api) -> None:
    key = made(server, assignee={"name": "maya"}, reporter={"name": "Aiko"})
    seen = fields_of(server, key)
    assert (seen["assignee"]["name"], seen["reporter"]["key"]) == ("maya", "JIRAUSER10002")
    assert "accountId" not in seen["assignee"]
    at = f"/issue/{key}/assignee"
    assert server.put(at, {"name": "jonas"}).status == 204
    assert fields_of(server, key)["assignee"]["displayName"] == "Jonas Weber"
    assert server.put(at, {"name": "-1"}).status == 204
    assert fields_of(server, key)["assignee"] is None
    assert server.put(at, {"name": None}).status == 204


@pytest.mark.parametrize(
    ("who", "complaint"),
    [
        ({"name": "nobody"}, "User 'nobody' does not exist."),
        ({"name": "lena"}, "User 'lena' cannot be assigned issues."),
        ({"name": 5}, "expected 'name' property to be a string"),
        ("maya", "data was not an object"),
    ],
)
def test_strangers_are_refused(server: Api, who: object, complaint: str) -> None:
    key = made(server)
    refused = server.put(f"/issue/{key}", {"fields": {"assignee": who}})
    assert (refused.status, refused.json["errors"]) == (400, {"assignee": complaint})
