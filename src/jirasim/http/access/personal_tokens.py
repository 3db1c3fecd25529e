"""`/rest/pat/latest/tokens`: personal access tokens of Server, since 8.14 (jira.md 2.3)."""

import base64
import secrets
from datetime import timedelta

from jirasim.http.answer import NO_CONTENT, Answer
from jirasim.http.auth import takes_personal_tokens
from jirasim.http.endpoint import Call, Endpoint
from jirasim.site.credentials import ApiToken
from jirasim.site.errors import Refusal
from jirasim.site.product import server_since
from jirasim.wire.entities import Json

LONGEST_DAYS = 3650
NO_NAME = "Token name must not be empty."
BAD_DURATION = "Expiration duration must be a whole number of days, at least 1."
UNKNOWN = "Token not found."
SWITCHED_OFF = "Personal access tokens are disabled on this instance."


def tokens(call: Call) -> Answer:
    """GET: the caller's own, without their secrets."""
    return Answer([_json(call, one) for one in _mine(call)])


def create(call: Call) -> Answer:
    """POST: 201; the secret is told this once.  `expirationDuration` is in days."""
    _mine(call)
    given, now = call.object(), call.site.now()
    name, days = str(given.get("name") or "").strip(), given.get("expirationDuration")
    if not name:
        raise Refusal(400, NO_NAME)
    if days is not None and not _is_duration(days):
        raise Refusal(400, BAD_DURATION)
    number = call.site.next_id("personal access token", first=1)
    secret = base64.b64encode(f"{number.zfill(12)}:".encode() + secrets.token_bytes(20)).decode()
    lapses = now + timedelta(days=int(str(days))) if days is not None else None
    token = ApiToken(secret, call.user.account_id, name, lapses, id=number, created=now)
    call.site.state.tokens[secret] = token
    call.site.revision += 1
    return Answer({**_json(call, token), "rawToken": secret}, 201)


def revoke(call: Call) -> Answer:
    """DELETE: 204; it is good for nothing from then on."""
    token = next((one for one in _mine(call) if one.id == call.params["token_id"]), None)
    if token is None:
        raise Refusal(404, UNKNOWN)
    del call.site.state.tokens[token.secret]
    call.site.revision += 1
    return NO_CONTENT


def _mine(call: Call) -> list[ApiToken]:
    if not takes_personal_tokens(call.site):
        raise Refusal(403, SWITCHED_OFF)
    rows = call.site.state.tokens.values()
    return [one for one in rows if one.account_id == call.user.account_id and not one.revoked]


def _is_duration(days: object) -> bool:
    return isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= LONGEST_DAYS


def _json(call: Call, token: ApiToken) -> Json:
    body: Json = {"id": int(token.id), "name": token.label}
    if token.created is not None:
        body["createdAt"] = call.wire.stamp(token.created)
    if token.expires_at is not None:
        body["expiringAt"] = call.wire.stamp(token.expires_at)
    return body


SINCE_TOKENS = server_since(8, 14)
ENDPOINTS = (
    Endpoint("GET", "/tokens", tokens, on=SINCE_TOKENS),
    Endpoint("POST", "/tokens", create, on=SINCE_TOKENS),
    Endpoint("DELETE", "/tokens/{token_id}", revoke, on=SINCE_TOKENS),
)
