"""Signing in with Atlassian: a person is sent there, comes back, and a connection is made or renewed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from contextlib import closing
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from duolog.connections.clients import open_site
from duolog.connections.keeping import keep_connection, keep_proven, must_be_free, note_act
from duolog.connections.models import (
    Connection,
    ConnectionKind,
    Deployment,
    Health,
    Method,
    PendingSignIn,
)
from duolog.connections.oauth_app import (
    app_of,
    atlassian_for,
    callback_url,
    remove_app,
    required_app,
    set_app,
)
from duolog.connections.reaching import hosts
from duolog.connections.report import SCOPES, check_site
from duolog.connections.rights import RIGHT_FOR, require_use
from duolog.connections.seal import seal, unseal
from duolog.connections.trial import Place, Proven, place_of
from duolog.connections.wishes import read_address
from duolog.core.errors import Refused
from duolog.jira.auth import Renewed
from duolog.jira.oauth import (
    Grant,
    GrantedSite,
    Pkce,
    authorize_address,
    choose_site,
    refused_at_consent,
)
from duolog.people.errors import Invalid
from duolog.people.models import Member, User
from duolog.people.rights import require
from duolog.people.tokens import hash_of

GOOD_FOR: Final = timedelta(hours=1)
"""How long a person may be on the way."""
UNLESS_ALLOWED: Final = ("read:jira-work", "write:jira-work", "read:jira-user")
"""Scopes without which nothing works at all."""


def begin_sign_in(
    by: Member,
    *,
    kind: str = ConnectionKind.WORKPLACE,
    address: str = "",
    label: str = "",
    connection: Connection | None = None,
) -> str:
    """The address to send the person's browser to.

    With a connection, its consent is renewed; else the site at `address` is to be connected.
    Raises Invalid, or SyncError where no Jira Cloud answers there.
    """
    if connection is None:
        require(by, RIGHT_FOR[ConnectionKind(kind)])
    else:
        require_use(by, connection)
    app = required_app(by.workplace)
    if connection is None:
        place = place_of(read_address(address), Deployment.CLOUD)
        must_be_free(by, kind, place)
        base_url = place.base_url
    else:
        kind, base_url = connection.kind, connection.base_url
    state, pkce = secrets.token_urlsafe(32), Pkce.new()
    PendingSignIn.objects.create(
        member=by,
        state_hash=hash_of(state),
        sealed_verifier=seal(pkce.verifier),
        kind=kind,
        base_url=base_url,
        label=label.strip(),
        connection=connection,
    )
    return authorize_address(app, state=state, challenge=pkce.challenge, hosts=hosts())


def find_pending(user: User | AnonymousUser, state: str) -> PendingSignIn | None:
    """The sign-in of this state, where this user began it and it is not too old."""
    rows = PendingSignIn.objects.select_related("member__workplace", "member__user", "connection")
    found = rows.filter(state_hash=hash_of(state), member__left_at=None).first()
    if found is None or found.member.user_id != user.pk or _is_old(found.created_at):
        return None
    return found


def finish_sign_in(
    by: Member, state: str, code: str, *, error: str = "", description: str = ""
) -> Connection:
    """The connection, made or renewed by the consent with which the person came back.

    A state is good once.  What was there before stays until the new consent is proven.  `error` is
    what Atlassian says in place of a code.  Raises Invalid for the state, else SyncError.
    """
    pending = _take(by, state)
    if error:
        raise refused_at_consent(error, description)
    atlassian = atlassian_for(by.workplace)
    grant = atlassian.exchange(code, unseal(pending.sealed_verifier))
    site = choose_site(atlassian.sites(grant.access_token), pending.base_url)
    proven = _proven(pending, grant, site)
    connection = pending.connection
    if connection is None or connection.health == Health.ENDED:
        return keep_connection(by, pending.kind, pending.label, proven)
    with transaction.atomic():
        keep_proven(connection, proven)
        note_act(by, connection, "consent renewed")
    return connection


def purge_sign_ins() -> None:
    """Forget the sign-ins that nobody came back from."""
    PendingSignIn.objects.filter(created_at__lt=timezone.now() - GOOD_FOR).delete()


def _take(by: Member, state: str) -> PendingSignIn:
    """The sign-in of this state, which nobody else can take any more.  Raises Invalid."""
    rows = PendingSignIn.objects.select_related("connection").filter(state_hash=hash_of(state))
    pending = rows.first()
    if pending is None:
        raise Invalid({"state": "This sign-in is finished already, or was never begun here."})
    if pending.member_id != by.pk:
        raise Invalid({"state": "Somebody else began this sign-in. Begin one of your own."})
    if not PendingSignIn.objects.filter(pk=pending.pk).delete()[0]:
        raise Invalid({"state": "This sign-in is finished already."})
    if _is_old(pending.created_at):
        raise Invalid({"state": "This sign-in was begun more than an hour ago. Begin it again."})
    if pending.connection is None:
        require(by, RIGHT_FOR[pending.kind])
    else:
        require_use(by, pending.connection)
    return pending


def _is_old(created_at: datetime) -> bool:
    return created_at < timezone.now() - GOOD_FOR


def _proven(pending: PendingSignIn, grant: Grant, site: GrantedSite) -> Proven:
    granted = frozenset((*grant.scopes, *site.scopes))
    _must_allow(granted)

    def given(*, force: bool) -> str:
        del force  # it was made just now
        return grant.access_token

    rest_url = hosts().gateway(site.id)
    with closing(open_site(rest_url, Deployment.CLOUD, Renewed(given))) as client:
        report = check_site(client, pending.kind, granted=granted)
    return Proven(
        place=Place(site.url.rstrip("/"), Deployment.CLOUD, rest_url, site.id),
        report=report,
        method=Method.OAUTH,
        secret=grant.refresh_token,
        email=report.email,
        access_token=grant.access_token,
        access_until=timezone.now() + grant.life,
        scopes=_in_order(granted),
    )


def _must_allow(granted: Collection[str]) -> None:
    missing = [scope for scope in UNLESS_ALLOWED if scope not in granted]
    if missing:
        names = ", ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
        raise Refused(
            f"The consent leaves out what nothing works without: {names}.",
            hint="Add it to the OAuth app at developer.atlassian.com, Permissions, and sign in "
            "again.",
        )


def _in_order(granted: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(granted))


__all__ = [
    "app_of",
    "begin_sign_in",
    "callback_url",
    "find_pending",
    "finish_sign_in",
    "purge_sign_ins",
    "remove_app",
    "set_app",
]
