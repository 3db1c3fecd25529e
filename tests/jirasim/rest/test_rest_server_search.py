"""Data Center: search by offset (jira.md 4.3), and the shape of an issue."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from helpers.jira_caller import Api

AVATARS = {"48x48", "24x24", "16x16", "32x32"}


@pytest.fixture
def five(server: Api) -> list[str]:
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}}
    bodies = [{"fields": {**plain, "summary": f"Task {number}"}} for number in range(5)]
    made = server.post("/issue/bulk", {"issueUpdates": bodies})
    return [one["key"] for one in made.json["issues"]]


def found(server: Api, **query: Any) -> Any:
    reply = server.get("/search", **query)
    assert reply.status == 200, reply.text
    return reply.json


def test_pages_go_by_offset(server: Api, five: list[str]) -> None:
    page = found(server, jql="project = FHP order by key", startAt=3, maxResults=10)
    head = {name: page[name] for name in ("expand", "startAt", "maxResults", "total")}
    assert head == {"expand": "schema,names", "startAt": 3, "maxResults": 10, "total": 5}
    assert [one["key"] for one in page["issues"]] == five[3:]
    posted = {"jql": "project = FHP order by key", "startAt": 3, "maxResults": 10}
    assert server.post("/search", posted).json == page


def test_a_page_is_capped_in_silence(server: Api, five: list[str]) -> None:
    server.site.state.settings = replace(server.site.state.settings, search_limit=2)
    for asked in (100, -1):
        page = found(server, jql="", maxResults=asked)
        assert (page["maxResults"], page["total"], len(page["issues"])) == (2, 5, 2)
    assert found(server, jql="")["maxResults"] == 2
    assert len(five) == 5


def test_only_navigable_fields_come_unless_asked(server: Api, five: list[str]) -> None:
    fields = found(server, jql=f"key = {five[0]}")["issues"][0]["fields"]
    assert "summary" in fields
    assert fields.keys() & {"comment", "worklog", "attachment", "timetracking"} == set()
    whole = found(server, jql=f"key = {five[0]}", fields="*all")["issues"][0]["fields"]
    assert whole["comment"] == {"comments": [], "maxResults": 0, "total": 0, "startAt": 0}
    named = {"jql": f"key = {five[0]}", "fields": ["summary"], "expand": ["names", "schema"]}
    page = server.post("/search", named).json
    assert page["issues"][0]["fields"] == {"summary": "Task 0"}
    assert page["names"] == {"summary": "Summary"}
    assert page["schema"]["summary"]["type"] == "string"


def test_the_index_keeps_whole_seconds(server: Api, five: list[str]) -> None:
    server.site.clock.advance(timedelta(seconds=5, milliseconds=123))
    server.put(f"/issue/{five[0]}", {"fields": {"summary": "Later"}})
    read = server.get(f"/issue/{five[0]}").json["fields"]["updated"]
    indexed = found(server, jql=f"key = {five[0]}")["issues"][0]["fields"]["updated"]
    assert (read, indexed) == ("2026-03-02T09:30:05.123+0000", "2026-03-02T09:30:05.000+0000")


def test_wrong_queries_are_refused_or_warned_of(server: Api) -> None:
    assert server.get("/search", jql="project = NOPE").status == 400
    page = found(server, jql="project = NOPE", validateQuery="false")
    assert (page["total"], page["issues"]) == (0, [])
    assert "does not exist for the field 'project'" in page["warningMessages"][0]
    assert server.post("/search", {"jql": "project = NOPE", "validateQuery": False}).status == 200
    assert server.get("/search", jql="project =", validateQuery="false").status == 400


def test_cloud_ways_to_search_are_not_there(server: Api) -> None:
    for path in ("/search/jql", "/project/search", "/priority/search"):
        assert server.get(path).status == 404, path
    assert server.post("/search/approximate-count", {"jql": ""}).status == 404
    assert server.post("/issue/bulkfetch", {"issueIdsOrKeys": ["FHP-1"]}).status == 405


def test_an_issue_has_the_recorded_shape(server: Api, five: list[str]) -> None:
    issue = server.get(f"/issue/{five[0]}").json
    fields, base = issue["fields"], "http://jira.test"
    assert issue["self"] == f"{base}/rest/api/2/issue/{issue['id']}"
    assert "transitions" not in issue["expand"]
    assert {"statusCategory", "statuscategorychangedate", "parent"} & fields.keys() == set()
    kind = fields["issuetype"]
    assert "hierarchyLevel" not in kind
    assert kind["iconUrl"] == (
        f"{base}/secure/viewavatar?size=xsmall&avatarId={kind['avatarId']}&avatarType=issuetype"
    )
    project = fields["project"]
    assert set(project) == {"self", "id", "key", "name", "projectTypeKey", "avatarUrls"}
    assert set(project["avatarUrls"]) == AVATARS
    assert project["avatarUrls"]["24x24"].startswith(f"{base}/secure/projectavatar?size=small&")
    assert fields["priority"]["iconUrl"] == f"{base}/images/icons/priorities/medium.svg"
    person = {"self", "name", "key", "emailAddress", "avatarUrls", "displayName"}
    assert set(fields["creator"]) == person | {"active", "timeZone"}


def test_sub_tasks_alone_have_a_parent(server: Api, five: list[str]) -> None:
    plain = {"project": {"key": "FHP"}, "summary": "Inside", "parent": {"key": five[0]}}
    inner = server.post("/issue", {"fields": {**plain, "issuetype": {"name": "Sub-task"}}}).json
    assert server.get(f"/issue/{inner['key']}").json["fields"]["parent"]["key"] == five[0]
    assert [one["key"] for one in server.get(f"/issue/{five[0]}/subtask").json] == [inner["key"]]
    refused = server.post("/issue", {"fields": {**plain, "issuetype": {"name": "Task"}}})
    assert list(refused.json["errors"]) == ["parent"]
    moved = server.put(f"/issue/{inner['key']}", {"fields": {"parent": {"key": five[1]}}})
    assert "cannot be set" in moved.json["errors"]["parent"]


def test_the_changelog_comes_whole_and_names_people_by_key(server: Api, five: list[str]) -> None:
    at = f"/issue/{five[0]}"
    for number in range(120):
        server.put(at, {"fields": {"summary": f"Name {number}"}})
    server.put(at, {"fields": {"assignee": {"name": "maya"}}})
    log = server.get(at, expand="changelog").json["changelog"]
    assert (log["startAt"], log["maxResults"], log["total"]) == (0, 121, 121)
    assert log["histories"][0]["items"][0]["toString"] == "Name 0"
    assert log["histories"][-1]["items"] == [
        {
            "field": "assignee",
            "fieldtype": "jira",
            "from": None,
            "fromString": None,
            "to": "JIRAUSER10001",
            "toString": "Maya Lind",
        }
    ]
    assert server.get(f"{at}/changelog").status == 404
