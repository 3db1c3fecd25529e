"""Signing in with Atlassian, there and back: what is stored, and what a person reads where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection as database
from django.utils import timezone
from helpers.builders import a_member, a_workplace, the_owner
from helpers.consents import an_app, consent, sign_in
from helpers.ways_in import CLOUD, SERVER, a_site, wish_for

from duolog.connections.models import Connection, OAuthApp, PendingSignIn
from duolog.connections.oauth import (
    app_of,
    begin_sign_in,
    callback_url,
    find_pending,
    finish_sign_in,
    purge_sign_ins,
    remove_app,
    set_app,
)
from duolog.connections.seal import unseal
from duolog.connections.services import check, client_for, connect, disconnect
from duolog.core.errors import Disconnected, Refused
from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Member, User
from jirasim.testing import JiraSite

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jira(settings: Any) -> Iterator[JiraSite]:
    with a_site(CLOUD, settings) as site:
        an_app(site.sim, settings, site.url)
        yield site


@pytest.fixture
def owner() -> Member:
    return the_owner(a_workplace())


def service(jira: JiraSite) -> str:
    return str(jira.ready["account_id"])


def person(jira: JiraSite, number: int = 0) -> str:
    return str(jira.ready["people"][number]["account_id"])


def test_the_address_asks_for_the_seeds_scopes_with_state_and_pkce(
    jira: JiraSite, owner: Member
) -> None:
    asked = parse_qs(urlsplit(begin_sign_in(owner, address=jira.url)).query)
    for scope in ("manage:jira-webhook", "read:jira-user", "read:jira-work", "write:jira-work"):
        assert scope in asked["scope"][0].split()
    assert "offline_access" in asked["scope"][0].split()
    assert asked["redirect_uri"] == [callback_url()]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 32
    pending = PendingSignIn.objects.get()
    assert asked["state"][0] not in pending.state_hash
    assert unseal(pending.sealed_verifier) not in str(asked)


@pytest.mark.parametrize("kind", ["workplace", "personal"])
def test_a_sign_in_makes_a_connection_that_works_by_the_gateway(
    jira: JiraSite, owner: Member, kind: str
) -> None:
    made = sign_in(owner, jira.url, person(jira), kind=kind, label="Ours")
    assert (made.method, made.label, made.account_name) == ("oauth", "Ours", "Maya Lind")
    assert (made.base_url, made.kind) == (jira.url, kind)
    assert made.rest_url == f"{jira.url}/ex/jira/{made.cloud_id}"
    row = Connection.objects.get()
    assert row.report["missing_scopes"] == []
    assert client_for(row).people.myself().account_id == person(jira)
    assert check(owner, row).account_name == "Maya Lind"
    assert not PendingSignIn.objects.exists()


def test_neither_token_nor_secret_lies_open_in_the_database(jira: JiraSite, owner: Member) -> None:
    set_app(owner, *_app(jira))
    made = sign_in(owner, jira.url, service(jira))
    assert made.sealed_access_token is not None
    plain = [unseal(made.sealed_secret), unseal(made.sealed_access_token), _app(jira)[1]]
    with database.cursor() as cursor:
        for table in ("connections_connection", "connections_oauthapp"):
            cursor.execute(f"SELECT * FROM {table}")
            stored = repr([
                bytes(it) if isinstance(it, memoryview) else it
                for row in cursor.fetchall() for it in row
            ])  # fmt: skip
            assert not any(secret in stored for secret in plain)


def test_a_refused_consent_connects_nothing_and_its_state_is_used_up(
    jira: JiraSite, owner: Member
) -> None:
    back = consent(begin_sign_in(owner, address=jira.url), service(jira), decision="deny")
    with pytest.raises(Refused, match="did not let Duolog in"):
        finish_sign_in(owner, back["state"], "", error=back["error"])
    with pytest.raises(Invalid, match="finished already"):
        finish_sign_in(owner, back["state"], "code")
    assert not Connection.objects.exists()


def test_a_state_is_good_once_for_an_hour_and_for_who_began(jira: JiraSite, owner: Member) -> None:
    stranger = a_member(owner.workplace)
    back = consent(begin_sign_in(owner, address=jira.url), service(jira))
    with pytest.raises(Invalid, match="never begun"):
        finish_sign_in(owner, "made up", back["code"])
    with pytest.raises(Invalid, match="Somebody else"):
        finish_sign_in(stranger, back["state"], back["code"])
    assert find_pending(stranger.user, back["state"]) is None
    found = find_pending(User.objects.get(pk=owner.user_id), back["state"])
    assert found is not None
    assert found.member == owner
    finish_sign_in(owner, back["state"], back["code"])
    with pytest.raises(Invalid, match="finished already"):
        finish_sign_in(owner, back["state"], back["code"])
    late = consent(begin_sign_in(owner, address=jira.url, kind="personal"), service(jira))
    PendingSignIn.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    assert find_pending(owner.user, late["state"]) is None
    with pytest.raises(Invalid, match="more than an hour"):
        finish_sign_in(owner, late["state"], late["code"])
    assert Connection.objects.count() == 1


def test_those_who_never_came_back_are_forgotten(jira: JiraSite, owner: Member) -> None:
    begin_sign_in(owner, address=jira.url)
    PendingSignIn.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    begin_sign_in(owner, address=jira.url)
    purge_sign_ins()
    assert PendingSignIn.objects.count() == 1


def test_another_site_than_the_one_meant_is_named(jira: JiraSite, owner: Member) -> None:
    other = {"id": "1324a887-45db-1bf4-1e99-ef0ff456d421", "url": "https://other.atlassian.net",
             "name": "Other", "scopes": [], "avatarUrl": ""}  # fmt: skip
    jira.sim("POST", "oauth/resources", {"resources": [other]})
    with pytest.raises(Disconnected, match=r"other\.atlassian\.net"):
        sign_in(owner, jira.url, service(jira))
    jira.sim("POST", "oauth/resources", {"resources": []})
    with pytest.raises(Disconnected, match="no Jira site"):
        sign_in(owner, jira.url, service(jira))
    assert not Connection.objects.exists()


def test_a_consent_that_leaves_out_what_is_needed_names_it(jira: JiraSite, owner: Member) -> None:
    def ask(scope: str) -> Connection:
        back = consent(begin_sign_in(owner, address=jira.url), service(jira), scope=scope)
        return finish_sign_in(owner, back["state"], back["code"])

    with pytest.raises(Refused, match=r"write:jira-work \(write issues"):
        ask("read:jira-work read:jira-user offline_access")
    with pytest.raises(Refused, match="refresh token"):
        ask("read:jira-work write:jira-work read:jira-user")
    made = ask("read:jira-work write:jira-work read:jira-user offline_access")
    assert list(made.report["missing_scopes"]) == ["manage:jira-webhook"]
    assert "register the webhook" in " ".join(made.report["warnings"])


def test_a_code_that_is_no_good_says_so(jira: JiraSite, owner: Member) -> None:
    back = consent(begin_sign_in(owner, address=jira.url), service(jira))
    with pytest.raises(Refused, match="code"):
        finish_sign_in(owner, back["state"], "made up")
    assert not Connection.objects.exists()


def test_an_existing_connection_keeps_what_it_has_until_the_new_consent_is_proven(
    jira: JiraSite, owner: Member
) -> None:
    made = connect(owner, wish_for(jira, "api_token", label="Fernhill"))
    back = consent(begin_sign_in(owner, connection=made), service(jira), decision="deny")
    with pytest.raises(Refused):
        finish_sign_in(owner, back["state"], "", error="access_denied")
    assert Connection.objects.get().method == "api_token"
    renewed = sign_in(owner, "", service(jira), connection=made)
    row = Connection.objects.get()
    assert (renewed.pk, row.method, row.label, row.base_url) == (
        made.pk, "oauth", "Fernhill", jira.url,
    )  # fmt: skip
    assert client_for(row).people.myself().display_name == "Duolog Sync"


def test_signing_in_again_after_disconnecting_revives_the_connection(
    jira: JiraSite, owner: Member
) -> None:
    made = connect(owner, wish_for(jira, "api_token"))
    disconnect(owner, made)
    again = sign_in(owner, jira.url, person(jira))
    assert (again.pk, again.health) == (made.pk, "connected")


def test_only_who_may_begins(jira: JiraSite, owner: Member) -> None:
    maya = a_member(owner.workplace)
    with pytest.raises(Forbidden):
        begin_sign_in(maya, address=jira.url)
    mine = sign_in(maya, jira.url, person(jira), kind="personal")
    with pytest.raises(NotFound):
        begin_sign_in(owner, connection=mine)
    with pytest.raises(Forbidden):
        set_app(maya, "id", "secret")


def test_a_server_has_no_sign_in_and_says_so_before_the_way(settings: Any, owner: Member) -> None:
    with a_site(SERVER, settings) as server:
        settings.ATLASSIAN_CLIENT_ID = settings.ATLASSIAN_CLIENT_SECRET = "x"
        with pytest.raises(Invalid, match="Jira Server") as caught:
            begin_sign_in(owner, address=server.url)
        assert set(caught.value.errors) == {"deployment"}


def test_without_an_app_it_is_told_how_to_get_one(
    jira: JiraSite, owner: Member, settings: Any
) -> None:
    settings.ATLASSIAN_CLIENT_ID = ""
    assert app_of(owner.workplace) is None
    with pytest.raises(Invalid, match="DUOLOG_ATLASSIAN_CLIENT_ID"):
        begin_sign_in(owner, address=jira.url)
    with pytest.raises(Invalid) as caught:
        set_app(owner, "", "secret")
    assert set(caught.value.errors) == {"client_id"}
    set_app(owner, *_app(jira))
    assert sign_in(owner, jira.url, service(jira)).method == "oauth"
    remove_app(owner)
    assert not OAuthApp.objects.exists()


def test_an_app_with_another_secret_is_told_apart(jira: JiraSite, owner: Member) -> None:
    set_app(owner, _app(jira)[0], "another")
    with pytest.raises(Disconnected, match="client secret"):
        sign_in(owner, jira.url, service(jira))


def _app(jira: JiraSite) -> tuple[str, str]:
    [app] = jira.sim("GET", "oauth/apps")
    return app["client_id"], app["client_secret"]
