"""What one request does beside fields: comments, worklogs, links; properties and archives in bulk."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
AT = "/issue/FHP-1"
PLAIN = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "There"}


def update(api: Api, **parts: Any) -> Any:
    return api.put(AT, {"update": parts})


def test_an_edit_may_write_change_and_delete_comments(api: Api, make: Make) -> None:
    make()
    assert update(api, comment=[{"add": {"body": doc("One")}}]).status == 204
    [one] = api.get(f"{AT}/comment").json["comments"]
    assert update(api, comment=[{"edit": {"id": one["id"], "body": doc("Two")}}]).status == 204
    assert api.get(f"{AT}/comment/{one['id']}").json["body"] == doc("Two")
    assert update(api, comment=[{"remove": {"id": one["id"]}}]).status == 204
    assert api.get(f"{AT}/comment").json["total"] == 0


def test_an_edit_may_log_work(api: Api, make: Make) -> None:
    make()
    log = {"timeSpent": "1h", "started": "2026-03-01T09:00:00.000+0000", "comment": doc("Did")}
    assert update(api, worklog=[{"add": log}]).status == 204
    [one] = api.get(f"{AT}/worklog").json["worklogs"]
    assert (one["timeSpentSeconds"], one["comment"]) == (3600, doc("Did"))
    refused = update(api, worklog=[{"add": {"timeSpent": "never"}}])
    assert (refused.status, list(refused.json["errors"])) == (400, ["worklog"])


@pytest.mark.parametrize(
    ("end", "words"),
    [
        pytest.param("outwardIssue", "This issue blocks FHP-2", id="this issue blocks the other"),
        pytest.param("inwardIssue", "This issue is blocked by FHP-2", id="the other blocks it"),
    ],
)
def test_an_edit_may_tie_the_issue_to_another(api: Api, make: Make, end: str, words: str) -> None:
    make()
    make()
    tie = {"type": {"name": "Blocks"}, end: {"key": "FHP-2"}}
    assert update(api, issuelinks=[{"add": tie}]).status == 204
    [link] = api.get(AT).json["fields"]["issuelinks"]
    assert link[end]["key"] == "FHP-2"
    [entry] = api.get(f"{AT}/changelog").json["values"]
    assert entry["items"][0]["toString"] == words


def test_a_create_may_tie_log_and_comment_or_is_refused_whole(api: Api, make: Make) -> None:
    make()
    parts = {
        "issuelinks": [{"add": {"type": {"name": "Relates"}, "outwardIssue": {"key": "FHP-1"}}}],
        "worklog": [{"add": {"timeSpent": "2h"}}],
        "comment": [{"add": {"body": doc("From the start")}}],
    }
    history = {"type": "tool", "actor": {"id": "x"}}
    made = api.post("/issue", {"fields": PLAIN, "update": parts, "historyMetadata": history})
    assert made.status == 201
    shown = api.get(f"/issue/{made.json['key']}").json["fields"]
    assert (len(shown["issuelinks"]), shown["timespent"], shown["comment"]["total"]) == (1, 7200, 1)
    parts["issuelinks"][0]["add"]["outwardIssue"]["key"] = "FHP-99"
    refused = api.post("/issue", {"fields": PLAIN, "update": parts})
    assert (refused.status, list(refused.json["errors"])) == (400, ["issuelinks"])
    assert api.get("/issue/FHP-3").status == 404


def test_wiki_text_of_a_worklog_is_read_in_version_2(api: Api, make: Make) -> None:
    make()
    parts = {"worklog": [{"add": {"timeSpent": "1h", "comment": "Plain *words*"}}]}
    assert api.call("PUT", f"/rest/api/2{AT}", body={"update": parts}).status == 204
    [one] = api.get(f"{AT}/worklog").json["worklogs"]
    assert one["comment"]["type"] == "doc"


def test_properties_are_set_on_many_or_on_none(api: Api, make: Make) -> None:
    ids = [int(make()["id"]) for _ in range(2)]
    body = {"entitiesIds": ids, "properties": {"tool": {"id": 1}}}
    made = api.post("/issue/properties", body)
    assert (made.status, made.content) == (303, b"")
    assert [api.get(f"/issue/{one}/properties/tool").json["value"] for one in ids] == [
        {"id": 1},
        {"id": 1},
    ]
    refused = api.post("/issue/properties", {"entitiesIds": [*ids, 77], "properties": {"x": 1}})
    assert refused.status == 400
    assert api.get(f"{AT}/properties/x").status == 404


def test_properties_go_to_those_that_pass_the_filter(api: Api, make: Make) -> None:
    make(), make(), make()
    api.put("/issue/FHP-1/properties/tool", "a")
    api.put("/issue/FHP-2/properties/tool", "b")
    api.put("/issue/properties/tool", {"value": "c", "filter": {"currentValue": "a"}})
    api.put("/issue/properties/tool", {"value": "d", "filter": {"hasProperty": False}})
    values = [api.get(f"/issue/FHP-{one}/properties/tool").json["value"] for one in (1, 2, 3)]
    assert values == ["c", "b", "d"]
    wrong = {"value": 1, "filter": {"hasProperty": False, "currentValue": "a"}}
    assert api.put("/issue/properties/tool", wrong).status == 400
    api.call("DELETE", "/issue/properties/tool", body={"currentValue": "b"})
    assert [api.get(f"/issue/FHP-{one}/properties/tool").status for one in (1, 2, 3)] == [
        200,
        404,
        200,
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("k" * 256, 1, id="a long key"),
        pytest.param("tool", "x" * 32768, id="a long value"),
    ],
)
def test_a_property_has_its_limits(api: Api, make: Make, key: str, value: object) -> None:
    make()
    assert api.put(f"{AT}/properties/{key}", value).status == 400
    body = {"fields": PLAIN, "properties": [{"key": key, "value": value}]}
    assert api.post("/issue", body).status == 400


def test_a_property_must_be_json(api: Api, make: Make) -> None:
    make()
    assert api.call("PUT", f"{AT}/properties/tool", body=b"{nonsense").status == 400


def test_a_task_is_for_who_began_it(api: Api, make: Make, people: list[User]) -> None:
    number = int(make()["id"])
    body = {"entitiesIds": [number], "properties": {"tool": 1}}
    made = api.post("/issue/properties", body)
    place = made.headers["location"].removeprefix("http://jira.test/rest/api/3")
    assert api.get(place).json["status"] == "COMPLETE"
    assert api.as_user(people[3]).get(place).status == 403
    assert api.get("/task/77").status == 404


def test_an_archive_takes_sub_tasks_along(api: Api, make: Make, people: list[User]) -> None:
    make()
    make(issuetype={"name": "Sub-task"}, parent={"key": "FHP-1"})
    answer = api.put("/issue/archive", {"issueIdsOrKeys": ["FHP-1", "FHP-2", "FHP-9"]}).json
    assert answer["numberOfIssuesUpdated"] == 2
    assert answer["errors"]["issueIsSubtask"]["issueIdsOrKeys"] == ["FHP-2"]
    found = api.get("/search/jql", jql="project = FHP").json
    assert found["issues"] == []
    refused = api.put("/issue/archive", {"issueIdsOrKeys": ["FHP-2"]})
    sentence = "No valid issue to archive or unarchive. Bad request."
    assert (refused.status, refused.json["errorMessages"]) == (400, [sentence])
    both = {"issueIdsOrKeys": ["FHP-1"]}
    assert api.as_user(people[3]).put("/issue/unarchive", both).status == 403
    assert api.put("/issue/unarchive", both).json["numberOfIssuesUpdated"] == 2
    assert len(api.get("/search/jql", jql="project = FHP").json["issues"]) == 2


def test_administrators_see_which_issues_are_near_a_limit(
    api: Api, make: Make, people: list[User]
) -> None:
    make()
    report = api.get("/issue/limit/report").json
    assert report["limits"]["worklog"] == 10000
    assert report["issuesBreachingLimit"] == {}
    assert api.as_user(people[3]).get("/issue/limit/report").status == 403
