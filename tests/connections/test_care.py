"""What is done for connections unasked: warnings before they end, grants kept alive, tidying."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from helpers.authorities import a_certificate
from helpers.builders import a_member, a_workplace, the_owner
from helpers.consents import an_app, sign_in
from helpers.jirasim import Jira

from duolog.connections.care import EVERY, RENEW_GRANT, keep_caring
from duolog.connections.models import CallCount, Connection, PendingSignIn
from duolog.connections.oauth import begin_sign_in
from duolog.connections.seal import unseal
from duolog.connections.services import NewConnection, close_clients, connect, expect_end
from duolog.notifications.models import Notice
from duolog.people.models import Member, Role
from duolog.people.services import add_member, remove_member
from duolog.sync.handlers import HANDLERS
from duolog.work.models import Lane, Work
from duolog.worker.attempt import run_until_idle

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner() -> Iterator[Member]:
    yield the_owner(a_workplace())
    close_clients()


def an_hour_passes() -> None:
    keep_caring()
    run_until_idle(HANDLERS, within=EVERY + 1)


def service(jira: Jira, owner: Member, **more: Any) -> Connection:
    who = jira.service
    return connect(owner, NewConnection(jira.url, who.email, who.api_token, "Our Jira", **more))


def ends_in(connection: Connection, **left: float) -> None:
    Connection.objects.filter(pk=connection.pk).update(
        expires_at=timezone.now() + timedelta(**left)
    )


def test_the_admins_are_told_30_7_and_1_days_before_once_each(jira: Jira, owner: Member) -> None:
    made = service(jira, owner)
    a_member(owner.workplace, name="Mere Member")
    told = []
    for left in (31.5, 29.5, 29.4, 6.5, 6.4, 0.5, 0.4):
        ends_in(made, days=left)
        an_hour_passes()
        told.append(Notice.objects.count())
    assert told == [0, 1, 1, 2, 2, 3, 3]
    latest = Notice.objects.order_by("-pk")[0]
    assert "Our Jira ends within a day" in latest.text
    assert latest.path == f"/w/{owner.workplace.slug}/integrations/jira/{made.pk}"
    assert set(Notice.objects.values_list("member", flat=True)) == {owner.pk}


def test_a_new_end_is_warned_of_anew(jira: Jira, owner: Member) -> None:
    made = service(jira, owner)
    ends_in(made, days=5)
    an_hour_passes()
    expect_end(owner, Connection.objects.get(), timezone.now().date() + timedelta(days=20))
    an_hour_passes()
    assert [note.text.split("(")[0] for note in Notice.objects.order_by("pk")] == [
        "The credential of Our Jira ends in 5 days ",
        "The credential of Our Jira ends in 20 days ",
    ]


def test_a_personal_connections_end_is_its_members_business_alone(
    jira: Jira, owner: Member
) -> None:
    maya = a_member(owner.workplace)
    who = jira.people[0]
    made = connect(maya, NewConnection(jira.url, who.email, who.api_token, kind="personal"))
    ends_in(made, days=3)
    an_hour_passes()
    assert list(Notice.objects.values_list("member", flat=True)) == [maya.pk]


def test_the_end_of_a_trusted_certificate_is_told_too(jira: Jira, owner: Member) -> None:
    made = service(jira, owner)
    pem, _ = a_certificate(ends=timezone.now() + timedelta(days=6))
    Connection.objects.filter(pk=made.pk).update(ca_certificate=pem)
    an_hour_passes()
    assert "The certificate of Our Jira ends in 6 days" in Notice.objects.get().text


def test_an_idle_grant_is_renewed_and_a_used_one_left_alone(
    jira: Jira, owner: Member, settings: Any
) -> None:
    an_app(jira.sim, settings, jira.url)
    made = sign_in(owner, jira.url, jira.service.account_id)
    before = unseal(made.sealed_secret)
    an_hour_passes()
    assert unseal(Connection.objects.get().sealed_secret) == before
    Connection.objects.update(access_until=timezone.now() - timedelta(days=31))
    an_hour_passes()
    row = Connection.objects.get()
    assert unseal(row.sealed_secret) != before
    assert row.access_until is not None
    assert row.access_until > timezone.now()
    assert not Work.objects.filter(kind=RENEW_GRANT, done=0).exists()


def test_an_idle_grant_that_has_ended_stops_the_connection_and_is_told(
    jira: Jira, owner: Member, settings: Any
) -> None:
    an_app(jira.sim, settings, jira.url)
    sign_in(owner, jira.url, jira.service.account_id)
    for grant in jira.sim("GET", "oauth/grants"):
        if not grant["revoked"]:
            jira.sim("POST", "oauth/grants/revoke", {"id": grant["id"]})
    Connection.objects.update(access_until=timezone.now() - timedelta(days=31))
    an_hour_passes()
    an_hour_passes()
    row = Connection.objects.get()
    assert (row.health, Notice.objects.count()) == ("attention", 1)
    assert Lane.objects.get(pk=row.lane).blocked_until > 4e9


def test_what_nobody_came_back_from_and_old_counts_are_forgotten(
    jira: Jira, owner: Member, settings: Any
) -> None:
    an_app(jira.sim, settings, jira.url)
    begin_sign_in(owner, address=jira.url)
    PendingSignIn.objects.update(created_at=timezone.now() - timedelta(hours=2))
    made = service(jira, owner)
    CallCount.objects.create(connection=made, minute=timezone.now() - timedelta(days=2), calls=1)
    an_hour_passes()
    assert not PendingSignIn.objects.exists()
    assert not CallCount.objects.filter(minute__lt=timezone.now() - timedelta(days=1)).exists()


def test_the_credential_of_a_member_who_left_is_forgotten(jira: Jira, owner: Member) -> None:
    maya = add_member(owner.workplace, a_member(name="Maya Lind").user, role=Role.MEMBER)
    who = jira.people[0]
    connect(maya, NewConnection(jira.url, who.email, who.api_token, kind="personal"))
    remove_member(maya.pk, by=owner)
    an_hour_passes()
    row = Connection.objects.get()
    assert (row.health, bytes(row.sealed_secret)) == ("ended", b"")
