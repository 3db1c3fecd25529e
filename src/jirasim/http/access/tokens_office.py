"""The address where apps exchange codes and refresh tokens, as JSON or as a form."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jirasim.http.body import parsed
from jirasim.http.faulty import answered
from jirasim.site import consents
from jirasim.site.consents import OAuthRefusal, Pair

if TYPE_CHECKING:
    from starlette.requests import Request

    from jirasim.http.admin.sim import Controls
    from jirasim.site.credentials import OAuthApp
    from jirasim.site.state import Site

NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def route(controls: Controls, path: str) -> Route:
    """Where tokens are had.  Calls are counted; scripted faults strike here too."""

    async def serve(request: Request) -> Response:
        body = await request.body()
        controls.calls.add("POST", path)

        async def answer() -> Response:
            with controls.site.lock:
                return _answer(controls.site, request.headers, body)

        return await answered(controls.script, request, answer)

    return Route(path, serve, methods=["POST"])


def _answer(site: Site, headers: Mapping[str, str], body: bytes) -> Response:
    try:
        given = _read(headers, body)
        pair = _granted(site, _app(site, headers, given), given)
    except OAuthRefusal as refusal:
        said = {"error": refusal.error, "error_description": refusal.description}
        # RFC 6749 says 400 where Atlassian's cloud says 403.
        status = refusal.status if site.product.cloud or refusal.status != 403 else 400
        return JSONResponse(said, status, NO_STORE)
    return JSONResponse(_json(pair), 200, NO_STORE)


def _read(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    text = body.decode("utf-8", errors="replace")
    if "json" not in headers.get("content-type", ""):
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        found = parsed(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise OAuthRefusal(400, "invalid_request", "The body is not a JSON object.")
    return {key: str(value) for key, value in found.items() if value is not None}


def _app(site: Site, headers: Mapping[str, str], given: Mapping[str, str]) -> OAuthApp:
    """The app that asks, by id and secret: in the body, or as basic authentication."""
    number, secret = given.get("client_id", ""), given.get("client_secret", "")
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            pair = ""
        number, secret = (unquote(part) for part in (pair.partition(":")[::2]))
    app = site.state.access.apps.get(number)
    if app is None or not hmac.compare_digest(app.secret.encode(), secret.encode()):
        error = "access_denied" if site.product.cloud else "invalid_client"
        raise OAuthRefusal(401, error, "Unauthorized")
    return app


def _granted(site: Site, app: OAuthApp, given: Mapping[str, str]) -> Pair:
    match given.get("grant_type"):
        case "authorization_code":
            return consents.exchange(
                site,
                app,
                _required(given, "code"),
                redirect_uri=_required(given, "redirect_uri"),
                verifier=given.get("code_verifier", ""),
            )
        case "refresh_token":
            return consents.refresh(site, app, _required(given, "refresh_token"))
        case other:
            why = f"Unsupported grant type: {other or 'undefined'}"
            raise OAuthRefusal(403, "unsupported_grant_type", why)


def _required(given: Mapping[str, str], name: str) -> str:
    if not given.get(name):
        raise OAuthRefusal(400, "invalid_request", f"Missing required parameter: {name}")
    return given[name]


def _json(pair: Pair) -> dict[str, object]:
    body: dict[str, object] = {
        "access_token": pair.access,
        "expires_in": pair.expires_in,
        "token_type": "Bearer",
        "scope": " ".join(pair.scopes),
    }
    return {**body, "refresh_token": pair.refresh} if pair.refresh else body
