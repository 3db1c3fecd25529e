"""Attachments on the item page: cards, sending, fetching, taking away and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from helpers.builders import a_member, an_item
from web.visitors import signed_in

from duolog.people.models import Member
from duolog.web.items.cards import cards_of
from duolog.workplace.actors import Actor
from duolog.workplace.files import FILE_MAX
from duolog.workplace.models import Attachment, Team, WorkItem
from duolog.workplace.queries import list_attachments
from duolog.workplace.services import attach, keep_file, update_item

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def item(team: Team) -> WorkItem:
    return an_item(team)


@pytest.fixture
def at(item: WorkItem) -> Callable[[str], str]:
    """The address of something of the item."""
    return lambda rest: f"/w/{item.team.workplace.slug}/items/{item.key}{rest}"


def a_file(name: str = "a.txt", content: bytes = b"abc") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


def toast_of(answer: Any) -> dict[str, str]:
    return dict(json.loads(answer["HX-Trigger"])["toast"])


def test_a_file_is_attached_deleted_and_brought_back(
    client: Client, item: WorkItem, at: Callable[[str], str]
) -> None:
    answer = client.post(at("/attachments"), {"file": a_file("<b>.txt")}, headers=HTMX)
    (attachment,) = list_attachments(item)
    assert toast_of(answer)["text"] == "<b>.txt is attached"
    assert b"&lt;b&gt;.txt" in answer.content
    assert b"<b>.txt" not in answer.content
    here = at(f"/attachments/{attachment.pk}")
    gone = client.post(f"{here}/delete", headers=HTMX)
    assert list_attachments(item) == ()
    assert client.get(here).status_code == 404
    back = client.post(toast_of(gone)["undo"], headers=HTMX)
    assert list_attachments(item) == (attachment,)
    assert b'id="item-attachments"' in back.content
    words = client.get(at("/parts/activity")).content.decode()
    assert "deleted the attachment &lt;b&gt;.txt" in words
    assert "brought back the attachment" in words


def test_a_file_goes_out_under_guard(client: Client, at: Callable[[str], str]) -> None:
    client.post(at("/attachments"), {"file": a_file()})
    answer = client.get(at(f"/attachments/{Attachment.objects.get().pk}"))
    assert b"".join(answer) == b"abc"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_several_files_are_attached_or_none(client: Client, at: Callable[[str], str]) -> None:
    files = [a_file("a.txt"), a_file("big", b"\0" * (FILE_MAX + 1))]
    refused = client.post(at("/attachments"), {"file": files}, headers=HTMX)
    assert (refused.status_code, Attachment.objects.count()) == (422, 0)
    assert "at most 25 MB" in unquote(refused["X-Reason"])
    both = client.post(at("/attachments"), {"file": [a_file("a.txt"), a_file("b.txt")]})
    assert toast_of(both)["text"] == "2 files are attached"
    assert Attachment.objects.count() == 2


def test_nothing_to_attach_is_said_in_words(client: Client, at: Callable[[str], str]) -> None:
    answer = client.post(at("/attachments"), {}, headers=HTMX)
    assert (answer.status_code, unquote(answer["X-Reason"])) == (422, "Choose a file first.")


def test_a_guest_sees_files_and_changes_none(
    client: Client, guest: Client, item: WorkItem, at: Callable[[str], str], tmp_path: Path
) -> None:
    assert guest.post(at("/attachments"), {"file": a_file()}).status_code == 403
    assert not (tmp_path / "files").exists()
    assert b'id="add-files"' not in guest.get(at("")).content
    client.post(at("/attachments"), {"file": a_file()})
    page = guest.get(at("")).content
    assert b"a.txt" in page
    assert b"/delete" not in page
    here = at(f"/attachments/{Attachment.objects.get().pk}")
    assert guest.post(f"{here}/delete").status_code == 403
    assert b"".join(guest.get(here)) == b"abc"


def test_a_stranger_gets_nothing(client: Client, at: Callable[[str], str]) -> None:
    client.post(at("/attachments"), {"file": a_file()})
    stranger = signed_in(a_member())
    assert stranger.get(at(f"/attachments/{Attachment.objects.get().pk}")).status_code == 404


@pytest.mark.parametrize(
    ("name", "media_type", "badge", "is_picture"),
    [
        pytest.param("a.png", "image/png", "PNG", True, id="a picture"),
        pytest.param("a.JPEG", "image/jpeg", "JPEG", True, id="another picture"),
        pytest.param("a.svg", "image/svg+xml", "SVG", False, id="a picture that is a program"),
        pytest.param("a.html", "text/html", "HTML", False, id="a page"),
        pytest.param("a.numbers", "application/zip", "NUMB", False, id="a long ending"),
        pytest.param("README", "text/plain", "FILE", False, id="no ending"),
    ],
)
def test_what_a_card_shows(
    item: WorkItem, owner: Member, name: str, media_type: str, badge: str, *, is_picture: bool
) -> None:
    kept = keep_file(name, [b"x"], media_type=media_type)
    attachment = attach(item.pk, kept, actor=Actor.of(owner))
    (card,) = cards_of(item, [attachment], owner)
    assert (card.badge, card.is_picture, card.may_delete) == (badge, is_picture, True)
    assert card.sender == owner.name


def test_only_ones_own_file_can_be_taken_away(item: WorkItem, owner: Member) -> None:
    attachment = attach(item.pk, keep_file("a", [b"x"]), actor=Actor.of(owner))
    ann = a_member(item.team.workplace)
    assert not cards_of(item, [attachment], ann)[0].may_delete


def test_a_picture_stands_in_the_description(
    client: Client, item: WorkItem, at: Callable[[str], str], owner: Member
) -> None:
    picture = keep_file("view.png", [b"png"], media_type="image/png")
    file = attach(item.pk, picture, actor=Actor.of(owner))
    update_item(item.pk, {"description": f"![A view](attachment:{file.pk})"}, actor=Actor.of(owner))
    page = client.get(at("")).content.decode()
    assert f'src="{at(f"/attachments/{file.pk}")}" alt="A view"' in page
    assert f"![view.png](attachment:{file.pk})" in page
