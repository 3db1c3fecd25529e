"""Attachments over REST: sent as multipart, fetched under guard, once for one key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from helpers.builders import a_member, an_item
from helpers.rest import Rest, rest_of

from duolog.people.models import Role
from duolog.workplace.files import FILE_MAX
from duolog.workplace.models import Attachment, Team, WorkItem
from duolog.workplace.uploads import REQUEST_MAX

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PATH = "/api/v1/work-items/{}/attachments"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def item(team: Team) -> WorkItem:
    return an_item(team)


def a_file(
    name: str = "a.txt", content: bytes = b"abc", media_type: str = "text/plain"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, media_type)


def send(rest: Rest, item: WorkItem, *files: SimpleUploadedFile, **headers: str) -> Any:
    client = Client(raise_request_exception=False)
    given = {"Authorization": f"Bearer {rest.token}"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(PATH.format(item.pk), {"file": list(files)}, headers=given)


def fetch(rest: Rest, made: Any, **headers: str) -> Any:
    return rest.ask("GET", made["content_url"].removeprefix("/api/v1"), **headers)


def test_a_file_is_sent_listed_fetched_and_taken_away(rest: Rest, item: WorkItem) -> None:
    answer = send(rest, item, a_file())
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert set(made) == {
        "id", "name", "media_type", "size", "sha256", "uploaded_by", "uploader_name",
        "created_at", "content_url", "state", "reason",
    }  # fmt: skip
    assert (made["name"], made["media_type"], made["size"]) == ("a.txt", "text/plain", 3)
    assert (made["state"], made["reason"]) == (None, ""), "its item follows no issue"
    assert made["uploaded_by"]["name"] == "Olive Owner"
    here = f"/work-items/{item.key}/attachments"
    assert rest.get(here) == {"items": [made], "next_cursor": None}
    assert rest.get(f"{here}/{made['id']}") == made
    assert b"".join(fetch(rest, made)) == b"abc"
    rest.delete(f"{here}/{made['id']}")
    assert rest.get(here)["items"] == []
    assert fetch(rest, made).status_code == 404
    assert rest.post(f"{here}/{made['id']}/restore", status=200) == made
    assert rest.get(here)["items"] == [made]


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        pytest.param("a.txt", 'attachment; filename="a.txt"', id="a plain name"),
        pytest.param("März.txt", "attachment; filename*=utf-8''M%C3%A4rz.txt", id="an umlaut"),
        pytest.param("photo\u202egpj.exe", 'attachment; filename="photogpj.exe"', id="a mark"),
    ],
)
def test_nothing_of_a_file_is_run(rest: Rest, item: WorkItem, name: str, disposition: str) -> None:
    made = send(rest, item, a_file(name, b"<script>alert(1)</script>", "text/html")).json()
    answer = fetch(rest, made)
    assert answer["Content-Disposition"] == disposition
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Length"] == "25"
    assert b"".join(answer) == b"<script>alert(1)</script>"


def test_what_the_caller_has_is_not_sent_again(rest: Rest, item: WorkItem) -> None:
    made = send(rest, item, a_file()).json()
    first = fetch(rest, made)
    assert b"".join(first) == b"abc"
    assert first["ETag"] == f'"{made["sha256"]}"'
    again = fetch(rest, made, If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_lost_content_is_said_in_words(rest: Rest, item: WorkItem, tmp_path: Path) -> None:
    made = send(rest, item, a_file()).json()
    (tmp_path / "files" / made["sha256"][:2] / made["sha256"]).unlink()
    answer = fetch(rest, made)
    assert answer.status_code == 404
    assert "no longer on the server's disk" in answer.json()["detail"]


def test_one_key_attaches_once(rest: Rest, item: WorkItem) -> None:
    answers = [send(rest, item, a_file(), Idempotency_Key="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Attachment.objects.count() == 1
    other = send(rest, item, a_file(content=b"other"), Idempotency_Key="k")
    assert other.status_code == 422
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("count", [0, 2])
def test_exactly_one_file_is_taken(rest: Rest, item: WorkItem, count: int) -> None:
    answer = send(rest, item, *(a_file(f"{number}.txt") for number in range(count)))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["file"]
    assert not Attachment.objects.exists()


def test_a_body_of_another_kind_is_refused_in_words(rest: Rest, item: WorkItem) -> None:
    path = f"/work-items/{item.pk}/attachments"
    assert "multipart/form-data" in rest.post(path, {"file": "x"}, status=422)["detail"]
    broken = Client(raise_request_exception=False).generic(
        "POST", PATH.format(item.pk), b"x", content_type="multipart/form-data; boundary=",
        headers={"Authorization": f"Bearer {rest.token}"},
    )  # fmt: skip
    assert (broken.status_code, broken["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("size", "status"),
    [
        pytest.param(FILE_MAX, 201, id="as large as may be"),
        pytest.param(FILE_MAX + 1, 422, id="a byte too large"),
        pytest.param(REQUEST_MAX + 1, 413, id="too large to be read at all"),
    ],
)
def test_how_large_a_file_may_be(rest: Rest, item: WorkItem, size: int, status: int) -> None:
    answer = send(rest, item, a_file(content=b"\0" * size))
    assert answer.status_code == status
    assert Attachment.objects.count() == (status == 201)


def test_whoever_only_reads_leaves_nothing_on_the_disk(
    item: WorkItem, team: Team, tmp_path: Path
) -> None:
    guest = rest_of(a_member(team.workplace, role=Role.GUEST))
    assert send(guest, item, a_file()).status_code == 403
    assert not (tmp_path / "files").exists()
