"""`/_sim`: credentials, apps, grants and logins.  No Jira rule lives here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Final

from jirasim.http.admin.body import BadRequest, as_object, instant
from jirasim.site import consents, logins
from jirasim.site.credentials import ApiToken, Grant, OAuthApp
from jirasim.site.permissions import PUBLIC_SCHEME

if TYPE_CHECKING:
    from jirasim.http.admin.sim import Controls
    from jirasim.site.model import User
    from jirasim.site.state import Site


def show_tokens(controls: Controls, _: object) -> object:
    with controls.site.lock:
        return [_token_json(controls.site, one) for one in controls.site.state.tokens.values()]


def change_token(controls: Controls, body: object) -> object:
    """`{"api_token": …}` with `"revoked"` or `"expires_at"` (null: never)."""
    given = as_object(body, {"api_token", "revoked", "expires_at"})
    with controls.site.lock:
        tokens = controls.site.state.tokens
        found = tokens.get(str(given.get("api_token")))
        if found is None:
            raise BadRequest("There is no such api_token.")
        if "revoked" in given:
            found = replace(found, revoked=given["revoked"] is True)
        if "expires_at" in given:
            moment = given["expires_at"]
            found = replace(found, expires_at=None if moment is None else instant(moment))
        tokens[found.secret] = found
        return _token_json(controls.site, found)


def _token_json(site: Site, token: ApiToken) -> dict[str, object]:
    return {
        "api_token": token.secret,
        "account_id": token.account_id,
        "email": site.state.users[token.account_id].email,
        "label": token.label,
        "expires_at": None if token.expires_at is None else token.expires_at.isoformat(),
        "revoked": token.revoked,
        "scopes": token.scopes,
    }


def make_token(controls: Controls, body: object) -> object:
    """`{"account_id": …}`, perhaps with `scopes`, `label` and `expires_at`: a new token."""
    given = as_object(body, {"account_id", "scopes", "label", "expires_at"})
    site = controls.site
    with site.lock:
        user, number = _user(site, given), site.next_id("personal access token", first=1)
        prefix = "ATATT3xFfGF0" if site.product.cloud else ""
        lapses = given.get("expires_at")
        token = ApiToken(
            secret=f"{prefix}{consents.secret(32)}",
            account_id=user.account_id,
            label=str(given.get("label", "")),
            expires_at=None if lapses is None else instant(lapses),
            id=number,
            created=site.now(),
            scopes=_texts(given["scopes"], "scopes") if "scopes" in given else None,
        )
        site.state.tokens[token.secret] = token
        return _token_json(site, token)


def show_apps(controls: Controls, _: object) -> object:
    with controls.site.lock:
        return [_app_json(one) for one in controls.site.state.access.apps.values()]


def set_app(controls: Controls, body: object) -> object:
    """Register an app, or with `client_id` change one: `name`, `redirect_uris`, `scopes`."""
    given = as_object(body, {"client_id", "name", "redirect_uris", "scopes"})
    site = controls.site
    with site.lock:
        apps = site.state.access.apps
        app = apps.get(str(given.get("client_id", "")))
        if app is None and "client_id" in given:
            raise BadRequest("There is no such client_id.")
        app = app or OAuthApp(consents.secret(24), f"ATOA{consents.secret(48)}", "App", ())
        if "name" in given:
            app = replace(app, name=str(given["name"]))
        if "redirect_uris" in given:
            app = replace(app, redirect_uris=_callbacks(given["redirect_uris"]))
        if "scopes" in given:
            raw = given["scopes"]
            app = replace(app, scopes=None if raw is None else _texts(raw, "scopes"))
        apps[app.client_id] = app
        site.revision += 1
        return _app_json(app)


def show_grants(controls: Controls, _: object) -> object:
    with controls.site.lock:
        return [_grant_json(one) for one in controls.site.state.access.grants.values()]


def end_grant(controls: Controls, body: object) -> object:
    """`{"id": …}`: the person takes the app's access back."""
    given = as_object(body, {"id"})
    with controls.site.lock:
        grants = controls.site.state.access.grants
        found = grants.get(str(given.get("id", "")))
        if found is None:
            raise BadRequest("There is no such grant.")
        consents.revoke(controls.site, found)
        return _grant_json(grants[found.id])


def show_resources(controls: Controls, _: object) -> object:
    return {"resources": controls.site.state.access.resources}


def set_resources(controls: Controls, body: object) -> object:
    """What accessible-resources answers, word for word; null: the site itself."""
    rows = as_object(body, {"resources"}).get("resources")
    if rows is not None and not (
        isinstance(rows, list) and all(isinstance(one, Mapping) for one in rows)
    ):
        raise BadRequest("resources is a list of objects, or null.")
    with controls.site.lock:
        access = controls.site.state.access
        access.resources = None if rows is None else tuple(rows)
        controls.site.revision += 1
    return show_resources(controls, body)


def show_logins(controls: Controls, _: object) -> object:
    site = controls.site
    with site.lock:
        return [
            {
                "account_id": user.account_id,
                "name": user.name,
                "captcha": logins.must_solve(site, user),
                "failed": logins.record(site, user).failed,
            }
            for user in site.state.users.values()
        ]


def forgive(controls: Controls, body: object) -> object:
    """`{"account_id": …}`: forget the failed logins, so that no CAPTCHA is asked for."""
    given = as_object(body, {"account_id"})
    with controls.site.lock:
        logins.forgive(controls.site, _user(controls.site, given))
    return show_logins(controls, body)


def show_public(controls: Controls, _: object) -> object:
    with controls.site.lock:
        rows = controls.site.state.projects.values()
        return {"projects": [one.key for one in rows if one.scheme == PUBLIC_SCHEME]}


def set_public(controls: Controls, body: object) -> object:
    """`{"projects": ["FHP"]}`: those and no others may be looked at without logging in."""
    keys = _texts(as_object(body, {"projects"}).get("projects"), "projects")
    site = controls.site
    with site.lock:
        known = {one.key for one in site.state.projects.values()}
        if unknown := {*keys} - known:
            raise BadRequest(f"There is no project {', '.join(sorted(unknown))}.")
        for project in list(site.state.projects.values()):
            was = project.scheme == PUBLIC_SCHEME
            if was is not (project.key in keys):
                scheme = None if was else PUBLIC_SCHEME
                site.state.projects[project.id] = replace(project, scheme=scheme)
        site.revision += 1
    return show_public(controls, body)


def _user(site: Site, given: Mapping[str, object]) -> User:
    user = site.state.users.get(str(given.get("account_id", "")))
    if user is None:
        raise BadRequest("There is no such account_id.")
    return user


def _texts(raw: object, name: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise BadRequest(f"{name} is a list of texts.")
    return tuple(raw)


def _callbacks(raw: object) -> tuple[str, ...]:
    found = _texts(raw, "redirect_uris")
    for one in found:
        if not consents.acceptable(one):
            raise BadRequest(f"{one} is no callback: it begins with https, or http on localhost.")
    return found


def _app_json(app: OAuthApp) -> object:
    return {
        "client_id": app.client_id,
        "client_secret": app.secret,
        "name": app.name,
        "redirect_uris": [*app.redirect_uris],
        "scopes": app.scopes,
    }


def _grant_json(grant: Grant) -> object:
    return {**asdict(grant), "created": grant.created.isoformat()}


ACTIONS: Final[Mapping[tuple[str, str], Callable[[Controls, object], object]]] = {
    ("GET", "/tokens"): show_tokens,
    ("POST", "/tokens"): change_token,
    ("POST", "/tokens/new"): make_token,
    ("GET", "/oauth/apps"): show_apps,
    ("POST", "/oauth/apps"): set_app,
    ("GET", "/oauth/grants"): show_grants,
    ("POST", "/oauth/grants/revoke"): end_grant,
    ("GET", "/oauth/resources"): show_resources,
    ("POST", "/oauth/resources"): set_resources,
    ("GET", "/logins"): show_logins,
    ("POST", "/logins/forgive"): forgive,
    ("GET", "/public"): show_public,
    ("POST", "/public"): set_public,
}
