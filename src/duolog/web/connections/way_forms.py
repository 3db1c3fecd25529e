"""Which form asks for the way into a Jira: for a new connection or one there is, by its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django.urls import reverse

from duolog.connections import oauth
from duolog.connections.models import Connection, ConnectionKind, Deployment, Method
from duolog.connections.oauth_app import own_client_id
from duolog.connections.report import SCOPES
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.web.connections.ways_in import (
    SCOPE_WORDS,
    App,
    Entered,
    WayForm,
    place_query,
    read_entered,
)

_ADD: Final = {ConnectionKind.WORKPLACE: "web:connect", ConnectionKind.PERSONAL: "web:add-own"}
_NO_ERRORS: Final[Mapping[str, str]] = {}


def form_to_connect(
    member: Member, kind: str, entered: Entered, errors: Mapping[str, str] = _NO_ERRORS
) -> WayForm:
    """The form for a site that is not connected yet."""
    url = reverse(_ADD[ConnectionKind(kind)], args=[member.workplace.slug])
    return WayForm(
        entered=entered,
        kind=kind,
        post_url=url,
        way_url=f"{url}?{place_query(entered)}",
        submit="Connect and test",
        app=app_for(member),
        errors=errors,
    )


def form_to_replace(
    member: Member,
    connection: Connection,
    entered: Entered,
    errors: Mapping[str, str] = _NO_ERRORS,
) -> WayForm:
    """The form for another credential, or another method, of a connection."""
    known = [member.workplace.slug, connection.pk]
    if connection.kind == ConnectionKind.PERSONAL:
        post_url = way_url = reverse("web:own-credential", args=known)
    else:
        post_url = reverse("web:credential", args=known)
        way_url = f"{reverse('web:connection', args=known)}?replace=1"
    return WayForm(
        entered=replace(entered, deployment=connection.deployment, address=connection.base_url),
        kind=connection.kind,
        post_url=post_url,
        way_url=way_url,
        submit="Replace and test",
        app=app_for(member),
        connection=connection,
        errors=errors,
    )


def entered_for(connection: Connection, asked: Mapping[str, str]) -> Entered:
    """What is known of a connection, and what is asked for in place of it."""
    known = {
        "deployment": connection.deployment,
        "method": connection.method,
        "email": connection.email,
        "username": connection.username,
    }
    return read_entered({**known, **asked})


def likely_method(member: Member, asked: dict[str, str]) -> dict[str, str]:
    """What was asked for; where no method was chosen and there is no app yet, one without."""
    is_clear = "method" in asked or asked.get("deployment") == Deployment.SERVER
    return asked if is_clear or app_for(member).is_there else {**asked, "method": Method.API_TOKEN}


def app_for(member: Member) -> App:
    """The OAuth app that the member would sign in with."""
    return App(
        is_there=oauth.app_of(member.workplace) is not None,
        client_id=own_client_id(member.workplace),
        may_be_set=holds(member, Right.CONNECT),
        callback=oauth.callback_url(),
        scopes=tuple((each, SCOPE_WORDS[each]) for each in SCOPES if each in SCOPE_WORDS),
    )
