"""Many at once: partial failure, order, limits (jira.md 4.4, 6.2)."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api

Make = Callable[..., dict[str, Any]]
PLAIN = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "One"}


def test_what_succeeds_is_made_and_what_fails_is_numbered(api: Api) -> None:
    rows = [{"fields": PLAIN}, {"fields": {**PLAIN, "summary": ""}}, {"fields": PLAIN}]
    reply = api.post("/issue/bulk", {"issueUpdates": rows})
    assert (reply.status, [one["key"] for one in reply.json["issues"]]) == (201, ["FHP-1", "FHP-2"])
    [error] = reply.json["errors"]
    assert (error["failedElementNumber"], error["status"]) == (1, 400)
    assert "summary" in error["elementErrors"]["errors"]


def test_when_all_fail_the_answer_is_400(api: Api) -> None:
    reply = api.post("/issue/bulk", {"issueUpdates": [{"fields": {}}, {}]})
    assert (reply.status, reply.json["issues"], len(reply.json["errors"])) == (400, [], 2)


def test_each_may_have_properties_and_a_first_transition(api: Api) -> None:
    rows = [
        {
            "fields": PLAIN,
            "properties": [{"key": "token", "value": "a"}],
            "transition": {"id": "51"},
        },
        {"fields": PLAIN, "properties": [{"key": "token", "value": "b"}]},
    ]
    made = api.post("/issue/bulk", {"issueUpdates": rows}).json["issues"]
    body = {
        "issueIdsOrKeys": [one["id"] for one in made],
        "properties": ["token"],
        "fields": ["status"],
    }
    found = api.post("/issue/bulkfetch", body).json["issues"]
    assert [one["properties"]["token"] for one in found] == ["a", "b"]
    assert [one["fields"]["status"]["name"] for one in found] == ["Done", "Backlog"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/issue/bulk", {"issueUpdates": [{"fields": PLAIN}] * 51}, id="51 creates"),
        pytest.param("/issue/bulk", {"issueUpdates": []}, id="no creates"),
        pytest.param("/issue/bulkfetch", {"issueIdsOrKeys": ["1"] * 101}, id="101 reads"),
        pytest.param("/issue/bulkfetch", {"issueIdsOrKeys": []}, id="no reads"),
        pytest.param(
            "/issue/bulkfetch", {"issueIdsOrKeys": ["1"], "properties": list("abcdef")}, id="6 keys"
        ),
        pytest.param("/changelog/bulkfetch", {"issueIdsOrKeys": []}, id="no changelogs"),
        pytest.param("/comment/list", {"ids": list(range(1001))}, id="1001 comments"),
    ],
)
def test_too_many_or_none_are_refused(api: Api, path: str, body: dict[str, Any]) -> None:
    assert api.post(path, body).status == 400
    assert api.get("/issue/FHP-1").status == 404


def test_fetched_issues_come_by_ascending_id_and_once_and_missing_ones_not_at_all(
    api: Api, make: Make
) -> None:
    for title in "ABC":
        make(title)
    asked = ["FHP-3", "fhp-1", "10000", "FHP-77"]
    found = api.post("/issue/bulkfetch", {"issueIdsOrKeys": asked, "fields": ["summary"]}).json
    assert [one["key"] for one in found["issues"]] == ["FHP-1", "FHP-3"]
    assert found["issueErrors"] == []


def test_fetched_issues_hold_navigable_fields_by_default(api: Api, make: Make) -> None:
    make()
    [found] = api.post("/issue/bulkfetch", {"issueIdsOrKeys": ["FHP-1"]}).json["issues"]
    assert "summary" in found["fields"]
    assert "comment" not in found["fields"]


def test_changelogs_of_many_come_in_pages_of_some_fields(api: Api, make: Make) -> None:
    for title in "AB":
        make(title)
    for key in ("FHP-1", "FHP-2"):
        api.put(f"/issue/{key}", {"fields": {"summary": "New"}})
        api.put(f"/issue/{key}", {"fields": {"labels": ["x"]}})
    body: dict[str, Any] = {
        "issueIdsOrKeys": ["FHP-2", "FHP-1"],
        "fieldIds": ["labels"],
        "maxResults": 1,
    }
    first = api.post("/changelog/bulkfetch", body).json
    second = api.post(
        "/changelog/bulkfetch", {**body, "nextPageToken": first["nextPageToken"]}
    ).json
    assert [one["issueId"] for one in first["issueChangeLogs"]] == ["10000"]
    assert [one["issueId"] for one in second["issueChangeLogs"]] == ["10001"]
    assert "nextPageToken" not in second
