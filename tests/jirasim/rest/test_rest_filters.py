"""Saved filters: their life, whom they are shared with, and `filter =` in queries."""

from dataclasses import replace

import pytest
from helpers.jira_caller import Api

from jirasim.site.model import User


def save(api: Api, name: str = "Open bugs", jql: str = "project = FHP", **more: object) -> str:
    reply = api.post("/filter", {"name": name, "jql": jql, **more})
    assert reply.status == 200, reply.text
    return str(reply.json["id"])


def test_a_filter_is_saved_changed_and_deleted(api: Api) -> None:
    one = save(api, description="What is left", favourite=True)
    got = api.get(f"/filter/{one}").json
    assert (got["name"], got["jql"], got["favourite"]) == ("Open bugs", "project = FHP", True)
    assert api.put(f"/filter/{one}", {"name": "All", "jql": "labels is EMPTY"}).status == 200
    assert api.get(f"/filter/{one}").json["description"] == "What is left"
    assert [row["id"] for row in api.get("/filter/favourite").json] == [one]
    assert api.delete(f"/filter/{one}/favourite").json["favourite"] is False
    assert api.get("/filter/favourite").json == []
    assert [row["name"] for row in api.get("/filter/my").json] == ["All"]
    assert api.delete(f"/filter/{one}").status == 204
    assert api.get(f"/filter/{one}").status == 400


@pytest.mark.parametrize(
    "body", [{"jql": "project = FHP"}, {"name": "Open bugs"}, {"name": "X", "jql": "project = ?"}]
)
def test_a_filter_needs_a_name_of_its_own_and_a_query(api: Api, body: dict[str, str]) -> None:
    save(api)
    assert api.post("/filter", body).status == 400


def test_others_see_a_filter_when_it_is_shared(api: Api, people: list[User]) -> None:
    other = api.as_user(people[0])
    one = save(api)
    made = api.post(f"/filter/{one}/permission", {"type": "authenticated"})
    assert (made.status, len(made.json)) == (201, 1)
    assert other.get(f"/filter/{one}").json["name"] == "Open bugs"
    assert other.put(f"/filter/{one}", {"name": "Mine"}).status == 400
    share = made.json[0]["id"]
    assert api.get(f"/filter/{one}/permission/{share}").json["type"] == "authenticated"
    assert api.delete(f"/filter/{one}/permission/{share}").status == 204
    assert api.get(f"/filter/{one}/permission").json == []
    assert other.get(f"/filter/{one}").status == 400


def test_a_search_shows_what_is_asked_for(api: Api) -> None:
    save(api, "Alpha")
    save(api, "Beta")
    found = api.get("/filter/search", filterName="ALP", expand="jql,owner").json
    assert [(row["name"], row["jql"]) for row in found["values"]] == [("Alpha", "project = FHP")]
    me = api.get("/myself").json["accountId"]
    plain = api.get("/filter/search", orderBy="-name", accountId=me).json["values"]
    assert [row["name"] for row in plain] == ["Beta", "Alpha"]
    assert "jql" not in plain[0]
    assert api.get("/filter/search", orderBy="colour").status == 400


def test_a_query_may_name_a_filter(api: Api) -> None:
    for title in ("One", "Two"):
        fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": title}
        assert api.post("/issue", {"fields": fields}).status == 201
    one = save(api, jql="summary ~ two ORDER BY key")
    for jql, keys in (
        (f"filter = {one}", ["FHP-2"]),
        ("project = FHP and filter = 'open BUGS'", ["FHP-2"]),
        ("project = FHP and filter != 'Open bugs'", ["FHP-1"]),
    ):
        rows = api.get("/search/jql", jql=jql, fields="key").json["issues"]
        assert [row["key"] for row in rows] == keys
    assert api.get("/search/jql", jql="filter = 99").status == 400
    assert api.put(f"/filter/{one}", {"name": "Open bugs", "jql": f"filter = {one}"}).status == 200
    assert api.get("/search/jql", jql=f"filter = {one}").status == 400


def test_server_has_filters_too(server: Api) -> None:
    one = save(server, sharePermissions=[{"type": "loggedin"}])
    got = server.get(f"/filter/{one}").json
    assert (got["editable"], got["sharePermissions"][0]["type"]) == (True, "loggedin")
    assert server.get("/filter/favourite").json == []
    assert server.put("/filter/defaultShareScope", {"scope": "GLOBAL"}).status == 200
    assert server.get("/filter/defaultShareScope").json == {"scope": "GLOBAL"}
    nobody = replace(server, authorization="")
    assert nobody.get(f"/filter/{one}").status in (400, 401)
    assert server.delete(f"/filter/{one}").status == 204
