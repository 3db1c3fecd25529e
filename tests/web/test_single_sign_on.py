"""Single sign-on against a provider of our own: who comes in, and who does not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from helpers.builders import a_user, a_workplace, the_owner
from helpers.oidc_provider import CLIENT, Provider, running_provider

from duolog.people.models import Member, Role, User
from duolog.people.queries import find_membership
from duolog.people.services import add_member, invite

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PASSWORD = "correct-horse-9"
LOGIN = "/accounts/login/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running_provider() as provider:
        settings.OIDC_ISSUER, settings.OIDC_NAME = provider.issuer, "Fern ID"
        app = {
            "provider_id": settings.OIDC_PROVIDER_ID,
            "name": "Fern ID",
            "client_id": CLIENT[0],
            "secret": CLIENT[1],
            "settings": {"server_url": provider.issuer},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
        }
        yield provider


def person(email: str, **claims: Any) -> dict[str, Any]:
    return {
        "sub": f"id-{email}",
        "email": email,
        "email_verified": True,
        "name": "Ann Lee",
    } | claims


def come_in(provider: Provider, client: Client | None = None, **form: str) -> tuple[Client, Any]:
    """Press the button, consent there, and come back."""
    client = client or Client()
    sent = client.post("/accounts/sso/", form)
    assert sent["HX-Redirect"].startswith(f"{provider.issuer}/authorize?")
    return client, client.get(provider.code_for(sent["HX-Redirect"]))


def why(client: Client) -> str:
    return client.get(LOGIN).content.decode()


def test_an_existing_person_comes_in_by_a_confirmed_address(
    owner: Member, provider: Provider, mailoutbox: list[Any]
) -> None:
    assert b"Sign in with Fern ID" in Client().get(LOGIN).content
    provider.claims = person(owner.user.email.upper())
    place = f"/w/{owner.workplace.slug}/mine"
    client, back = come_in(provider, next=place)
    assert back["Location"] == place
    assert client.get(place).status_code == 200
    assert SocialAccount.objects.get().user == owner.user
    assert not SocialToken.objects.exists()
    assert mailoutbox[0].to == [owner.user.email]
    assert "/realm/keys" in provider.asked
    provider.claims = person("renamed@example.com", sub=provider.claims["sub"])
    again, _ = come_in(provider)
    assert again.get(place).status_code == 200


def test_an_invited_person_gets_an_account_and_joins(owner: Member, provider: Provider) -> None:
    invite(owner, email="ann@example.com", role=Role.GUEST)
    invite(the_owner(a_workplace("Elsewhere")), email="ann@example.com")
    provider.claims = person("ann@example.com", name="  Ann   Lee ")
    client, _ = come_in(provider)
    ann = User.objects.get(email="ann@example.com")
    assert (ann.name, ann.has_usable_password()) == ("Ann Lee", False)
    assert ann.memberships.count() == 2
    joined = find_membership(ann, owner.workplace.slug)
    assert joined is not None
    assert joined.role == Role.GUEST
    assert client.get(f"/w/{owner.workplace.slug}/security").status_code == 200


def test_nobody_comes_in_uninvited(owner: Member, provider: Provider) -> None:
    provider.claims = person("eve@example.com")
    client, back = come_in(provider)
    assert back["Location"] == LOGIN
    assert "Nobody invited eve@example.com" in why(client)
    assert User.objects.count() == 1


@pytest.mark.parametrize("said", [False, None, "false", 0, ""])
def test_an_unconfirmed_address_takes_no_account_over(
    said: Any, owner: Member, provider: Provider
) -> None:
    provider.claims = person(owner.user.email, email_verified=said)
    client, back = come_in(provider)
    assert back["Location"] == LOGIN
    assert "is confirmed" in why(client)
    assert client.get(f"/w/{owner.workplace.slug}/mine").status_code == 302
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "says",
    [
        pytest.param({"openid-configuration": (500, {})}, id="it breaks"),
        pytest.param({"openid-configuration": {}}, id="it says nothing of itself"),
        pytest.param({"openid-configuration": (302, "http://127.0.0.1:9/")}, id="it leads away"),
    ],
)
def test_a_provider_that_does_not_answer_is_said(
    says: dict[str, Any], owner: Member, provider: Provider
) -> None:
    provider.says = says
    client = Client()
    assert client.post("/accounts/sso/")["HX-Redirect"] == LOGIN
    assert "did not work" in why(client)


@pytest.mark.parametrize(
    "says",
    [
        pytest.param({"token": (400, {"error": "invalid_grant"})}, id="no token"),
        pytest.param({"token": {"access_token": "opaque"}}, id="no id token"),
        pytest.param({"token": {"access_token": "x", "id_token": "a.b.c"}}, id="a broken id token"),
        pytest.param({"keys": {"keys": []}}, id="a key nobody knows"),
        pytest.param({"userinfo": (302, "http://127.0.0.1:9/")}, id="userinfo leads away"),
        pytest.param({"userinfo": {"sub": "another", "email_verified": True}}, id="another person"),
        pytest.param({"userinfo": ["no", "object"]}, id="userinfo is no object"),
    ],
)
def test_what_cannot_be_believed_lets_nobody_in(
    says: dict[str, Any], owner: Member, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.claims = person(owner.user.email)
    provider.says = says
    with caplog.at_level(logging.WARNING):
        client, back = come_in(provider)
    assert back["Location"] == LOGIN
    assert "did not work" in why(client)
    assert client.get(f"/w/{owner.workplace.slug}/mine").status_code == 302
    assert "opaque" not in caplog.text


def test_a_token_of_another_issuer_is_not_believed(owner: Member, provider: Provider) -> None:
    provider.claims = person(owner.user.email)
    provider.says = {"openid-configuration": provider.discovery() | {"issuer": "https://evil.test"}}
    _, back = come_in(provider)
    assert back["Location"] == LOGIN
    assert not SocialAccount.objects.exists()


def test_an_answer_that_nobody_asked_for_signs_nobody_in(owner: Member, provider: Provider) -> None:
    provider.claims = person(owner.user.email)
    sent = Client().post("/accounts/sso/")
    victim = Client()
    back = victim.get(provider.code_for(sent["HX-Redirect"]))
    assert back["Location"] == LOGIN
    assert victim.get(f"/w/{owner.workplace.slug}/mine").status_code == 302


def test_consent_that_was_refused_is_said(owner: Member, provider: Provider) -> None:
    client = Client()
    state = provider.code_for(client.post("/accounts/sso/")["HX-Redirect"]).partition("state=")[2]
    back = client.get(f"/accounts/sso/callback/?error=access_denied&state={state}")
    assert back["Location"] == LOGIN


def test_nobody_links_their_session_to_a_foreign_account(
    client: Client, owner: Member, provider: Provider
) -> None:
    provider.claims = person("eve@example.com")
    come_in(provider, client, process="connect")
    assert not SocialAccount.objects.exists()


def test_a_second_factor_is_asked_for_here_too(owner: Member, provider: Provider) -> None:
    TOTP.activate(owner.user, "JBSWY3DPEHPK3PXP")
    provider.claims = person(owner.user.email)
    _, back = come_in(provider)
    assert back["Location"] == "/accounts/code/"


def test_as_the_only_way_no_password_leads_in(
    owner: Member, provider: Provider, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.OIDC_ONLY = True
    ann = add_member(owner.workplace, a_user("Ann Lee", password=PASSWORD))
    page = Client().get(LOGIN).content
    assert b"Fern ID" in page
    assert b'type="password"' not in page
    client = Client()
    refused = client.post(LOGIN, {"login": ann.user.email, "password": PASSWORD})
    assert refused["Location"] == LOGIN
    assert "the only way in" in why(client)
    Client().post("/accounts/password/reset/", {"email": ann.user.email})
    assert mailoutbox == []
    _, plain = invite(owner, email="bo@example.com")
    Client().post(f"/join/{plain}", {"name": "Bo", "password": PASSWORD})
    assert not User.objects.filter(email="bo@example.com").exists()
    provider.claims = person(ann.user.email)
    client, _ = come_in(provider)
    assert client.get(f"/w/{owner.workplace.slug}/security").status_code == 200
    assert client.get("/accounts/app/").status_code == 200  # no password is asked for


def test_without_a_provider_there_is_no_button(owner: Member) -> None:
    assert b"/accounts/sso/" not in Client().get(LOGIN).content
    assert Client().post("/accounts/sso/").status_code == 404
    assert Client().get("/accounts/sso/callback/").status_code == 404
