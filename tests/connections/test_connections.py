"""Connecting: tested at once, sealed at rest, and every failure says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database
from helpers.bound import Bound, a_bound_team
from helpers.builders import a_member, a_workplace, the_owner
from helpers.jirasim import Jira

from duolog.connections.models import Connection
from duolog.connections.seal import SealBroken, reseal, seal, unseal
from duolog.connections.services import (
    NewConnection,
    NewCredential,
    change_credential,
    check,
    connect,
    disconnect,
)
from duolog.core.errors import Disconnected, SyncError
from duolog.people.errors import Forbidden, Invalid
from duolog.people.models import Role

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        yield bound


def test_connecting_tells_who_where_and_what_may_be_done(bound: Bound) -> None:
    connection = Connection.objects.get()
    assert connection.account_name == "Duolog Sync"
    assert connection.health == "connected"
    assert connection.report["missing"] == []
    assert connection.report["version"]


def test_the_credential_is_sealed_at_rest(bound: Bound) -> None:
    token = bound.jira.service.api_token
    with database.cursor() as cursor:
        cursor.execute("SELECT sealed_secret, secret_tail FROM connections_connection")
        sealed, tail = cursor.fetchone()
    assert token.encode() not in bytes(sealed)
    assert unseal(sealed) == token
    assert tail == token[-4:]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({"address": ""}, "address is empty", id="no address"),
        pytest.param({"address": "not an address"}, "no spaces", id="words for an address"),
        pytest.param({"email": "maya"}, "e-mail address", id="no e-mail"),
        pytest.param({"secret": " "}, "API token", id="no token"),
    ],
)
def test_what_cannot_be_right_is_refused_before_jira_is_asked(
    jira: Jira, changed: dict[str, str], words: str
) -> None:
    given = {"address": jira.url, "email": "a@b.example", "secret": "x", **changed}
    with pytest.raises(Invalid, match=words):
        connect(the_owner(a_workplace()), NewConnection(**given))
    assert not Connection.objects.exists()
    assert jira.calls() == {}


def test_a_wrong_token_is_refused_in_words_and_nothing_is_stored(jira: Jira) -> None:
    owner = the_owner(a_workplace())
    with pytest.raises(Disconnected) as caught:
        connect(owner, NewConnection(jira.url, jira.service.email, "wrong"))
    assert caught.value.hint
    assert not Connection.objects.exists()


def test_an_address_where_nobody_answers_is_refused_in_words(jira: Jira) -> None:
    owner = the_owner(a_workplace())
    with pytest.raises(SyncError) as caught:
        connect(owner, NewConnection("http://127.0.0.1:1", "a@b.example", "x"))
    assert str(caught.value)
    assert not Connection.objects.exists()


def test_a_private_address_is_refused_unless_allowed(jira: Jira, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = False
    owner = the_owner(a_workplace())
    with pytest.raises(SyncError):
        connect(owner, NewConnection(jira.url, jira.service.email, jira.service.api_token))
    assert jira.calls() == {}


def test_only_admins_connect(jira: Jira) -> None:
    member = a_member(a_workplace(), role=Role.MEMBER)
    with pytest.raises(Forbidden):
        connect(member, NewConnection(jira.url, "a@b.example", "x"))


def test_a_revoked_token_stops_the_connection_until_a_person_acts(bound: Bound) -> None:
    item = bound.item("Before")
    bound.bind()
    token = bound.jira.service.api_token
    bound.jira.sim("POST", "tokens", {"api_token": token, "revoked": True})
    try:
        bound.change(item, title="After")
        bound.run()
        connection = Connection.objects.get()
        assert connection.health == "attention"
        assert connection.hint
        bound.jira.reset()
        bound.change(item, title="After that")
        bound.run()
        assert bound.jira.calls() == {}, "nothing is tried with a dead credential"
        with pytest.raises(SyncError):
            check(bound.owner, connection)
    finally:
        bound.jira.sim("POST", "tokens", {"api_token": token, "revoked": False})
    change_credential(
        bound.owner,
        Connection.objects.get(),
        NewCredential(secret=token, email=bound.jira.service.email),
    )
    bound.run()
    assert bound.jira.get(str(bound.link(item).issue_id))["summary"] == "After that"
    assert Connection.objects.get().health == "connected"


def test_disconnecting_forgets_the_credential(bound: Bound) -> None:
    disconnect(bound.owner, Connection.objects.get())
    connection = Connection.objects.get()
    assert bytes(connection.sealed_secret) == b""
    assert connection.health == "ended"


def test_keys_rotate_without_losing_anything(settings: Any) -> None:
    sealed = seal("secret")
    old = settings.ENCRYPTION_KEYS
    new = ("W" * 43 + "=",)
    settings.ENCRYPTION_KEYS = (*new, *old)
    fresh = reseal(sealed)
    settings.ENCRYPTION_KEYS = new
    assert unseal(fresh) == "secret"
    with pytest.raises(SealBroken, match="DUOLOG_ENCRYPTION_KEYS"):
        unseal(sealed)
