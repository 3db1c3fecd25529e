"""Remote links: an upsert by global id, and what is refused (jira.md 6.8, Atlassian's own tests)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
RECORDED = Path(__file__).parents[4] / "shared/jira/responses"
AT = "/issue/FHP-1/remotelink"
LINK = {
    "globalId": "system=https://tool.example&id=1",
    "application": {"type": "example.tool", "name": "Tool"},
    "relationship": "is synced with",
    "object": {
        "url": "https://tool.example/1",
        "title": "Ticket 1",
        "summary": "More of it",
        "icon": {"url16x16": "https://tool.example/icon.png", "title": "Ticket"},
        "status": {"resolved": False, "icon": {"link": "https://tool.example/1/status"}},
    },
}
BARE = {"object": {"url": "https://tool.example/2", "title": "Two"}}


def test_a_link_is_one_by_its_global_id(api: Api, make: Make) -> None:
    make()
    first = api.post(AT, LINK)
    assert (first.status, first.headers["location"]) == (201, first.json["self"])
    assert first.json["self"].endswith(f"/issue/FHP-1/remotelink/{first.json['id']}")
    again = api.post(AT, {**LINK, "object": {**BARE["object"]}})
    assert (again.status, again.json) == (200, first.json)
    [kept] = api.get(AT).json
    assert kept["object"]["title"] == "Two"
    assert "summary" not in kept["object"]


def test_without_a_global_id_each_is_its_own(api: Api, make: Make) -> None:
    make()
    assert [api.post(AT, BARE).status, api.post(AT, BARE).status] == [201, 201]
    assert len(api.get(AT).json) == 2


def test_what_was_not_given_is_empty_or_missing_as_recorded(api: Api, make: Make) -> None:
    make()
    api.post(AT, BARE)
    [kept] = api.get(AT).json
    assert kept.keys() == {"id", "self", "application", "object"}
    assert kept["application"] == {}
    assert kept["object"] == {**BARE["object"], "icon": {}, "status": {"icon": {}}}


@pytest.mark.parametrize(
    "file",
    [
        pytest.param("cloud/devlake__remotelink-00.json", id="Cloud"),
        pytest.param("server/go-jira__remote_links.json", id="Server"),
    ],
)
def test_a_recorded_link_comes_back_as_it_was_recorded(api: Api, make: Make, file: str) -> None:
    if not (RECORDED / file).exists():
        pytest.skip("The recorded responses are not there (../shared/jira/responses).")
    found = json.loads((RECORDED / file).read_text())
    make()
    for recorded in found if isinstance(found, list) else [found]:
        api.post(AT, {name: part for name, part in recorded.items() if name not in {"id", "self"}})
        shown = api.get(AT).json[-1]
        assert shown.keys() == recorded.keys()
        whole = {"icon": {}, **recorded["object"]}
        assert (shown["object"], shown["application"]) == (whole, recorded["application"])


def test_a_link_is_found_changed_and_deleted_by_either_name(api: Api, make: Make) -> None:
    make()
    number = api.post(AT, LINK).json["id"]
    assert api.get(AT, globalId=LINK["globalId"]).json["id"] == number
    assert api.put(f"{AT}/{number}", BARE).status == 204
    assert "globalId" not in api.get(f"{AT}/{number}").json
    assert api.get(AT, globalId=LINK["globalId"]).status == 404
    assert api.delete(f"{AT}/{number}").status == 204
    assert api.get(f"{AT}/{number}").status == 404
    api.post(AT, LINK)
    assert api.delete(AT, globalId=LINK["globalId"]).status == 204
    assert api.get(AT).json == []
    assert api.delete(AT).status == 400


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        pytest.param({"title": None}, "title", "'Link Text' is required.", id="no title"),
        pytest.param({"url": "  "}, "url", "'URL' is required.", id="a blank address"),
        pytest.param({"url": "not an address"}, "url", None, id="no address"),
        pytest.param({"icon": {"url16x16": "a b"}}, "iconUrl", None, id="a bad icon"),
        pytest.param({"status": {"icon": {"link": "x"}}}, "statusIconLink", None, id="a bad link"),
    ],
)
def test_a_link_is_refused(
    api: Api, make: Make, changed: dict[str, Any], field: str, sentence: str | None
) -> None:
    make()
    refused = api.post(AT, {**LINK, "object": {**BARE["object"], **changed}})
    assert (refused.status, list(refused.json["errors"])) == (400, [field])
    assert sentence in {None, refused.json["errors"][field]}
    assert api.get(AT).json == []


def test_a_link_is_of_one_issue(api: Api, make: Make) -> None:
    make()
    make()
    number = api.post(AT, LINK).json["id"]
    assert api.get(f"/issue/FHP-2/remotelink/{number}").status == 400
    assert api.get(f"{AT}/-1").status == 404
    assert api.delete(f"{AT}/99a").status == 400


def test_linking_may_be_off_or_forbidden(api: Api, make: Make, people: list[User]) -> None:
    make()
    api.post(AT, LINK)
    api.call("POST", "/_sim/settings", body={"linking": False})
    assert [api.get(AT).status, api.post(AT, LINK).status] == [403, 403]
    assert api.get("/issueLinkType").status == 404
    api.call("POST", "/_sim/settings", body={"linking": True})
    fields = {"project": {"key": "READ"}, "issuetype": {"name": "Task"}, "summary": "Look"}
    api.as_user(people[0]).post("/issue", {"fields": fields})
    assert api.post("/issue/READ-1/remotelink", LINK).status == 403
    assert api.get("/issue/READ-1/remotelink").json == []


def test_the_history_tells_of_links_as_recorded(api: Api, make: Make) -> None:
    make()
    before = api.get("/issue/FHP-1").json["fields"]["updated"]
    number = str(api.post(AT, LINK).json["id"])
    [entry] = api.get("/issue/FHP-1/changelog").json["values"]
    [item] = entry["items"]
    assert (item["field"], item["from"], item["to"]) == ("RemoteIssueLink", None, number)
    assert item["toString"] == 'This issue links to "Ticket 1 (Tool)"'
    assert api.get("/issue/FHP-1").json["fields"]["updated"] > before


def test_server_answers_alike(server: Api) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "There"}
    server.post("/issue", {"fields": fields})
    made = server.post(AT, LINK)
    assert made.status == 201
    assert "/rest/api/2/issue/FHP-1/remotelink/" in made.json["self"]
    assert server.post(AT, LINK).status == 200
