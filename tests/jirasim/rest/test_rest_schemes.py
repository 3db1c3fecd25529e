"""Permission schemes, pictures and the site as a whole, over REST."""

from xml.etree import ElementTree

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.model import User

FHP = "/project/FHP"


def test_a_project_is_opened_to_everybody_by_its_scheme(api: Api) -> None:
    assert api.anonymous().get("/mypermissions", permissions="BROWSE_PROJECTS").status == 200
    assert api.put(f"{FHP}/permissionscheme", {"id": 10000}).json["id"] == 10000
    asked = {"permissions": "BROWSE_PROJECTS,EDIT_ISSUES", "projectKey": "FHP"}
    rows = api.anonymous().get("/mypermissions", **asked).json["permissions"]
    assert rows["BROWSE_PROJECTS"]["havePermission"]
    assert not rows["EDIT_ISSUES"]["havePermission"]


def test_what_a_scheme_grants_is_changed_where_it_is_used(api: Api, people: list[User]) -> None:
    aiko = api.as_user(people[1])
    asked = {"permissions": "DELETE_ISSUES", "projectKey": "FHP"}

    def may_delete() -> bool:
        rows = aiko.get("/mypermissions", **asked).json["permissions"]
        return bool(rows["DELETE_ISSUES"]["havePermission"])

    assert not may_delete()
    holder = {"type": "group", "parameter": "fernhill-developers"}
    grant = {"permission": "DELETE_ISSUES", "holder": holder}
    made = api.post("/permissionscheme/0/permission", grant)
    assert made.status == 201
    assert made.json["holder"]["value"] != "fernhill-developers"
    assert may_delete()
    assert api.post("/permissionscheme/0/permission", grant).status == 400
    assert api.delete(f"/permissionscheme/0/permission/{made.json['id']}").status == 204
    assert not may_delete()
    assert aiko.post("/permissionscheme/0/permission", grant).status == 403


@pytest.mark.parametrize(
    "grant",
    [
        {"permission": "FLY", "holder": {"type": "anyone"}},
        {"permission": "EDIT_ISSUES"},
        {"permission": "EDIT_ISSUES", "holder": {"type": "pirates"}},
        {"permission": "EDIT_ISSUES", "holder": {"type": "group", "parameter": "pirates"}},
        {"permission": "EDIT_ISSUES", "holder": {"type": "projectRole", "parameter": "1"}},
        {"permission": "EDIT_ISSUES", "holder": {"type": "user", "parameter": "nobody"}},
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(api: Api, grant: dict[str, object]) -> None:
    assert api.post("/permissionscheme/0/permission", grant).status == 400


def test_a_scheme_in_use_stays(api: Api, server: Api) -> None:
    assert api.delete("/permissionscheme/0").status == 400
    assert api.get("/permissionscheme/77").status == 404
    listed = server.get("/permissionscheme", expand="group").json["permissionSchemes"]
    assert {"Default Permission Scheme", "Public Permission Scheme"} == {
        one["name"] for one in listed
    }
    assert server.get(f"{FHP}/permissionscheme").json["id"] == 0


def picture(api: Api, address: str) -> tuple[str, bytes]:
    path, _, query = address.removeprefix("http://jira.test").partition("?")
    said = dict(one.split("=") for one in query.split("&") if one)
    reply = api.anonymous().call("GET", path, query=said)
    assert reply.status == 200, address
    return reply.headers["content-type"], reply.content


def test_every_picture_that_is_named_is_served(api: Api, server: Api) -> None:
    for caller in (api, server):
        person = caller.get("/myself").json["avatarUrls"]
        project = caller.get(FHP).json["avatarUrls"]
        icons = [
            row["iconUrl"] for path in ("/priority", "/issuetype") for row in caller.get(path).json
        ]
        for address in (*person.values(), *project.values(), *icons):
            media, content = picture(caller, address)
            assert media.startswith("image/svg+xml")
            assert ElementTree.fromstring(content).tag.endswith("svg")


def test_a_picture_may_be_asked_for_as_png(api: Api) -> None:
    media, content = picture(api, "/rest/api/3/universal_avatar/view/type/project?format=png")
    assert media == "image/png"
    assert content.startswith(b"\x89PNG")
    assert api.get("/universal_avatar/view/type/pirates").status == 404
    assert api.get("/universal_avatar/view/type/project/owner/77").status == 404


def test_the_banner_is_for_administrators(api: Api, people: list[User]) -> None:
    assert api.put("/announcementBanner", {"message": "Hello", "isEnabled": True}).status == 204
    found = api.get("/announcementBanner").json
    assert (found["message"], found["isEnabled"], found["visibility"]) == ("Hello", True, "private")
    assert api.put("/announcementBanner", {"visibility": "secret"}).status == 400
    assert api.as_user(people[0]).get("/announcementBanner").status == 403


def test_reporters_may_do_what_is_granted_to_reporters(api: Api, people: list[User]) -> None:
    """A project where people work on nothing but what they reported."""
    kinds = ("BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "DELETE_ISSUES", "ADD_COMMENTS")
    everybody = {"type": "group", "parameter": "fernhill-developers"}
    holders = [everybody, everybody, *({"type": "reporter"} for _ in kinds[2:])]
    grants = [{"permission": one, "holder": who} for one, who in zip(kinds, holders, strict=True)]
    made = api.post("/permissionscheme", {"name": "Own work", "permissions": grants}).json["id"]
    assert api.put(f"{FHP}/permissionscheme", {"id": made}).status == 200
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Mine"}
    aiko, jonas = api.as_user(people[1]), api.as_user(people[2])
    at = f"/issue/{aiko.post('/issue', {'fields': fields}).json['key']}"
    assert jonas.put(at, {"fields": {"summary": "His"}}).status == 400
    assert jonas.post(f"{at}/comment", {"body": doc("A word")}).status == 400
    assert aiko.post(f"{at}/comment", {"body": doc("A word")}).status == 201
    assert jonas.delete(at).status == 403
    assert aiko.delete(at).status == 204
