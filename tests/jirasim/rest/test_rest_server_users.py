"""Users and groups of Server, by login name and key (its document; jira.md 6.10)."""

from typing import Any

import pytest
from helpers.jira_caller import Api


def logins(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"username": "may"}, ["maya"], id="the beginning of a login"),
        pytest.param({"username": "Weber"}, ["jonas"], id="a family name"),
        pytest.param({"username": "priya@f"}, ["priya"], id="an e-mail, none is hidden"),
        pytest.param({"username": "lena"}, [], id="not those who left"),
        pytest.param({"username": "lena", "includeInactive": "true"}, ["lena"], id="unless asked"),
        pytest.param({"username": ""}, [], id="nothing finds nobody"),
    ],
)
def test_search_by(server: Api, query: dict[str, str], found: list[str]) -> None:
    assert logins(server.get("/user/search", **query).json) == found


def test_a_dot_finds_all_in_pages(server: Api) -> None:
    everybody = logins(server.get("/user/search", username=".").json)
    assert len(everybody) == 6
    second = logins(server.get("/user/search", username=".", startAt=2, maxResults=2).json)
    assert second == everybody[2:4]
    assert server.get("/user/search").status == 400


def test_one_user_by_name_or_key(server: Api) -> None:
    maya = server.get("/user", username="Maya").json
    assert server.get("/user", key=maya["key"]).json == maya
    assert maya["deleted"] is False
    missing = server.get("/user", username="nobody")
    assert (missing.status, missing.json["errorMessages"]) == (
        404,
        ["The user named 'nobody' does not exist"],
    )
    assert server.get("/user").status == 404


def test_all_are_listed_by_cursor(server: Api) -> None:
    first = server.get("/user/list", maxResults=4).json
    assert not first["isLast"]
    second = server.get("/user/list", maxResults=4, cursor=first["nextCursor"]).json
    assert second["isLast"]
    assert len({*logins(first["values"]), *logins(second["values"])}) == 7


def test_a_login_is_renamed_and_the_key_stays(server: Api) -> None:
    before = server.get("/user", username="aiko").json
    after = server.put("/user", {"name": "Aiko.T"}, username="aiko").json
    assert (after["name"], after["key"]) == ("aiko.t", before["key"])
    assert server.get("/user", username="aiko").status == 404
    assert server.put("/user", {"name": "maya"}, username="aiko.t").status == 400


def test_users_are_made_let_out_and_deleted(server: Api) -> None:
    person = {"name": "nils", "displayName": "Nils Berg", "emailAddress": "nils@fernhill.example"}
    refused = server.post("/user", {"name": "maya", "emailAddress": "x"})
    assert refused.status == 400
    assert refused.json["errors"].keys() == {"username", "fullName", "email"}
    made = server.post("/user", {**person, "password": "secret of Nils"})
    assert made.status == 201
    assert made.json["key"].startswith("JIRAUSER")
    assert server.put("/user", {"active": False}, username="nils").json["active"] is False
    assert server.delete("/user", username="nils").status == 204
    assert server.get("/user", username="nils").status == 404
    assert server.get("/user", key=made.json["key"]).json["deleted"] is True


def test_a_user_with_a_past_is_not_deleted_but_anonymised(server: Api) -> None:
    refused = server.delete("/user", username="maya")
    assert refused.status == 400
    assert "projects are led by" in refused.text
    maya = server.get("/user", username="maya").json
    heir = server.get("/user", username="aiko").json["key"]
    body = {"userKey": maya["key"], "newOwnerKey": heir}
    task = server.post("/user/anonymization", body)
    assert task.status == 202
    now = server.get("/user", key=maya["key"]).json
    assert now["displayName"].startswith("user-")
    assert "maya" not in str(now).lower()
    assert server.get("/project/FHP").json["lead"]["name"] == "aiko"
    done = server.get("/user/anonymization/progress", taskId=1).json
    assert done["status"] == "COMPLETED"
    assert server.get("/user/anonymization/progress", taskId=9).status == 404


def test_one_changes_oneself_with_the_password(server: Api) -> None:
    maya = next(iter(server.site.people()))
    mine = server.as_user(maya)
    body = {"displayName": "Maya L.", "password": "password of Maya Lind"}
    assert mine.put("/myself", {**body, "password": "wrong"}).status == 400
    assert mine.put("/myself", body).json["displayName"] == "Maya L."
    change = {"currentPassword": "password of Maya Lind", "password": "another"}
    assert mine.put("/myself/password", change).status == 204
    assert mine.put("/myself/password", change).status == 400


def test_groups_go_by_name_and_are_for_administrators(server: Api) -> None:
    assert server.post("/group", {"name": "pilots"}).status == 201
    assert server.post("/group/user", {"name": "maya"}, groupname="pilots").status == 201
    page = server.get("/group/member", groupname="pilots").json
    assert logins(page["values"]) == ["maya"]
    assert server.get("/groups/picker", query="PIL").json["groups"][0]["name"] == "pilots"
    assert server.delete("/group/user", groupname="pilots", username="maya").status == 200
    assert server.delete("/group", groupname="pilots").status == 200
    aiko = server.as_user(list(server.site.people())[1])
    assert aiko.get("/group/member", groupname="jira-software-users").status == 403


def test_access_is_given_and_taken(server: Api) -> None:
    place = {"username": "maya", "applicationKey": "jira-software"}
    assert server.delete("/user/application", **place).status == 204
    assert server.get("/user", username="maya").json["applicationRoles"]["size"] == 0
    assert server.post("/user/application", **place).status == 200
    assert server.get("/user", username="maya").json["applicationRoles"]["size"] == 1
