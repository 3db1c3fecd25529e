"""Data Center: what it has of its own — files by name, archiving, pickers, its base URL."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from helpers.jira_caller import Api

PLAIN = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}}


@pytest.fixture
def key(server: Api) -> str:
    made = server.post("/issue", {"fields": {**PLAIN, "summary": "Grease the wheel"}})
    return str(made.json["key"])


def test_files_are_read_under_their_names(server: Api, key: str) -> None:
    [made] = server.upload(f"/issue/{key}/attachments", ("öl stand.txt", b"half")).json
    place = f"/secure/attachment/{made['id']}"
    assert made["content"] == f"http://jira.test{place}/%C3%B6l+stand.txt"
    read = server.get(f"{place}/oil.txt")
    assert (read.status, read.content, read.headers["content-type"]) == (200, b"half", "text/plain")
    assert (
        server.anonymous()
        .get(f"{place}/x")
        .headers["location"]
        .startswith("http://jira.test/login.jsp?os_destination=%2Fsecure%2Fattachment%2F")
    )
    told = server.get(f"/attachment/{made['id']}").json
    assert ("id" in told, told["properties"]) == (False, {})
    assert server.get(f"/attachment/content/{made['id']}").status == 404
    assert server.delete(f"/attachment/{made['id']}").status == 204
    assert server.get(f"{place}/oil.txt").status == 404


def test_pictures_have_a_thumbnail(server: Api, key: str) -> None:
    [made] = server.upload(f"/issue/{key}/attachments", ("a.png", b"dots"), kind="image/png").json
    assert server.get(made["thumbnail"].removeprefix("http://jira.test")).content == b"dots"


def test_archives_are_opened(server: Api, key: str) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("in/note.txt", "x" * 2048)
    [made] = server.upload(f"/issue/{key}/attachments", ("a.zip", packed.getvalue())).json
    shown = server.get(f"/attachment/{made['id']}/expand/human").json
    assert shown["entries"] == [
        {
            "index": 0,
            "path": "in/note.txt",
            "label": "note.txt",
            "size": "2.0 kB",
            "mediaType": "text/plain",
        }
    ]


def test_an_archived_issue_is_read_and_not_changed(server: Api, key: str) -> None:
    at = f"/issue/{key}"
    assert server.put(f"{at}/archive").status == 204
    assert server.get("/search", jql="project = FHP").json["total"] == 0
    fields = server.get(at).json["fields"]
    assert (fields["archivedby"]["name"], fields["archiveddate"][:10]) == (
        "duolog-sync",
        "2026-03-02",
    )
    for reply in (
        server.put(at, {"fields": {"summary": "Changed"}}),
        server.post(f"{at}/comment", {"body": "x"}),
        server.post(f"{at}/worklog", {"timeSpent": "1h"}),
        server.delete(at),
    ):
        assert reply.status == 403
    assert server.put(f"{at}/restore").status == 204
    assert server.get("/search", jql="project = FHP").json["total"] == 1
    assert server.put(at, {"fields": {"summary": "Changed"}}).status == 204


def test_members_cannot_archive(server: Api, key: str) -> None:
    aiko = server.site.find_login("aiko")
    assert aiko is not None
    assert server.as_user(aiko).put(f"/issue/{key}/archive").status == 403


def test_pickers_find_by_what_was_typed(server: Api, key: str) -> None:
    [section] = server.get("/issue/picker", query="wheel").json["sections"]
    [row] = section["issues"]
    assert (row["key"], row["summary"]) == (key, "Grease the <b>wheel</b>")
    assert section["sub"] == "Showing 1 of 1 matching issues"
    [first, second] = server.get("/issue/picker", query="x", currentJQL="").json["sections"] + [{}]
    assert (first["msg"], second) == ("No matching issues found", {})
    found = server.get("/projects/picker", query="plat").json
    assert [one["html"] for one in found["projects"]] == ["Fernhill <b>Plat</b>form (FHP)"]
    assert server.get("/projects/picker").json["projects"] == []
    everything = server.get("/projects/picker", allowEmptyQuery="true").json["total"]
    assert everything == len(server.get("/project").json)


def test_projects_have_the_shape_of_server(server: Api) -> None:
    [one, *_] = server.get("/project").json
    shape = {"expand", "self", "id", "key", "name", "projectTypeKey", "avatarUrls"}
    assert set(one) == shape
    whole: dict[str, Any] = server.get("/project/FHP").json
    assert (whole["archived"], whole["lead"]["key"]) == (False, "JIRAUSER10001")
    assert "style" not in whole


def test_lists_come_by_page_too(server: Api) -> None:
    page = server.get("/issuetype/page", query="task", maxResults=1).json
    assert (page["total"], page["isLast"], page["values"][0]["name"]) == (4, False, "Task")
    assert [one["name"] for one in server.get("/priority/page", query="low").json["values"]] == [
        "Low",
        "Lowest",
    ]
    assert server.get("/statuscategory/indeterminate").json["id"] == 4
    assert server.get("/statuscategory/9").status == 404


def test_the_base_url_moves_all_links(server: Api, key: str) -> None:
    assert server.put("/settings/baseUrl", b"nowhere").status == 400
    assert server.put("/settings/baseUrl", b"https://jira.example/jira").status == 200
    assert server.get("/serverInfo").json["baseUrl"] == "https://jira.example/jira"
    assert server.get(f"/issue/{key}").json["self"].startswith("https://jira.example/jira/rest/")
    server.site.base_url = "http://jira.test"


def test_the_version_is_told(server: Api) -> None:
    told = server.get("/serverInfo").json
    assert (told["version"], told["versionNumbers"]) == ("10.3.24", [10, 3, 24])
    assert (told["deploymentType"], told["buildNumber"]) == ("Server", 10030024)
