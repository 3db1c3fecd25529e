"""Search by token, lag and reconciling, bulk reading, and the way that was removed (jira.md 4)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from helpers.jira_caller import Api
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jirasim.site.model import User
from jirasim.site.state import Site

Make = Callable[..., dict[str, Any]]


def keys_of(api: Api, jql: str, **more: object) -> list[str]:
    body = {"jql": jql, "fields": ["key"], **more}
    return [one["key"] for one in api.post("/search/jql", body).json["issues"]]


def lagging(site: Site, seconds: float) -> None:
    site.state.settings = replace(site.state.settings, index_lag_seconds=seconds)


def test_without_fields_only_ids_are_given(api: Api, make: Make) -> None:
    make()
    assert api.get("/search/jql", jql="project = FHP").json == {
        "issues": [{"id": "10000"}],
        "isLast": True,
    }


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 8))
def test_pages_together_are_the_whole(api: Api, size: int) -> None:
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "One"}
    if "FHP-1" not in api.site.state.issue_ids:
        api.post("/issue/bulk", {"issueUpdates": [{"fields": plain}] * 7})
    found: list[str] = []
    token = None
    while True:
        query = {"jql": "project = FHP order by key", "maxResults": size, "fields": "key"}
        page = api.get("/search/jql", **query, **({"nextPageToken": token} if token else {})).json
        found += [one["key"] for one in page["issues"]]
        assert ("nextPageToken" in page) is not page["isLast"]
        if page["isLast"]:
            break
        token = page["nextPageToken"]
    assert found == [f"FHP-{number}" for number in range(1, 8)]


def test_a_deleted_row_does_not_make_the_next_page_skip_one(api: Api, make: Make) -> None:
    for title in "ABCDE":
        make(title)
    query = {"jql": "project = FHP order by key", "maxResults": 2, "fields": "key"}
    token = api.get("/search/jql", **query).json["nextPageToken"]
    api.delete("/issue/FHP-1")
    second = api.get("/search/jql", **query, nextPageToken=token).json
    assert [one["key"] for one in second["issues"]] == ["FHP-3", "FHP-4"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _, token: ("project = LIN", token), id="of another query"),
        pytest.param(lambda _, token: ("project = FHP", token[:-4]), id="that was cut"),
        pytest.param(lambda _, __: ("project = FHP", "nonsense"), id="that never was one"),
    ],
)
def test_a_token_is_refused(api: Api, make: Make, spoil: Callable[..., tuple[str, str]]) -> None:
    make()
    make()
    token = api.get("/search/jql", jql="project = FHP", maxResults=1).json["nextPageToken"]
    jql, bad = spoil(api, token)
    assert api.get("/search/jql", jql=jql, nextPageToken=bad).status == 400


def test_a_token_lapses_after_seven_days(api: Api, make: Make, site: Site) -> None:
    make()
    make()
    query = {"jql": "project = FHP", "maxResults": 1}
    token = api.get("/search/jql", **query).json["nextPageToken"]
    site.clock.advance(timedelta(days=6))
    assert api.get("/search/jql", **query, nextPageToken=token).status == 200
    site.clock.advance(timedelta(days=1, seconds=1))
    assert api.get("/search/jql", **query, nextPageToken=token).status == 400


@pytest.mark.parametrize(
    ("jql", "complaint"),
    [
        pytest.param("order by key", "Unbounded JQL queries are not allowed here.", id="unbounded"),
        pytest.param("", "Unbounded JQL queries are not allowed here.", id="empty"),
        pytest.param(
            "project = NOPE",
            "The value 'NOPE' does not exist for the field 'project'.",
            id="an unknown project",
        ),
        pytest.param("project = ", "Error in the JQL Query:", id="half a clause"),
    ],
)
def test_search_refuses(api: Api, jql: str, complaint: str) -> None:
    for reply in (
        api.get("/search/jql", jql=jql),
        api.post("/search/jql", {"jql": jql}),
        api.post("/search/approximate-count", {"jql": jql}),
    ):
        assert reply.status == 400
        assert reply.json["errorMessages"][0].startswith(complaint)


def test_the_index_lags_behind_the_truth(api: Api, make: Make, site: Site) -> None:
    lagging(site, 30)
    made = make("New")
    assert api.get("/issue/FHP-1").status == 200
    assert keys_of(api, "project = FHP") == []
    assert keys_of(api, "project = FHP", reconcileIssues=[int(made["id"])]) == ["FHP-1"]
    site.clock.advance(timedelta(seconds=31))
    assert keys_of(api, "project = FHP") == ["FHP-1"]


def test_reconciled_issues_appear_only_if_they_match(api: Api, make: Make, site: Site) -> None:
    made = make("Old title")
    lagging(site, 30)
    api.put("/issue/FHP-1", {"fields": {"labels": ["fresh"]}})
    reconcile = [int(made["id"])]
    assert keys_of(api, "project = FHP and labels = fresh") == []
    assert keys_of(api, "project = FHP and labels = fresh", reconcileIssues=reconcile) == ["FHP-1"]
    assert keys_of(api, "project = FHP and labels is EMPTY") == ["FHP-1"]
    assert keys_of(api, "project = FHP and labels is EMPTY", reconcileIssues=reconcile) == []


def test_a_deleted_issue_lingers_in_a_lagging_index(api: Api, make: Make, site: Site) -> None:
    made = make()
    lagging(site, 30)
    api.delete("/issue/FHP-1")
    assert keys_of(api, "project = FHP") == ["FHP-1"]
    assert keys_of(api, "project = FHP", reconcileIssues=[int(made["id"])]) == []


def test_dates_are_read_in_the_zone_of_the_caller(api: Api, make: Make, people: list[User]) -> None:
    make()
    aiko = api.as_user(people[1])
    assert keys_of(api, 'project = FHP and created >= "2026-03-02 09:30"') == ["FHP-1"]
    assert keys_of(api, 'project = FHP and created >= "2026-03-02 18:30"') == []
    assert keys_of(aiko, 'project = FHP and created >= "2026-03-02 18:30"') == ["FHP-1"]
    assert keys_of(aiko, 'project = FHP and created >= "2026-03-02 18:31"') == []


def test_properties_come_along_when_named(api: Api) -> None:
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "One"}
    api.post("/issue", {"fields": plain, "properties": [{"key": "token", "value": {"t": 5}}]})
    body = {"jql": "project = FHP", "properties": ["token", "other"]}
    [row] = api.post("/search/jql", body).json["issues"]
    assert row["properties"] == {"token": {"t": 5}}
    six = {"jql": "project = FHP", "properties": list("abcdef")}
    assert api.post("/search/jql", six).status == 400


def test_pages_of_fields_hold_a_hundred_and_bare_ids_more(api: Api) -> None:
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "One"}
    for _ in range(3):
        assert api.post("/issue/bulk", {"issueUpdates": [{"fields": plain}] * 50}).status == 201
    query = {"jql": "project = FHP", "maxResults": 5000}
    assert len(api.get("/search/jql", **query).json["issues"]) == 150
    assert len(api.get("/search/jql", **query, fields="summary").json["issues"]) == 100
    assert api.post("/search/approximate-count", {"jql": "project = FHP"}).json == {"count": 150}


@pytest.mark.parametrize("version", [2, 3])
def test_the_old_search_is_gone(api: Api, version: int) -> None:
    for method in ("GET", "POST"):
        reply = api.call(method, f"/rest/api/{version}/search", query={"jql": "project = FHP"})
        assert reply.status == 410
        assert "Please migrate to the /rest/api/3/search/jql API" in reply.json["errorMessages"][0]


def test_nobody_finds_nothing_and_the_header_tells_why(api: Api, make: Make) -> None:
    make()
    nobody = replace(api, authorization="Basic bm9ib2R5OndyaXRlcw==")
    reply = nobody.get("/search/jql", jql="created >= -1d")
    assert (reply.status, reply.json["issues"]) == (200, [])
    assert reply.headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"


def test_a_query_is_ordered_by_seven_fields_at_most(api: Api) -> None:
    by = "key, created, updated, status, priority, assignee, reporter"
    assert api.get("/search/jql", jql=f"project = FHP order by {by}").status == 200
    assert api.get("/search/jql", jql=f"project = FHP order by {by}, due").status == 400


def test_an_issue_that_moves_does_not_come_twice(api: Api, make: Make) -> None:
    for title in "ABCD":
        make(title)
    query = {
        "jql": "project = FHP order by updated desc, key desc",
        "maxResults": 2,
        "fields": "key",
    }
    first = api.get("/search/jql", **query).json
    api.site.clock.advance(timedelta(seconds=5))
    api.put("/issue/FHP-3", {"fields": {"summary": "Moved to the front"}})
    rest = api.get("/search/jql", **query, nextPageToken=first["nextPageToken"]).json
    assert [one["key"] for one in first["issues"]] == ["FHP-4", "FHP-3"]
    assert [one["key"] for one in rest["issues"]] == ["FHP-2", "FHP-1"]
