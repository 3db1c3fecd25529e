"""The OAuth 2.0 app by which a workplace signs in with Atlassian."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import transaction

from duolog.connections.models import OAuthApp
from duolog.connections.reaching import hosts, options_for_sign_in
from duolog.connections.seal import seal, unseal
from duolog.jira.oauth import App
from duolog.jira.oauth_calls import Atlassian
from duolog.people.audit import audit
from duolog.people.errors import Invalid
from duolog.people.models import Member, Workplace
from duolog.people.rights import Right, require

CALLBACK: Final = "/connect/atlassian/callback"
LONGEST: Final = 120


def callback_url() -> str:
    """Where Atlassian sends people back to: to be entered there, letter by letter."""
    return f"{settings.PUBLIC_URL}{CALLBACK}"


def app_of(workplace: Workplace) -> App | None:
    """The workplace's own app, else the installation's, else None."""
    own = OAuthApp.objects.filter(workplace=workplace).first()
    if own is not None:
        return App(own.client_id, unseal(own.sealed_client_secret), callback_url())
    if settings.ATLASSIAN_CLIENT_ID and settings.ATLASSIAN_CLIENT_SECRET:
        return App(settings.ATLASSIAN_CLIENT_ID, settings.ATLASSIAN_CLIENT_SECRET, callback_url())
    return None


def own_client_id(workplace: Workplace) -> str:
    """The client id of the app that the workplace entered; empty where it entered none."""
    own = OAuthApp.objects.filter(workplace=workplace).first()
    return own.client_id if own else ""


@transaction.atomic
def set_app(by: Member, client_id: str, client_secret: str) -> None:
    """Sign in by this app from now on.

    What was allowed to another app lasts until it is renewed, and has to be allowed anew then.
    """
    require(by, Right.CONNECT)
    client_id, client_secret = client_id.strip(), client_secret.strip()
    _must_be_an_app(client_id, client_secret)
    OAuthApp.objects.update_or_create(
        workplace=by.workplace,
        defaults={"client_id": client_id, "sealed_client_secret": seal(client_secret)},
    )
    audit(by.workplace, by, "OAuth app changed", client_id)


@transaction.atomic
def remove_app(by: Member) -> None:
    """Sign in by the installation's app again, if it has one."""
    require(by, Right.CONNECT)
    if OAuthApp.objects.filter(workplace=by.workplace).delete()[0]:
        audit(by.workplace, by, "OAuth app removed")


def required_app(workplace: Workplace) -> App:
    """The app of the workplace.  Raises Invalid where there is none."""
    app = app_of(workplace)
    if app is None:
        raise Invalid({"method": _NO_APP})
    return app


def atlassian_for(workplace: Workplace) -> Atlassian:
    """Atlassian's sign-in, by the app of the workplace.  Raises Invalid where there is none."""
    return Atlassian(required_app(workplace), hosts=hosts(), options=options_for_sign_in())


def _must_be_an_app(client_id: str, client_secret: str) -> None:
    errors: dict[str, str] = {}
    if not client_id or len(client_id) > LONGEST:
        errors |= {"client_id": "Copy the client ID from developer.atlassian.com, Settings."}
    if not client_secret:
        errors |= {"client_secret": "Copy the secret from developer.atlassian.com, Settings."}
    if errors:
        raise Invalid(errors)


_NO_APP: Final = (
    "There is no OAuth app yet. An admin enters its client ID and secret, or the operator sets "
    "DUOLOG_ATLASSIAN_CLIENT_ID and DUOLOG_ATLASSIAN_CLIENT_SECRET."
)
