"""`/rest/auth/1`: logging in with a cookie (Server), and who one is (both)."""

from urllib.parse import quote

from jirasim.http.answer import NO_CONTENT, Answer
from jirasim.http.auth import SESSION_COOKIE, session_of
from jirasim.http.endpoint import Call, Endpoint
from jirasim.site import logins
from jirasim.site.logins import Outcome
from jirasim.site.model import User
from jirasim.site.product import on_server
from jirasim.site.state import Site
from jirasim.wire.entities import Json


def log_in(call: Call) -> Answer:
    """POST /session: a new session, or 401, or 403 where a CAPTCHA must be solved first."""
    body = call.object()
    name, password = str(body.get("username", "")), str(body.get("password", ""))
    outcome, user = logins.try_password(call.site, name, password)
    if outcome is Outcome.DENIED:
        denied = {
            "X-Seraph-LoginReason": outcome.value,
            "X-Authentication-Denied-Reason": f"CAPTCHA_CHALLENGE; login-url={login_url(call.site)}",
        }
        return Answer({"errorMessages": ["Login denied"], "errors": {}}, 403, denied)
    if outcome is Outcome.FAILED or user is None:
        said = {"X-Seraph-LoginReason": outcome.value}
        return Answer({"errorMessages": ["Login failed"], "errors": {}}, 401, said)
    number = logins.open_session(call.site, user)
    session = {"name": SESSION_COOKIE, "value": number}
    headers = {"Set-Cookie": cookie(call.site, number), "X-Seraph-LoginReason": outcome.value}
    return Answer({"session": session, "loginInfo": _info(call, user)}, 200, headers)


def current(call: Call) -> Answer:
    """GET /session: who the caller is."""
    user, base = call.user, f"{call.site.base_url}/rest/api/latest/user"
    if call.product.cloud:
        place = f"{base}?accountId={quote(user.account_id, safe='')}"
    else:
        place = f"{base}?username={quote(user.name, safe='')}"
    return Answer({"self": place, "name": user.name, "loginInfo": _info(call, user)})


def log_out(call: Call) -> Answer:
    """DELETE /session."""
    _ = call.user
    logins.close_session(call.site, session_of(call.headers))
    return NO_CONTENT


def leave_websudo(_: Call) -> Answer:
    """DELETE /websudo: nothing is kept that could be given up."""
    return NO_CONTENT


def cookie(site: Site, number: str) -> str:
    """The cookie of a session, for the path that the site lives under."""
    return f"{SESSION_COOKIE}={number}; Path={site.product.context or '/'}; HttpOnly"


def login_url(site: Site) -> str:
    """Where a person logs in."""
    return f"{site.base_url}/login.jsp"


def _info(call: Call, user: User) -> Json:
    found = logins.record(call.site, user)
    body: Json = {"failedLoginCount": found.failed_ever, "loginCount": found.count}
    if found.last_failed is not None:
        body["lastFailedLoginTime"] = call.wire.stamp(found.last_failed)
    if found.previous is not None:
        body["previousLoginTime"] = call.wire.stamp(found.previous)
    return body


ENDPOINTS = (
    Endpoint("POST", "/session", log_in, anonymous=True, on=on_server),
    Endpoint("GET", "/session", current),
    Endpoint("DELETE", "/session", log_out),
    Endpoint("DELETE", "/websudo", leave_websudo, anonymous=True, on=on_server),
)
