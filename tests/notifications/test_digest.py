"""Unread notices by e-mail: when they are due, what they hold, and that nothing comes twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from helpers.builders import a_member, a_workplace

from duolog.core.errors import Retryable
from duolog.notifications.digest import (
    DIGEST,
    LINES,
    choose_digest,
    digest_of,
    find_by_link,
    keep_digests,
    send_digests,
    stop_digest,
)
from duolog.notifications.models import Channel, Digest, Kind, Rhythm
from duolog.notifications.schedule import next_moment
from duolog.notifications.services import list_notices, mark_read, mute, notify
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.zones import list_zones
from duolog.work.marks import mark
from duolog.work.queue import Job, claim

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


class Refusing(BaseEmailBackend):
    """A server that does not know one person, or that has gone away."""

    def send_messages(self, email_messages: Any) -> int:
        for message in email_messages:
            if "ann" in message.to[0]:
                raise SMTPRecipientsRefused({message.to[0]: (550, b"unknown")})
            if "gone" in message.to[0]:
                raise SMTPServerDisconnected("Connection unexpectedly closed")
            mail.outbox.append(message)
        return len(email_messages)


@pytest.fixture
def ann() -> Member:
    return a_member(a_workplace(), name="Ann Lee")


def _wants_mail(member: Member) -> Digest:
    """Mails each day, the next one due by now."""
    digest = choose_digest(member, rhythm="daily", hour=7, zone="Europe/Berlin")
    _due_again(member)
    return digest


def _run() -> None:
    send_digests(_job())


def _job() -> Job:
    keep_digests()
    with transaction.atomic():
        mark(DIGEST, "all", every=300.0)
    (job,) = claim(1)
    return job


def _due_again(member: Member) -> None:
    Digest.objects.filter(member=member).update(next_at=timezone.now() - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("rhythm", "hour", "zone", "after", "due"),
    [
        pytest.param("daily", 7, "Europe/Berlin", "2026-01-05T05:59", "2026-01-05T06:00", id="today"),
        pytest.param("daily", 7, "Europe/Berlin", "2026-01-05T06:00", "2026-01-06T06:00", id="passed"),
        pytest.param("weekly", 7, "UTC", "2026-01-05T08:00", "2026-01-12T07:00", id="next Monday"),
        pytest.param("weekly", 0, "Asia/Kathmandu", "2026-01-04T00:00", "2026-01-04T18:15", id="quarter"),
        pytest.param("daily", 2, "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:00", id="skipped hour"),
        pytest.param("daily", 2, "Europe/Berlin", "2026-10-24T12:00", "2026-10-25T00:00", id="double hour"),
    ],
)  # fmt: skip
def test_the_next_mail(rhythm: str, hour: int, zone: str, after: str, due: str) -> None:
    moment = next_moment(Rhythm(rhythm), hour, zone, datetime.fromisoformat(after + "+00:00"))
    assert moment == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_never_is_never_due() -> None:
    assert next_moment(Rhythm.NEVER, 7, "UTC", timezone.now()) is None


def test_unread_notices_come_in_one_mail_and_only_once(ann: Member) -> None:
    notify([ann], Kind.HELD, "Before mails were asked for")
    _wants_mail(ann)
    notify([ann], Kind.ASSIGNED, "PLAT-1 is yours", "/w/x/items/PLAT-1", actor_name="Bo Chen")
    notify([ann], Kind.COMMENTED, "Read at once")
    mark_read(ann, [list_notices(ann)[0].pk])
    _run()
    (message,) = mail.outbox
    assert message.to == [ann.user.email]
    assert message.subject == f"1 notice in {ann.workplace.name}"
    assert "* PLAT-1 is yours (Bo Chen)" in message.body
    assert "/w/x/items/PLAT-1" in message.body
    assert "Read at once" not in message.body
    assert "Before mails" not in message.body
    _due_again(ann)
    _run()
    assert len(mail.outbox) == 1


def test_a_kind_can_stay_under_the_bell_only(ann: Member) -> None:
    _wants_mail(ann)
    mute(ann, [Kind.COMMENTED], Channel.MAIL)
    notify([ann], Kind.COMMENTED, "Only here")
    _run()
    assert not mail.outbox
    assert [notice.text for notice in list_notices(ann)] == ["Only here"]


def test_a_long_mail_counts_what_it_does_not_name(ann: Member) -> None:
    _wants_mail(ann)
    for number in range(LINES + 3):
        notify([ann], Kind.HELD, f"Item {number}.")
    _run()
    assert "And 3 more" in mail.outbox[0].body
    assert f"Item {LINES}." not in mail.outbox[0].body


def test_a_mail_repeated_after_a_crash_has_the_same_id(ann: Member) -> None:
    digest = _wants_mail(ann)
    notify([ann], Kind.HELD, "Once")
    _run()
    Digest.objects.filter(pk=digest.pk).update(sent_upto=digest.sent_upto)
    _due_again(ann)
    _run()
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_an_address_that_is_refused_keeps_nobody_else_waiting(ann: Member, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    bo = a_member(ann.workplace, name="Bo Chen")
    for member in (ann, bo):
        _wants_mail(member)
        notify([member], Kind.HELD, "Look")
    _run()
    assert [message.to for message in mail.outbox] == [[bo.user.email]]
    assert digest_of(ann).next_at > timezone.now()
    _due_again(ann)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    _run()
    assert mail.outbox[-1].to == [ann.user.email]


def test_a_server_that_is_gone_is_tried_again_later(ann: Member, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    gone = a_member(ann.workplace, name="Gone Person")
    _wants_mail(gone)
    notify([gone], Kind.HELD, "Look")
    with pytest.raises(Retryable, match="mail server"):
        _run()
    assert digest_of(gone).next_at < timezone.now()


@pytest.mark.parametrize(
    ("rhythm", "hour", "zone", "field"),
    [
        pytest.param("hourly", 7, "UTC", "rhythm", id="unknown rhythm"),
        pytest.param("daily", 24, "UTC", "hour", id="no such hour"),
        pytest.param("daily", 7, "Mars/Olympus", "zone", id="no such zone"),
        pytest.param("daily", 7, "../../etc/passwd", "zone", id="a path is no zone"),
    ],
)
def test_a_choice_that_is_none(ann: Member, rhythm: str, hour: int, zone: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        choose_digest(ann, rhythm=rhythm, hour=hour, zone=zone)
    assert set(caught.value.errors) == {field}
    assert not Digest.objects.exists()


def test_the_link_in_a_mail_ends_the_mails(ann: Member) -> None:
    _wants_mail(ann)
    notify([ann], Kind.HELD, "Look")
    _run()
    stop = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    token = stop.rpartition("/")[2]
    assert find_by_link(token) == ann
    assert find_by_link(token[:-2]) is None
    stop_digest(ann)
    notify([ann], Kind.HELD, "Look again")
    _run()
    assert len(mail.outbox) == 1


def test_zones_are_real_places() -> None:
    zones = list_zones()
    assert {"UTC", "Europe/Berlin", "Asia/Kathmandu"} <= set(zones)
    assert not [zone for zone in zones if zone.startswith("Etc/")]
