"""Attachments: upload, limits, download by redirect and by range, deletion (jira.md 6.9)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from helpers.jira_caller import Api, Reply
from hypothesis import given
from hypothesis import strategies as st

from jirasim.http.multipart import files
from jirasim.site.attachments import MOST_ATTACHMENTS
from jirasim.site.events import Event
from jirasim.site.model import User
from jirasim.site.state import Site

Make = Callable[..., dict[str, Any]]
AT = "/issue/FHP-1/attachments"
NOTE = b"Grease the hinges.\r\n"


@pytest.fixture
def note(api: Api, make: Make) -> str:
    """The id of a note at FHP-1."""
    make()
    return str(api.upload(AT, ("note.txt", NOTE)).json[0]["id"])


def followed(api: Api, reply: Reply) -> Reply:
    """Where a redirect leads, without a credential."""
    assert reply.status == 303
    place = reply.headers["location"].removeprefix("http://jira.test")
    path, _, query = place.partition("?")
    return api.anonymous().get(path, **dict(one.split("=") for one in query.split("&")))


def test_an_upload_answers_with_what_was_made(api: Api, make: Make) -> None:
    make()
    reply = api.upload(AT, ("note.txt", NOTE), ("note.txt", b"again"))
    assert reply.status == 200
    first, second = reply.json
    assert (first["filename"], first["size"], first["mimeType"]) == ("note.txt", 20, "text/plain")
    assert first["author"]["displayName"] == "Duolog Sync"
    assert first["content"] == f"http://jira.test/rest/api/3/attachment/content/{first['id']}"
    assert "thumbnail" not in first
    assert first["id"] != second["id"]
    listed = api.get("/issue/FHP-1", fields="attachment").json["fields"]["attachment"]
    assert listed == [first, second]
    old = api.get("/rest/api/2/issue/FHP-1", fields="attachment").json["fields"]["attachment"]
    assert old[0]["content"] == f"http://jira.test/rest/api/2/attachment/content/{first['id']}"


def test_metadata_has_a_number_as_id(api: Api, note: str) -> None:
    assert api.get(f"/attachment/{note}").json["id"] == int(note)
    assert api.get("/attachment/99").status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"x-atlassian-token": "check"}, 403, id="the token of a browser"),
        pytest.param({"x-atlassian-token": ""}, 403, id="no token"),
        pytest.param({"content-type": "application/json"}, 415, id="no form"),
        pytest.param({"content-type": "multipart/form-data"}, 415, id="a form without boundary"),
        pytest.param(
            {"content-type": "multipart/form-data; boundary=other"}, 400, id="another boundary"
        ),
        pytest.param({"user-agent": "Mozilla/5.0"}, 403, id="the look of a browser"),
    ],
)
def test_an_upload_is_refused_with(
    api: Api, make: Make, headers: dict[str, str], status: int
) -> None:
    make()
    reply = replace(api, headers=headers).upload(AT, ("note.txt", NOTE))
    assert reply.status == status
    if status == 403:
        assert reply.text == "XSRF check failed"
    assert api.get("/issue/FHP-1").json["fields"]["attachment"] == []


def test_too_much_is_413_and_nothing_is_kept(api: Api, make: Make, site: Site) -> None:
    make()
    site.state.settings = replace(site.state.settings, upload_limit=10)
    assert api.get("/attachment/meta").json == {"enabled": True, "uploadLimit": 10}
    assert api.upload(AT, ("fits", b"0123456789"), ("large", b"0123456789+")).status == 413
    assert api.upload(AT, *[(str(number), b"x") for number in range(61)]).status == 413
    assert api.upload(AT).status == 400
    assert api.get("/issue/FHP-1").json["fields"]["attachment"] == []
    assert api.upload(AT, *[(str(number), b"x") for number in range(60)]).status == 200


def test_an_issue_has_a_limit_of_attachments(api: Api, note: str, site: Site) -> None:
    issue = site.state.issues[site.state.attachment_homes[note]]
    site.store(replace(issue, attachments=issue.attachments * MOST_ATTACHMENTS))
    assert api.upload(AT, ("one.txt", b"more")).status == 413


def test_content_redirects_to_a_signed_address_for_a_while(api: Api, note: str, site: Site) -> None:
    reply = api.get(f"/attachment/content/{note}")
    assert "/rest/" not in reply.headers["location"]
    file = followed(api, reply)
    assert (file.status, file.content) == (200, NOTE)
    assert file.headers["content-type"] == "text/plain"
    site.clock.advance(timedelta(minutes=5))
    assert followed(api, reply).status == 403
    fresh = api.get(f"/attachment/content/{note}").headers["location"]
    forged = fresh.replace(f"/file/{note}/", "/file/10001/")
    assert followed(api, Reply(303, {"location": forged}, b"")).status == 403
    api.delete(f"/attachment/{note}")
    assert followed(api, Reply(303, {"location": fresh}, b"")).status == 404


@pytest.mark.parametrize(
    ("wanted", "status", "got"),
    [
        pytest.param("bytes=0-5", 206, NOTE[:6], id="the beginning"),
        pytest.param("bytes=7-", 206, NOTE[7:], id="from somewhere on"),
        pytest.param("bytes=-4", 206, NOTE[-4:], id="the last four"),
        pytest.param("bytes=18-999", 206, NOTE[18:], id="more than there is"),
        pytest.param("bytes=20-", 416, b"", id="behind the end"),
        pytest.param("bytes=5-3", 416, b"", id="backwards"),
        pytest.param("lines=1-2", 400, None, id="no bytes"),
        pytest.param("bytes=-", 400, None, id="nothing"),
    ],
)
def test_a_range_is_served(
    api: Api, note: str, wanted: str, status: int, got: bytes | None
) -> None:
    ranged = api.with_headers(range=wanted)
    direct = ranged.get(f"/attachment/content/{note}", redirect="false")
    media = followed(ranged, ranged.get(f"/attachment/content/{note}"))
    assert (direct.status, media.status) == (status, status)
    if got is not None:
        assert (direct.content, media.content) == (got, got)
        assert direct.headers["content-range"].endswith("/20")


def test_pictures_have_a_thumbnail_and_others_none(api: Api, note: str) -> None:
    [picture] = api.upload(AT, ("a.png", b"pixels"), kind="application/octet-stream").json
    assert picture["mimeType"] == "image/png"
    assert picture["thumbnail"].endswith(f"/attachment/thumbnail/{picture['id']}")
    thumbnail = f"/attachment/thumbnail/{picture['id']}"
    assert followed(api, api.get(thumbnail)).content == b"pixels"
    assert api.get(thumbnail, redirect="false").content == b"pixels"
    assert api.get(f"/attachment/thumbnail/{note}").status == 404


def test_an_archive_tells_what_is_in_it(api: Api, note: str) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("oil/how-to.txt", "Slowly.")
    [made] = api.upload(AT, ("all.zip", packed.getvalue()), kind="application/zip").json
    entry = {"entryIndex": 0, "name": "oil/how-to.txt", "size": 7, "mediaType": "text/plain"}
    found = api.get(f"/attachment/{made['id']}/expand/raw").json
    assert found == {"entries": [entry], "totalEntryCount": 1}
    assert api.get(f"/attachment/{note}/expand/raw").json["entries"] == []


def test_rights_are_refused_with_403_and_hidden_files_with_404(
    api: Api, note: str, people: list[User]
) -> None:
    aiko, jonas = api.as_user(people[1]), api.as_user(people[2])
    [mine] = aiko.upload(AT, ("mine.txt", b"mine")).json
    assert jonas.delete(f"/attachment/{mine['id']}").status == 403
    assert aiko.delete(f"/attachment/{note}").status == 403
    assert aiko.delete(f"/attachment/{mine['id']}").status == 204
    assert api.delete(f"/attachment/{note}").status == 204
    fields = {"project": {"key": "READ"}, "issuetype": {"name": "Task"}, "summary": "Look"}
    assert api.as_user(people[0]).post("/issue", {"fields": fields}).status == 201
    assert api.upload("/issue/READ-1/attachments", ("a.txt", b"a")).status == 403
    assert api.upload("/issue/FHP-9/attachments", ("a.txt", b"a")).status == 404
    assert api.anonymous().get(f"/attachment/{note}").status == 404


def test_the_issue_moves_and_its_changelog_tells(api: Api, note: str, events: list[Event]) -> None:
    before = api.get("/issue/FHP-1").json["fields"]["updated"]
    api.delete(f"/attachment/{note}")
    assert api.get("/issue/FHP-1").json["fields"]["updated"] > before
    rows = api.get("/issue/FHP-1/changelog").json["values"]
    told = [
        (one["from"], one["fromString"], one["to"], one["toString"])
        for row in rows
        for one in row["items"]
        if one["field"] == "Attachment"
    ]
    assert told == [(None, None, note, "note.txt"), (note, "note.txt", None, None)]
    kinds = [one.kind for one in events]
    assert kinds == ["jira:issue_updated", "attachment_deleted"]
    events.clear()
    api.upload(AT, ("a.txt", b"a"), ("b.txt", b"b"))
    kinds = [one.kind for one in events]
    assert kinds == ["jira:issue_updated", "attachment_created", "attachment_created"]


def test_deleting_the_issue_takes_its_files_along(
    api: Api, note: str, events: list[Event], site: Site
) -> None:
    events.clear()
    api.delete("/issue/FHP-1")
    assert [(one.kind, one.cascade) for one in events] == [
        ("jira:issue_deleted", False),
        ("attachment_deleted", True),
    ]
    assert api.get(f"/attachment/{note}").status == 404
    assert site.state.contents == {}


@given(st.binary(max_size=200), st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_files_come_out_of_a_form_byte_for_byte(content: bytes, name: str) -> None:
    form = (
        b'--edge\r\nContent-Disposition: form-data; name="note"\r\n\r\nother\r\n'
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n'
        b"Content-Type: image/gif\r\n\r\n%s\r\n--edge--\r\n" % (name.encode(), content)
    )
    [found] = files("multipart/form-data; boundary=edge", form)
    assert (found.filename, found.mime_type, found.content) == (name, "image/gif", content)
