"""Permissions by groups and schemes, on both products (the documents' permission schemes)."""

from dataclasses import replace
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.grants import Grant, Holder, PermissionScheme
from jirasim.site.model import Issue, Project, User
from jirasim.site.permissions import DEFAULT_SCHEME, PUBLIC_SCHEME, may
from jirasim.site.state import Site


@pytest.fixture
def project(site: Site) -> Project:
    return site.state.projects["10000"]


def granting(project: Project, permission: str, holder: Holder, parameter: str = "") -> Project:
    scheme = PermissionScheme("1", "One grant", "", (Grant("1", permission, holder, parameter),))
    return replace(project, scheme=scheme)


@pytest.mark.parametrize(
    ("holder", "parameter", "held"),
    [
        pytest.param(Holder.GROUP, "fernhill-developers", True, id="a group they are in"),
        pytest.param(Holder.GROUP, "jira-administrators", False, id="another group"),
        pytest.param(Holder.ROLE, "10003", True, id="their role"),
        pytest.param(Holder.ROLE, "10002", False, id="another role"),
        pytest.param(Holder.APPLICATION_ROLE, "jira-software", True, id="those who may use Jira"),
        pytest.param(Holder.PROJECT_LEAD, "", False, id="the lead, whom they are not"),
        pytest.param(Holder.ANYONE, "", True, id="anybody"),
    ],
)
def test_a_grant_is_for(
    project: Project, people: list[User], holder: Holder, parameter: str, *, held: bool
) -> None:
    granted = granting(project, "EDIT_ISSUES", holder, parameter)
    assert may(people[1], "EDIT_ISSUES", granted) is held
    assert not may(people[1], "DELETE_ISSUES", granted)
    assert not may(replace(people[1], active=False), "EDIT_ISSUES", granted)


def test_reporters_and_assignees_are_those_of_the_issue(
    site: Site, project: Project, people: list[User], make: Any
) -> None:
    mine = replace(site.state.issues[make()["id"]], reporter=people[1].account_id)
    granted = granting(project, "EDIT_ISSUES", Holder.REPORTER)

    def may_edit(user: User, issue: Issue | None) -> bool:
        return may(user, "EDIT_ISSUES", granted, issue)

    assert may_edit(people[1], mine)
    assert not may_edit(people[1], None)
    assert not may_edit(people[2], mine)


def test_a_public_scheme_lets_nobody_look_but_not_write(project: Project) -> None:
    public = replace(project, scheme=PUBLIC_SCHEME)
    assert may(None, "BROWSE_PROJECTS", public)
    assert not may(None, "ADD_COMMENTS", public)
    assert not may(None, "BROWSE_PROJECTS", replace(project, scheme=DEFAULT_SCHEME))


def test_groups_have_roles(project: Project, people: list[User]) -> None:
    stranger = replace(people[1], account_id="x", groups=frozenset({"guests"}))
    assert not may(stranger, "BROWSE_PROJECTS", project)
    opened = replace(project, group_roles={"guests": ("Viewer",)})
    assert may(stranger, "BROWSE_PROJECTS", opened)
    assert not may(stranger, "EDIT_ISSUES", opened)


def test_comments_are_restricted_to_groups_one_is_in(
    api: Api, site: Site, people: list[User], make: Any
) -> None:
    at = f"/issue/{make()['id']}/comment"
    body = doc("For us")
    maya = api.as_user(people[0])
    only = {"type": "group", "value": "fernhill-developers"}
    made = maya.post(at, {"body": body, "visibility": only})
    group = site.find_group("fernhill-developers")
    assert group is not None
    assert made.json["visibility"] == {**only, "identifier": group.id}
    by_id = {"type": "group", "identifier": group.id}
    assert maya.post(at, {"body": body, "visibility": by_id}).json["visibility"]["value"]
    assert api.get(at).json["total"] == 0
    assert maya.get(at).json["total"] == 2
    refused = api.post(at, {"body": body, "visibility": only})
    assert refused.status == 400
    assert "not a member of the group" in refused.json["errors"]["commentLevel"]


def test_several_permissions_are_checked_at_once(api: Api, people: list[User], make: Any) -> None:
    issue = int(make()["id"])
    places = {"projects": [10000, 10004, 99], "issues": [issue, 99]}
    asked = {
        "globalPermissions": ["ADMINISTER", "USER_PICKER"],
        "projectPermissions": [{"permissions": ["EDIT_ISSUES", "BROWSE_PROJECTS"], **places}],
    }
    found = api.post("/permissions/check", asked).json
    assert found["globalPermissions"] == ["ADMINISTER", "USER_PICKER"]
    assert found["projectPermissions"] == [
        {"permission": "EDIT_ISSUES", "projects": [10000], "issues": [issue]},
        {"permission": "BROWSE_PROJECTS", "projects": [10000, 10004], "issues": [issue]},
    ]
    other = {**asked, "accountId": people[1].account_id}
    assert api.post("/permissions/check", other).json["globalPermissions"] == ["USER_PICKER"]
    mine = {**asked, "accountId": people[0].account_id}
    assert api.as_user(people[1]).post("/permissions/check", mine).status == 403
    assert api.post("/permissions/check", {"globalPermissions": ["FLY"]}).status == 400
    rows = api.post("/permissions/project", {"permissions": ["EDIT_ISSUES"]}).json["projects"]
    assert [one["key"] for one in rows] == ["FHP", "LIN", "REQ", "TEAM", "FLOW"]


def test_server_says_all_permissions_under_both_keys(server: Api) -> None:
    rows = server.get("/mypermissions", projectKey="READ").json["permissions"]
    assert rows["EDIT_ISSUES"]["havePermission"] is False
    assert rows["BROWSE"] == {**rows["BROWSE_PROJECTS"], "key": "BROWSE", "deprecatedKey": True}
    assert server.get("/permissions").status == 200
    people = list(server.site.people())
    assert server.as_user(people[1]).get("/permissions").status == 403
