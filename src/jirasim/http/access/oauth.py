"""OAuth 2.0 (3LO) of Cloud: what lives on Atlassian's other hosts, here under their paths.

`/authorize` and `/oauth/token` stand for auth.atlassian.com, `/oauth/token/accessible-resources`
and `/me` for api.atlassian.com, `/manage-profile/apps` for id.atlassian.com (jira.md 2.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from jirasim.http.access import (
    consent,
    tokens_office,
)
from jirasim.http.access.consent import Office, SentBack
from jirasim.http.auth import CLOUD_GATEWAY, FAILED, Caller
from jirasim.http.gate import SCOPE_MISMATCH
from jirasim.http.pages.frame import hidden
from jirasim.http.pages.markup import Html, tag
from jirasim.site import consents

if TYPE_CHECKING:
    from starlette.requests import Request

    from jirasim.http.admin.sim import Controls
    from jirasim.site.credentials import Grant
    from jirasim.site.state import Site

AUDIENCE: Final = "api.atlassian.com"
SCOPE: Final = re.compile(r"offline_access|(read|write|manage|delete|send|validate):[\w.:-]+")
NOT_OF_JIRA: Final = frozenset({"offline_access", "read:me", "read:account"})
APPS: Final = "/manage-profile/apps"


def routes(controls: Controls) -> list[BaseRoute]:
    """All of it."""
    site = controls.site
    office = Office("/authorize", _check, lambda scope: SCOPE.fullmatch(scope) is not None)
    return [
        *consent.routes(site, office),
        tokens_office.route(controls, "/oauth/token"),
        _read(site, "/oauth/token/accessible-resources", _resources),
        _read(site, "/me", _me),
        _apps(site),
        _revoking(site),
    ]


def _check(given: Mapping[str, str]) -> None:
    """The audience must be the API; nobody is logged in without being asked."""
    audience = given.get("audience", AUDIENCE)
    if audience != AUDIENCE:
        raise SentBack("access_denied", f"Service not found: {audience}")
    if given.get("prompt", "consent") == "none":
        raise SentBack("login_required", "Login required")


def _read(site: Site, path: str, answer: Callable[[Site, Caller], Response]) -> Route:
    """Something an access token can read."""

    async def serve(request: Request) -> Response:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        with site.lock:
            bearer = scheme.lower() == "bearer"
            caller = CLOUD_GATEWAY["bearer"](site, value.strip()) if bearer else FAILED
            if caller.user is None:
                return JSONResponse({"code": 401, "message": "Unauthorized"}, 401)
            return answer(site, caller)

    return Route(path, serve, methods=["GET"])


def _resources(site: Site, caller: Caller) -> Response:
    """The sites of the grant: this one if it has a scope of Jira, or what a test put there."""
    chosen = site.state.access.resources
    if chosen is not None:
        return JSONResponse([dict(one) for one in chosen])
    scopes = sorted((caller.scopes or frozenset()) - NOT_OF_JIRA)
    here: dict[str, object] = {
        "id": site.state.cloud_id,
        "url": site.base_url,
        "name": site.state.title,
        "scopes": scopes,
        "avatarUrl": f"{site.base_url}/site-avatar.png",
    }
    return JSONResponse([here] if scopes else [])


def _me(site: Site, caller: Caller) -> Response:
    user = caller.user
    if user is None or not (caller.scopes or frozenset()) & {"read:me", "read:account"}:
        return JSONResponse({"code": 401, "message": SCOPE_MISMATCH}, 401)
    return JSONResponse(
        {
            "account_type": user.account_type,
            "account_id": user.account_id,
            "email": user.email,
            "name": user.display_name,
            "picture": f"{site.base_url}/avatar/{quote(user.account_id, safe='')}",
            "account_status": "active" if user.active else "inactive",
            "nickname": user.display_name,
            "zoneinfo": user.time_zone,
            "locale": user.locale.replace("_", "-"),
            "extended_profile": {},
        }
    )


def _apps(site: Site) -> Route:
    """The page on which people see what they allowed, and take it back."""

    async def serve(_: Request) -> Response:
        with site.lock:
            rows = [_row(site, one) for one in site.state.access.grants.values() if not one.revoked]
        content = tag("ul", rows) if rows else tag("p", "Nobody has let an app in.")
        return consent.document(site, "Connected apps", [content])

    return Route(APPS, serve, methods=["GET"])


def _row(site: Site, grant: Grant) -> Html:
    app, user = site.state.access.apps[grant.client_id], site.state.users[grant.account_id]
    words = f"{app.name} for {user.display_name}: {' '.join(grant.scopes)} "
    form = tag(
        "form",
        hidden("grant", grant.id),
        tag("button", "Remove access"),
        method="post",
        action=f"{APPS}/revoke",
    )
    return tag("li", words, form)


def _revoking(site: Site) -> Route:
    async def serve(request: Request) -> Response:
        given = dict(parse_qsl((await request.body()).decode("utf-8", errors="replace")))
        with site.lock:
            grant = site.state.access.grants.get(given.get("grant", ""))
            if grant is not None:
                consents.revoke(site, grant)
        return RedirectResponse(APPS, 303)

    return Route(f"{APPS}/revoke", serve, methods=["POST"])
