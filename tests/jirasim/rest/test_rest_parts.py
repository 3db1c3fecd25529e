"""Components and versions: over REST, on issues, in the history, in JQL, as events."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.events import Event
from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]


def component(api: Api, name: str, **more: Any) -> dict[str, Any]:
    reply = api.post("/component", {"project": "LIN", "name": name, **more})
    assert reply.status == 201, reply.text
    return dict(reply.json)


def version(api: Api, name: str, **more: Any) -> dict[str, Any]:
    reply = api.post("/version", {"project": "LIN", "name": name, **more})
    assert reply.status == 201, reply.text
    return dict(reply.json)


def items(api: Api, key: str) -> list[tuple[str, str | None, str | None]]:
    last = api.get(f"/issue/{key}/changelog").json["values"][-1]["items"]
    return [(one["field"], one["fromString"], one["toString"]) for one in last]


def found(api: Api, jql: str) -> list[str]:
    reply = api.post("/search/jql", {"jql": jql, "fields": ["summary"]})
    assert reply.status == 200, reply.text
    return [one["key"] for one in reply.json["issues"]]


def test_a_component_is_made_changed_and_deleted(api: Api, people: list[User]) -> None:
    lead = people[1].account_id
    made = component(api, "Web", leadAccountId=lead, assigneeType="COMPONENT_LEAD")
    assert made["assignee"]["accountId"] == lead
    at = f"/component/{made['id']}"
    assert api.put(at, {"description": "Pages"}).json["description"] == "Pages"
    assert api.get(at).json["name"] == "Web"
    assert [one["name"] for one in api.get("/project/LIN/components").json] == ["Web"]
    assert api.get("/project/LIN/component", orderBy="-name").json["values"][0]["issueCount"] == 0
    assert api.get("/component", projectIdsOrKeys="LIN").json["total"] == 1
    assert api.delete(at).status == 204
    assert api.get(at).status == 404


def test_names_are_kept_apart(api: Api, people: list[User]) -> None:
    component(api, "Web")
    twice = api.post("/component", {"project": "LIN", "name": "web"})
    assert twice.json["errors"] == {
        "name": "A component with the name web already exists in this project."
    }
    version(api, "1.0")
    twice = api.post("/version", {"project": "LIN", "name": "1.0"})
    assert (twice.status, list(twice.json["errors"])) == (400, ["name"])
    assert api.post("/component", {"project": "LIN"}).status == 400
    member = api.as_user(people[1])
    assert member.post("/component", {"project": "LIN", "name": "Mine"}).status == 403
    assert member.post("/version", {"project": "LIN", "name": "Mine"}).status == 404


def test_an_issue_has_versions_and_components(api: Api, make: Make) -> None:
    first, second = version(api, "1.0"), version(api, "2.0")
    component(api, "Web")
    key = make(project={"key": "REQ"}, customfield_10032="A")["key"]
    lin = {"project": {"key": "LIN"}, "fixVersions": [{"name": "1.0"}]}
    key = make(**lin, components=[{"name": "Web"}])["key"]
    fields = api.get(f"/issue/{key}").json["fields"]
    assert [one["id"] for one in fields["fixVersions"]] == [first["id"]]
    assert [one["name"] for one in fields["components"]] == ["Web"]
    swap = [{"add": {"id": second["id"]}}, {"remove": {"name": "1.0"}}]
    assert api.put(f"/issue/{key}", {"update": {"fixVersions": swap}}).status == 204
    assert items(api, key) == [("Fix Version", "1.0", "2.0")]
    both = {"versions": [{"name": "1.0"}, {"name": "2.0"}], "components": []}
    assert api.put(f"/issue/{key}", {"fields": both}).status == 204
    assert items(api, key) == [
        ("Version", None, "1.0"),
        ("Version", None, "2.0"),
        ("Component", "Web", None),
    ]
    wrong = api.put(f"/issue/{key}", {"fields": {"components": [{"name": "App"}]}})
    assert wrong.json["errors"] == {"components": "Component name 'App' is not valid"}


def test_versions_are_found_by_what_they_are(api: Api, make: Make, people: list[User]) -> None:
    version(api, "1.0", released=True)
    for name in ("2.0", "3.0"):
        version(api, name)
    component(api, "Web", leadAccountId=people[0].account_id)
    lin = {"project": {"key": "LIN"}}
    old = make(**lin, fixVersions=[{"name": "1.0"}], components=[{"name": "Web"}])["key"]
    new = make(**lin, fixVersions=[{"name": "3.0"}], versions=[{"name": "1.0"}])["key"]
    assert found(api, "fixVersion = 1.0") == [old]
    assert found(api, "fixVersion in unreleasedVersions(LIN)") == [new]
    assert found(api, "fixVersion = latestReleasedVersion(LIN)") == [old]
    assert found(api, "fixVersion in earliestUnreleasedVersion(LIN)") == []
    assert found(api, "affectedVersion in releasedVersions()") == [new]
    assert found(api, "fixVersion > 2.0") == [new]
    assert found(api, "project = LIN AND component is EMPTY") == [new]
    assert found(api.as_user(people[0]), "component in componentsLeadByUser()") == [old]
    missing = api.post("/search/jql", {"jql": "fixVersion = 9"})
    assert missing.json["errorMessages"] == [
        "The value '9' does not exist for the field 'fixVersion'."
    ]


def test_a_release_hands_its_open_issues_on(api: Api, make: Make, events: list[Event]) -> None:
    one, two = version(api, "1.0"), version(api, "2.0")
    key = make(project={"key": "LIN"}, fixVersions=[{"name": "1.0"}])["key"]
    body = {"released": True, "releaseDate": "2026-03-01", "moveUnfixedIssuesTo": two["self"]}
    reply = api.put(f"/version/{one['id']}", body).json
    assert (reply["released"], reply["userReleaseDate"]) == (True, "1/Mar/2026")
    assert items(api, key) == [("Fix Version", "1.0", "2.0")]
    kinds = [event.kind for event in events if event.kind.startswith("jira:version")]
    assert kinds == [
        "jira:version_created",
        "jira:version_created",
        "jira:version_released",
        "jira:version_updated",
    ]


def test_versions_are_moved_merged_and_deleted(api: Api, make: Make, events: list[Event]) -> None:
    one, two, three = (version(api, name) for name in ("1.0", "2.0", "3.0"))
    api.post(f"/version/{three['id']}/move", {"position": "First"})
    api.post(f"/version/{one['id']}/move", {"after": two["self"]})
    names = [row["name"] for row in api.get("/project/LIN/versions").json]
    assert names == ["3.0", "2.0", "1.0"]
    key = make(project={"key": "LIN"}, fixVersions=[{"name": "1.0"}])["key"]
    counts = api.get(f"/version/{one['id']}/relatedIssueCounts").json
    assert (counts["issuesFixedCount"], counts["issuesAffectedCount"]) == (1, 0)
    open_ones = api.get(f"/version/{one['id']}/unresolvedIssueCount").json
    assert open_ones["issuesUnresolvedCount"] == 1
    assert api.put(f"/version/{one['id']}/mergeto/{two['id']}").status == 204
    assert items(api, key) == [("Fix Version", "1.0", "2.0")]
    body = {"moveFixIssuesTo": int(three["id"])}
    assert api.post(f"/version/{two['id']}/removeAndSwap", body).status == 204
    assert items(api, key) == [("Fix Version", "2.0", "3.0")]
    assert api.delete(f"/version/{three['id']}").status == 204
    assert items(api, key) == [("Fix Version", "3.0", None)]
    merged = next(event for event in events if "mergedTo" in event.extra)
    assert merged.kind == "jira:version_deleted"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"status": "released"}, ["1.0"]),
        ({"query": "2"}, ["2.0"]),
        ({"orderBy": "-name"}, ["2.0", "1.0"]),
        ({"maxResults": "1"}, ["1.0"]),
    ],
)
def test_versions_come_in_pages(api: Api, query: dict[str, str], names: list[str]) -> None:
    version(api, "1.0", released=True)
    version(api, "2.0")
    values = api.get("/project/LIN/version", expand="issuesstatus", **query).json["values"]
    assert [one["name"] for one in values] == names


def test_server_has_its_own_forms(server: Api) -> None:
    made = server.post("/component", {"project": "LIN", "name": "Web", "leadUserName": "maya"})
    assert (made.status, made.json["lead"]["name"]) == (201, "maya")
    assert server.get("/component/page", projectIds="10001").json["total"] == 1
    one = server.post("/version", {"project": "LIN", "name": "1", "releaseDate": "2026-03-01"})
    assert one.json["userReleaseDate"] == "1/Mar/26"
    assert server.get("/version", projectIds="10001").json["total"] == 1
    for path in ("relatedIssueCounts", "unresolvedIssueCount"):
        assert server.get(f"/version/{one.json['id']}/{path}").status == 200
