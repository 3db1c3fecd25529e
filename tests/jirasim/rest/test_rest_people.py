"""Users as others see them, permissions, and what forms offer (jira.md 6.2, 6.10)."""

from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.model import User


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["displayName"] for row in rows]


def test_emails_are_shown_as_their_owners_wish(api: Api, people: list[User]) -> None:
    shown = {one["displayName"]: one for one in api.get("/users/search").json}
    assert shown["Maya Lind"]["emailAddress"] == "maya@fernhill.example"
    assert "emailAddress" not in shown["Priya Nair"]
    assert shown["Tomás Reyes"]["emailAddress"] == ""
    assert shown["Lena Fuchs"]["emailAddress"] is None
    assert api.as_user(people[3]).get("/myself").json["emailAddress"] == "priya@fernhill.example"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("maya", ["Maya Lind"], id="the beginning of a name"),
        pytest.param("LI", ["Maya Lind"], id="the beginning of a family name, in any case"),
        pytest.param("ind", [], id="not the middle of a name"),
        pytest.param("priya@fernhill.example", ["Priya Nair"], id="a hidden e-mail in full"),
        pytest.param("priya@", ["Priya Nair"][:0], id="not the beginning of a hidden e-mail"),
        pytest.param("jonas@", ["Jonas Weber"], id="the beginning of a shown e-mail"),
    ],
)
def test_search_finds_people_by(api: Api, query: str, found: list[str]) -> None:
    assert names(api.get("/user/search", query=query).json) == found


def test_search_wants_one_of_query_and_account(api: Api, people: list[User]) -> None:
    me = people[0].account_id
    assert names(api.get("/user/search", accountId=me).json) == ["Maya Lind"]
    assert api.get("/user/search").status == 400
    assert api.get("/user/search", query="x", accountId=me).status == 400


def test_assignable_people_are_cut_first_and_filtered_then(api: Api) -> None:
    everybody = names(api.get("/user/assignable/search", project="FHP").json)
    assert "Lena Fuchs" not in everybody
    pages = [
        names(api.get("/user/assignable/search", project="FHP", startAt=at, maxResults=2).json)
        for at in (0, 2, 4, 6, 8)
    ]
    assert [name for page in pages for name in page] == everybody
    assert [len(page) for page in pages] != [2, 2, 2, 0, 0]


def test_assignable_search_needs_a_place(api: Api) -> None:
    assert api.get("/user/assignable/search").status == 400
    assert api.get("/user/assignable/search", project="NOPE").status == 404
    assert "Duolog Sync" not in names(api.get("/user/assignable/search", project="READ").json)


def test_users_are_read_in_bulk_by_id(api: Api, people: list[User]) -> None:
    ids = [one.account_id for one in people]
    page = api.get("/user/bulk", accountId=[*ids, "unknown"]).json
    assert names(page["values"]) == [one.display_name for one in people]
    assert api.get("/user/bulk").status == 400


def granted(api: Api, permissions: str, **place: str) -> dict[str, bool]:
    rows = api.get("/mypermissions", permissions=permissions, **place).json["permissions"]
    return {key: row["havePermission"] for key, row in rows.items()}


def test_permissions_depend_on_person_and_place(api: Api, people: list[User]) -> None:
    asked = "BROWSE_PROJECTS,EDIT_ISSUES,DELETE_ISSUES,ADMINISTER"
    mine = granted(api, asked, projectKey="FHP")
    assert mine == dict.fromkeys(asked.split(","), True)
    read = granted(api, asked, projectKey="READ")
    assert read == {
        "BROWSE_PROJECTS": True,
        "EDIT_ISSUES": False,
        "DELETE_ISSUES": False,
        "ADMINISTER": True,
    }
    aiko = granted(api.as_user(people[1]), asked, projectKey="FHP")
    assert aiko == {
        "BROWSE_PROJECTS": True,
        "EDIT_ISSUES": True,
        "DELETE_ISSUES": False,
        "ADMINISTER": False,
    }


def test_permissions_must_be_named_and_known(api: Api) -> None:
    assert api.get("/mypermissions").status == 400
    assert api.get("/mypermissions", permissions="FLY").status == 400
    assert api.get("/mypermissions", permissions="EDIT_ISSUES", issueKey="FHP-9").status == 404


def fields_of_form(api: Api, project: str, kind: str) -> dict[str, Any]:
    page = api.get(f"/issue/createmeta/{project}/issuetypes/{kind}").json
    return {row["fieldId"]: row for row in page["fields"]}


def test_the_create_form_names_what_is_required(api: Api) -> None:
    request = fields_of_form(api, "REQ", "10002")
    needed = {name for name, row in request.items() if row["required"]}
    assert needed == {"project", "issuetype", "summary", "customfield_10032"}
    assert fields_of_form(api, "FHP", "10003")["parent"]["required"]
    assert "priority" not in fields_of_form(api, "TEAM", "10021")


def test_whatever_the_form_requires_suffices(api: Api) -> None:
    given = {"summary": "x", "customfield_10032": "T-1"}
    fields = {"project": {"key": "REQ"}, "issuetype": {"id": "10002"}, **given}
    assert api.post("/issue", {"fields": fields}).status == 201


def test_who_may_not_create_is_offered_no_types(api: Api) -> None:
    assert api.get("/issue/createmeta/READ/issuetypes").json["issueTypes"] == []
    projects = api.get("/issue/createmeta").json["projects"]
    assert "READ" not in [one["key"] for one in projects]


def test_the_forms_come_in_pages(api: Api) -> None:
    whole = list(fields_of_form(api, "FHP", "10002"))
    path = "/issue/createmeta/FHP/issuetypes/10002"
    parts = [api.get(path, startAt=at, maxResults=5).json for at in range(0, 50, 5)]
    assert [row["fieldId"] for part in parts for row in part["fields"]] == whole
    assert {part["total"] for part in parts} == {len(whole)}


def test_team_managed_things_carry_their_scope(api: Api) -> None:
    kinds = api.get("/issuetype/project", projectId="10003").json
    assert {one["scope"]["project"]["id"] for one in kinds} == {"10003"}
    assert sorted(one["hierarchyLevel"] for one in kinds) == [-1, 0, 1]
    assert api.get("/project/TEAM").json["style"] == "next-gen"
    statuses = api.get("/statuses/search", projectId="10003").json["values"]
    assert [one["statusCategory"] for one in statuses] == ["TODO", "IN_PROGRESS", "DONE"]
    assert "scope" not in api.get("/status/3").json


def test_jql_is_checked_without_being_run(api: Api) -> None:
    queries = ["project = FHP", "project =", "colour = red"]
    rows = api.post("/jql/parse", {"queries": queries}).json["queries"]
    assert ["errors" in row for row in rows] == [False, True, True]
    lax = api.post("/jql/parse", {"queries": ["colour = red"]}, validation="none").json["queries"]
    assert "errors" not in lax[0]
