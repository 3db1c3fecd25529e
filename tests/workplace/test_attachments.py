"""Attachments: hung on an item, taken away, restored, each a change of the item."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from helpers.builders import FROM_JIRA, a_member, a_workplace, an_item, the_owner

from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Role
from duolog.workplace import queries, services
from duolog.workplace.actors import Actor
from duolog.workplace.files import FILE_MAX, file_store
from duolog.workplace.models import Attachment, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def item() -> WorkItem:
    return an_item()


@pytest.fixture
def ann(item: WorkItem) -> Actor:
    return Actor.of(a_member(item.team.workplace))


def a_file(name: str = "a.txt", content: bytes = b"abc") -> services.KeptFile:
    return services.keep_file(name, [content], media_type="text/plain")


def version_of(item: WorkItem) -> int:
    return WorkItem.objects.get(pk=item.pk).version


def test_an_attachment_lives_and_each_change_counts(item: WorkItem, ann: Actor) -> None:
    attachment = services.attach(item.pk, a_file(), actor=ann)
    assert queries.list_attachments(item) == (attachment,)
    assert (attachment.uploaded_by, attachment.size, version_of(item)) == (ann.member, 3, 2)
    services.delete_attachment(attachment.pk, actor=ann)
    assert (queries.list_attachments(item), version_of(item)) == ((), 3)
    services.restore_attachment(attachment.pk, actor=ann)
    assert (queries.list_attachments(item), version_of(item)) == ((attachment,), 4)
    with file_store().open(attachment.sha256) as file:
        assert file.read() == b"abc"
    lines = item.activity.exclude(verb="created").values_list("verb", "before", "after")
    assert list(lines) == [
        ("attached", "", "a.txt"),
        ("attachment deleted", "a.txt", ""),
        ("attachment restored", "", "a.txt"),
    ]


def test_the_same_file_hangs_there_once(item: WorkItem, ann: Actor) -> None:
    first = services.attach(item.pk, a_file(), actor=ann)
    assert services.attach(item.pk, a_file(), actor=ann) == first
    assert version_of(item) == 2
    services.delete_attachment(first.pk, actor=ann)
    second = services.attach(item.pk, a_file(), actor=ann)
    assert services.restore_attachment(first.pk, actor=ann) == second
    assert queries.list_attachments(item) == (second,)
    services.attach(item.pk, a_file(content=b"new"), actor=ann)
    services.attach(item.pk, a_file(name="b.txt"), actor=ann)
    assert len(queries.list_attachments(item)) == 3


def test_what_is_gone_or_there_cannot_go_or_come_again(item: WorkItem, ann: Actor) -> None:
    attachment = services.attach(item.pk, a_file(), actor=ann)
    with pytest.raises(NotFound):
        services.restore_attachment(attachment.pk, actor=ann)
    services.delete_attachment(attachment.pk, actor=ann)
    with pytest.raises(NotFound):
        services.delete_attachment(attachment.pk, actor=ann)
    with pytest.raises(NotFound):
        queries.get_attachment(item, attachment.pk)


def test_a_file_that_is_too_large_is_refused_in_words(tmp_path: Path) -> None:
    megabyte = b"x" * 1024 * 1024
    with pytest.raises(Invalid, match="at most 25 MB"):
        services.keep_file("big", [megabyte] * (FILE_MAX // len(megabyte)) + [b"x"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_no_name_of_anybody_reaches_the_disk(item: WorkItem, ann: Actor, tmp_path: Path) -> None:
    attachment = services.attach(item.pk, a_file("../../\u202eevil.txt"), actor=ann)
    assert attachment.name == "evil.txt"
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert path.name == attachment.sha256


@pytest.mark.parametrize(
    ("role", "may"),
    [
        pytest.param(Role.MEMBER, False, id="another member may not"),
        pytest.param(Role.GUEST, False, id="a guest may not"),
        pytest.param(Role.ADMIN, True, id="an admin may"),
    ],
)
def test_who_may_take_away_what_another_attached(
    item: WorkItem, ann: Actor, role: Role, *, may: bool
) -> None:
    attachment = services.attach(item.pk, a_file(), actor=ann)
    other = Actor.of(a_member(item.team.workplace, name="Bo Chen", role=role))
    if may:
        services.delete_attachment(attachment.pk, actor=other)
        services.restore_attachment(attachment.pk, actor=other)
        return
    with pytest.raises(Forbidden, match="Ask "):
        services.delete_attachment(attachment.pk, actor=other)
    assert queries.list_attachments(item) == (attachment,)


def test_a_guest_and_a_stranger_attach_nothing(item: WorkItem, ann: Actor) -> None:
    guest = Actor.of(a_member(item.team.workplace, role=Role.GUEST))
    with pytest.raises(Forbidden):
        services.attach(item.pk, a_file(), actor=guest)
    attachment = services.attach(item.pk, a_file(), actor=ann)
    stranger = Actor.of(the_owner(a_workplace("Elsewhere")))
    with pytest.raises(NotFound):
        services.attach(item.pk, a_file(), actor=stranger)
    with pytest.raises(NotFound):
        services.delete_attachment(attachment.pk, actor=stranger)


def test_what_comes_from_jira_names_who_sent_it_and_may_go_again(item: WorkItem) -> None:
    attachment = services.attach(item.pk, a_file(), actor=FROM_JIRA, uploader_name="Ann Lee")
    assert (attachment.uploaded_by, attachment.uploader_name) == (None, "Ann Lee")
    assert services.delete_attachment(attachment.pk, actor=FROM_JIRA).deleted_at is not None


def test_only_contents_that_nobody_names_are_purged(item: WorkItem, ann: Actor) -> None:
    now = timezone.now()
    deleted = services.attach(item.pk, a_file("gone.txt", b"gone"), actor=ann)
    shared = services.attach(item.pk, a_file("one.txt", b"shared"), actor=ann)
    services.attach(an_item(item.team).pk, a_file("two.txt", b"shared"), actor=ann)
    services.keep_file("never attached", [b"stray"])
    for attachment in (deleted, shared):
        services.delete_attachment(attachment.pk, actor=ann, clock=lambda: now)

    def after(**wait: int) -> datetime:
        return now + timedelta(**wait)

    assert services.purge_files(clock=lambda: after(hours=1)) == 0
    assert services.purge_files(clock=lambda: after(days=2)) == 1  # the stray one
    assert services.restore_attachment(deleted.pk, actor=ann).deleted_at is None
    services.delete_attachment(deleted.pk, actor=ann, clock=lambda: now)
    assert services.purge_files(clock=lambda: after(days=31)) == 1
    assert not Attachment.objects.filter(pk__in=[deleted.pk, shared.pk]).exists()
    with file_store().open(shared.sha256) as file:
        assert file.read() == b"shared"
    with pytest.raises(FileNotFoundError):
        file_store().open(deleted.sha256)
