"""Projects: made, changed, put away and deleted; found; their roles, categories and properties."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.events import Event
from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
KANBAN = "com.pyxis.greenhopper.jira:gh-simplified-kanban-classic"
TEAM = "com.pyxis.greenhopper.jira:gh-simplified-agility-scrum"


def body(api: Api, key: str = "NEW", **more: Any) -> dict[str, Any]:
    plain = {
        "key": key,
        "name": f"Project {key}",
        "projectTypeKey": "software",
        "projectTemplateKey": KANBAN,
        "assigneeType": "PROJECT_LEAD",
    }
    lead = next(iter(api.site.people()))
    if api.site.product.cloud:
        return {**plain, "leadAccountId": lead.account_id, **more}
    return {**plain, "lead": lead.name, **more}


def new(api: Api, key: str = "NEW", **more: Any) -> None:
    reply = api.post("/project", body(api, key, **more))
    assert (reply.status, reply.json["key"]) == (201, key), reply.text


def issue(api: Api, key: str) -> str:
    fields = {"project": {"key": key}, "issuetype": {"name": "Task"}, "summary": "First"}
    reply = api.post("/issue", {"fields": fields})
    assert reply.status == 201, reply.text
    return str(reply.json["key"])


def kinds(events: list[Event]) -> list[str]:
    return [one.kind for one in events if one.kind.startswith("project_")]


@pytest.mark.parametrize("template", [KANBAN, TEAM])
def test_a_new_project_can_be_worked_in(api: Api, people: list[User], template: str) -> None:
    new(api, projectTemplateKey=template, description="Fresh", url="https://new.test")
    whole = api.get("/project/NEW").json
    assert (whole["lead"]["accountId"], whole["assigneeType"], whole["url"]) == (
        people[0].account_id,
        "PROJECT_LEAD",
        "https://new.test",
    )
    assert whole["style"] == ("next-gen" if template == TEAM else "classic")
    key = issue(api.as_user(people[1]), "NEW")
    names = [one["name"] for one in api.get(f"/issue/{key}/transitions").json["transitions"]]
    assert "Done" in names
    assert [one["key"] for one in api.get("/project/search", query="new").json["values"]] == ["NEW"]


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"key": "FHP"}, "projectKey", "Project 'Fernhill Platform' uses this project key."),
        ({"key": "low"}, "projectKey", "Project keys must start with an uppercase letter"),
        ({"name": ""}, "projectName", "You must specify a valid project name."),
        ({"name": "fernhill platform"}, "projectName", "A project with that name already exists."),
        ({"leadAccountId": "nobody"}, "projectLead", "You must specify a valid project lead."),
        ({"projectTypeKey": "toy"}, "projectType", "Invalid project type key."),
    ],
)
def test_a_project_that_does_not_fit_is_refused(
    api: Api, changed: dict[str, str], field: str, said: str
) -> None:
    reply = api.post("/project", body(api, **changed))
    assert reply.status == 400
    assert reply.json["errors"][field].startswith(said)


def test_only_administrators_make_and_delete_projects(api: Api, people: list[User]) -> None:
    member = api.as_user(people[1])
    assert member.post("/project", body(api)).status == 403
    assert member.delete("/project/FHP").status == 404
    assert member.put("/project/FHP", {"name": "Mine"}).status == 403


def test_a_renamed_project_keeps_its_old_keys(api: Api) -> None:
    new(api)
    key = issue(api, "NEW")
    assert api.put("/project/NEW", {"key": "NEWER"}).json["key"] == "NEWER"
    assert api.get(f"/issue/{key}").json["key"] == "NEWER-1"
    assert api.get("/project/NEW").json["key"] == "NEWER"


def test_the_trash_gives_back(api: Api, events: list[Event]) -> None:
    new(api)
    key = issue(api, "NEW")
    assert api.delete("/project/NEW").status == 204
    assert api.get("/project/NEW").status == 404
    assert api.get(f"/issue/{key}").status == 404
    [gone] = api.get("/project/search", status="deleted").json["values"]
    assert (gone["key"], gone["deleted"]) == ("NEW", True)
    assert api.post("/project/NEW/restore").json["key"] == "NEW"
    assert api.get(f"/issue/{key}").status == 200
    assert api.delete("/project/NEW", enableUndo="false").status == 204
    assert api.get("/project/search", status="deleted").json["values"] == []
    assert kinds(events) == [
        "project_created",
        "project_soft_deleted",
        "project_restored_deleted",
        "project_deleted",
    ]


def test_an_archived_project_is_only_read(api: Api, events: list[Event]) -> None:
    new(api)
    key = issue(api, "NEW")
    assert api.post("/project/NEW/archive").status == 204
    assert api.get(f"/issue/{key}").status == 200
    assert api.put(f"/issue/{key}", {"fields": {"summary": "Second"}}).status == 400
    assert api.post("/search/jql", {"jql": "project = NEW"}).status == 400
    assert [one["key"] for one in api.get("/project/search", status="archived").json["values"]] == [
        "NEW"
    ]
    api.post("/project/NEW/restore")
    assert kinds(events)[-2:] == ["project_archived", "project_restored_archived"]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({"keys": ["LIN", "REQ"]}, ["LIN", "REQ"]),
        ({"orderBy": "-name", "keys": ["LIN", "TEAM"]}, ["TEAM", "LIN"]),
        ({"typeKey": "business"}, []),
        ({"action": "create", "query": "read"}, []),
        ({"id": "10000"}, ["FHP"]),
    ],
)
def test_projects_are_found(api: Api, query: dict[str, Any], keys: list[str]) -> None:
    reply = api.get("/project/search", expand="lead,insight,permissions,url", **query)
    assert [one["key"] for one in reply.json["values"]] == keys


def test_categories_head_projects(api: Api) -> None:
    made = api.post("/projectCategory", {"name": "Inner", "description": "Ours"}).json
    new(api, categoryId=int(made["id"]))
    assert api.get("/project/NEW").json["projectCategory"]["name"] == "Inner"
    rows = api.get("/project/search", categoryId=made["id"]).json["values"]
    assert [one["key"] for one in rows] == ["NEW"]
    assert api.put(f"/projectCategory/{made['id']}", {"name": "Outer"}).json["name"] == "Outer"
    assert api.post("/projectCategory", {"name": "outer"}).status == 409
    assert api.delete(f"/projectCategory/{made['id']}").status == 204
    assert "projectCategory" not in api.get("/project/NEW").json


def test_properties_are_kept(api: Api) -> None:
    at = "/project/FHP/properties/tool"
    assert [api.put(at, {"a": 1}).status for _ in range(2)] == [201, 200]
    assert api.get(at).json["value"] == {"a": 1}
    assert [one["key"] for one in api.get("/project/FHP/properties").json["keys"]] == ["tool"]
    assert api.delete(at).status == 204
    assert api.get(at).status == 404


def test_a_role_gives_and_takes_rights(api: Api, people: list[User]) -> None:
    aiko = people[1]
    new(api, "SOLO")
    at = "/project/SOLO/role/10002"
    assert api.get("/project/SOLO/role").json["Administrator"].endswith("/role/10002")
    shown = api.post(at, {"user": [aiko.account_id]}).json
    assert "Aiko Tanabe" in [one["displayName"] for one in shown["actors"]]
    assert api.as_user(aiko).put("/project/SOLO", {"description": "Hers"}).status == 200
    assert api.post(at, {"user": [aiko.account_id]}).status == 400
    assert api.delete(at, user=aiko.account_id).status == 204
    assert api.as_user(aiko).put("/project/SOLO", {"description": "No"}).status == 403
    exact = {"categorisedActors": {"atlassian-group-role-actor": ["fernhill-developers"]}}
    actors = api.put("/project/SOLO/role/10004", exact).json["actors"]
    assert [one["name"] for one in actors] == ["fernhill-developers"]
    assert api.get("/project/SOLO/role/99").status == 404
    assert api.as_user(aiko).get("/role").status == 403


def test_server_makes_projects_with_a_lead_by_name(server: Api) -> None:
    new(server)
    whole = server.get("/project/NEW").json
    assert (whole["lead"]["name"], whole["archived"]) == ("maya", False)
    assert server.get("/projects/picker", query="new").json["projects"][0]["key"] == "NEW"
    assert server.put("/project/NEW/archive").status == 204
    assert server.put("/project/NEW/restore").status == 202
    assert server.delete("/project/NEW").status == 204
    assert server.get("/project/NEW").status == 404
    assert server.get("/projectvalidate/key", key="FHP").json["errors"] != {}
    assert server.get("/project/FHP/role/10002").json["name"] == "Administrator"
