"""Notices: to whom they go, what they hold, how they are read."""

from __future__ import annotations

import pytest
from helpers.builders import a_member, a_workplace, the_owner

from duolog.notifications import services
from duolog.notifications.models import Kind, Notice
from duolog.people.models import Member
from duolog.people.services import remove_member

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def ann() -> Member:
    return a_member(a_workplace())


def test_all_but_the_actor_are_told_once(ann: Member) -> None:
    bo = a_member(ann.workplace, name="Bo Chen")
    services.notify([ann, bo, bo], Kind.COMMENTED, "New comment", "/w/x", actor=ann)
    notice = Notice.objects.get()
    assert (notice.member, notice.actor, notice.path) == (bo, "Ann Lee", "/w/x")


def test_a_muted_kind_is_not_told_and_the_others_are(ann: Member) -> None:
    services.mute(ann, [Kind.COMMENTED, Kind.HELD])
    services.mute(ann, [Kind.COMMENTED])
    assert services.muted_kinds(ann) == {Kind.COMMENTED}
    services.notify([ann], Kind.COMMENTED, "Not this")
    services.notify([ann], Kind.HELD, "But this", actor_name="Jira service account")
    assert [(n.text, n.actor) for n in services.list_notices(ann)] == [
        ("But this", "Jira service account")
    ]


def test_who_left_is_not_told(ann: Member) -> None:
    remove_member(ann.pk, by=the_owner(ann.workplace))
    ann.refresh_from_db()
    services.notify([ann], Kind.HELD, "Too late")
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("length", "kept"),
    [pytest.param(300, 300, id="what fits stays whole"), pytest.param(301, 299, id="else cut")],
)
def test_a_long_text_is_shortened_with_a_sign(ann: Member, length: int, kept: int) -> None:
    services.notify([ann], Kind.HELD, "x" * length)
    text = Notice.objects.get().text
    assert len(text) <= 300
    assert text.rstrip("…") == "x" * kept


def test_notices_are_listed_newest_first_and_counted_until_read(ann: Member) -> None:
    bo = a_member(ann.workplace, name="Bo Chen")
    for number in range(3):
        services.notify([ann, bo], Kind.HELD, str(number))
    newest, middle, oldest = services.list_notices(ann)
    assert [newest.text, middle.text, oldest.text] == ["2", "1", "0"]
    assert services.list_notices(ann, before=newest.pk, limit=1) == (middle,)
    theirs = services.list_notices(bo)[0]
    assert services.mark_read(ann, [newest.pk, theirs.pk]) == 1
    assert services.unread_count(ann) == 2
    assert services.mark_read(ann) == 2
    assert (services.unread_count(ann), services.unread_count(bo)) == (0, 3)
