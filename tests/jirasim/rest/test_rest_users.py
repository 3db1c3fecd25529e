"""Users, groups and what is kept beside them, on Cloud (its document; jira.md 6.10)."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.events import Event
from jirasim.site.model import User
from jirasim.site.state import Site


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["displayName"] for row in rows]


def test_groups_and_roles_are_listed_where_they_are_asked_for(api: Api) -> None:
    plain = api.get("/myself").json
    assert plain["groups"] == {"size": 2, "items": []}
    whole = api.get("/myself", expand="groups,applicationRoles").json
    listed = [one["name"] for one in whole["groups"]["items"]]
    assert listed == ["jira-administrators", "jira-software-users"]
    assert [one["key"] for one in whole["applicationRoles"]["items"]] == ["jira-software"]


def test_cloud_knows_no_login_names(api: Api) -> None:
    refused = api.get("/user", username="maya")
    assert refused.status == 400
    assert "GDPR strict mode" in refused.text
    [found] = api.get("/user/bulk/migration", username="maya").json
    assert names([api.get("/user", accountId=found["accountId"]).json]) == ["Maya Lind"]
    assert api.get("/user/bulk/migration").status == 400


def test_search_is_for_active_users_and_lists_are_for_all(api: Api) -> None:
    assert api.get("/user/search", query="lena").json == []
    assert "Lena Fuchs" in names(api.get("/users/search").json)


def test_apps_customers_and_closed_accounts_are_there(api: Api) -> None:
    rows = {one["displayName"]: one for one in api.get("/users/search").json}
    assert rows["Automation for Jira"]["accountType"] == "app"
    assert rows["Greta Solberg"]["accountId"].startswith("qm:")
    assert rows["Former user"]["active"] is False
    assert "Greta Solberg" not in names(api.get("/user/assignable/search", project="FHP").json)


def test_the_email_of_others_is_for_approved_apps(api: Api, people: list[User]) -> None:
    assert api.get("/user/email", accountId=people[0].account_id).status == 400
    assert api.get("/user/email", accountId="nobody").status == 404


def test_pickers_mark_what_matches(api: Api) -> None:
    found = api.get("/user/picker", query="ma", showAvatar="true").json
    assert found["header"] == "Showing 1 of 1 matching users"
    [row] = found["users"]
    assert row["html"].startswith("<strong>Ma</strong>ya Lind - <strong>ma</strong>ya@")
    assert row["avatarUrl"]
    groups = api.get("/groups/picker", query="soft").json
    assert groups["groups"][0]["html"] == "jira-<b>soft</b>ware-users"
    both = api.get("/groupuserpicker", query="jo").json
    assert both["users"]["total"] == 1
    assert both["groups"]["total"] == 0
    assert api.get("/groupuserpicker").status == 400


def test_who_may_do_what_is_for_administrators_of_the_project(api: Api, people: list[User]) -> None:
    query = {"permissions": "DELETE_ISSUES", "projectKey": "FHP"}
    assert names(api.get("/user/permission/search", **query).json) == ["Duolog Sync", "Maya Lind"]
    assert api.as_user(people[0]).get("/user/permission/search", **query).status == 200
    assert api.as_user(people[1]).get("/user/permission/search", **query).status == 403
    assert api.get("/user/permission/search", projectKey="FHP").status == 400
    assert api.get("/user/viewissue/search", query="a").status == 400
    assert "Aiko Tanabe" in names(api.get("/user/viewissue/search", projectKey="READ").json)


def test_assignable_in_several_projects(api: Api) -> None:
    path = "/user/assignable/multiProjectSearch"
    both = names(api.get(path, projectKeys="FHP,READ").json)
    assert "Maya Lind" in both
    assert "Duolog Sync" not in both
    assert api.get(path).status == 400
    assert api.get(path, projectKeys="FHP,NOPE").status == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("is assignee of FHP", ["Aiko Tanabe"], id="in a project"),
        pytest.param("is reporter of (FHP-1, FHP-2)", ["Duolog Sync"], id="of issues"),
        pytest.param("is assignee of FHP AND is reporter of FHP", [], id="both"),
        pytest.param(
            "is assignee of FHP or is reporter of FHP", ["Aiko Tanabe", "Duolog Sync"], id="either"
        ),
        pytest.param('[place].office.city is "New York AND more"', ["Maya Lind"], id="a property"),
    ],
)
def test_people_are_found_by_a_structured_query(
    api: Api, people: list[User], make: Callable[..., Any], query: str, found: list[str]
) -> None:
    make(assignee={"accountId": people[1].account_id})
    make()
    value = {"office": {"city": "New York AND more"}}
    api.put("/user/properties/place", value, accountId=people[0].account_id)
    page = api.get("/user/search/query", query=query).json
    assert names(page["values"]) == found
    assert page["isLast"]


def test_a_structured_query_must_be_one(api: Api) -> None:
    for query in ("", "is friend of FHP", "assignee = x", "is assignee of NOPE"):
        assert api.get("/user/search/query", query=query).status == 400


def test_accounts_are_made_and_ended_by_administrators(
    api: Api, people: list[User], events: list[Event]
) -> None:
    body = {"emailAddress": "Nils@fernhill.example", "products": ["jira-software"]}
    assert api.as_user(people[0]).post("/user", body).status == 403
    made = api.post("/user", body)
    assert made.status == 201
    again = api.post("/user", body)
    assert (again.status, again.json["accountId"]) == (201, made.json["accountId"])
    assert api.post("/user", {**body, "emailAddress": "nobody"}).status == 400
    assert api.delete("/user", accountId=made.json["accountId"]).status == 204
    assert [one.kind for one in events] == ["user_created", "user_deleted"]
    assert api.get("/user", accountId=made.json["accountId"]).json["active"] is False
    assert api.get("/user/search", query="nils").json == []


def test_groups_live(api: Api, site: Site, people: list[User]) -> None:
    made = api.post("/group", {"name": "pilots"})
    assert made.status == 201
    place = {"groupId": made.json["groupId"]}
    assert api.post("/group", {"name": "Pilots"}).status == 400
    assert api.post("/group", {}).status == 400
    for one in people:
        member = {"accountId": one.account_id}
        assert api.post("/group/user", member, **place).status == 201
    assert api.post("/group/user", {"accountId": people[0].account_id}, **place).status == 400
    first = api.get("/group/member", maxResults=2, **place).json
    assert names(first["values"]) == ["Aiko Tanabe", "Jonas Weber"]
    assert (first["total"], first["isLast"]) == (5, False)
    assert first["nextPage"]
    assert len(site.members_of("PILOTS")) == 5
    assert api.delete("/group/user", accountId=people[0].account_id, **place).status == 200
    rows = api.get("/user/groups", accountId=people[1].account_id).json
    assert "pilots" in [one["name"] for one in rows]
    assert api.delete("/group", **place).status == 200
    assert api.get("/group/member", **place).status == 404
    assert api.as_user(people[0]).post("/group", {"name": "mine"}).status == 403


def test_groups_are_listed_by_what_they_are_for(api: Api) -> None:
    def found(**query: str) -> list[str]:
        return [one["name"] for one in api.get("/group/bulk", **query).json["values"]]

    assert found(accessType="admin") == ["jira-administrators"]
    assert found(applicationKey="jira-software") == ["jira-software-users"]
    assert found(groupName="site-admins") == ["site-admins"]
    assert len(found()) == 6


def test_preferences_are_text(api: Api) -> None:
    assert api.get("/mypreferences", key="tool").status == 404
    assert api.put("/mypreferences", b"some text", key="tool").status == 204
    assert api.get("/mypreferences", key="tool").text == "some text"
    assert api.delete("/mypreferences", key="tool").status == 204
    assert api.get("/mypreferences").status == 404
    assert api.put("/mypreferences/locale", {"locale": "de_DE"}).status == 204
    assert api.get("/myself").json["locale"] == "de_DE"
    assert api.put("/mypreferences/locale", {"locale": "xx"}).status == 400
    assert api.put("/mypreferences", b'"Asia/Tokyo"', key="jira.user.timezone").status == 204
    assert api.get("/myself").json["timeZone"] == "Asia/Tokyo"


def test_columns_are_chosen_by_form(api: Api) -> None:
    assert len(api.get("/user/columns").json) > 5
    assert api.put("/user/columns", b"columns=summary&columns=status").status == 200
    rows = api.get("/user/columns").json
    assert rows == [
        {"label": "Summary", "value": "summary"},
        {"label": "Status", "value": "status"},
    ]
    assert api.put("/user/columns", b"columns=nonsense").status == 500
    assert api.delete("/user/columns").status == 204
    assert len(api.get("/user/columns").json) > 5


def test_properties_of_others_are_for_administrators(api: Api, people: list[User]) -> None:
    mine = {"accountId": people[0].account_id}
    maya, aiko = api.as_user(people[0]), api.as_user(people[1])
    assert maya.put("/user/properties/tool", 5, **mine).status == 201
    assert api.put("/user/properties/tool", 6, **mine).status == 200
    assert maya.get("/user/properties/tool", **mine).json == {"key": "tool", "value": 6}
    assert aiko.get("/user/properties/tool", **mine).status == 403
    assert maya.get("/user/properties").status == 400
    assert maya.delete("/user/properties/tool", **mine).status == 204
    assert maya.get("/user/properties/tool", **mine).status == 404
