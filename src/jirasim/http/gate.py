"""What a request must pass before a handler sees it: login, scopes, XSRF, content type.

Answers come from here only where Jira refuses; limits on how often are in `limiter`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jirasim.http import scopes
from jirasim.http.answer import HTML_TYPE, UNAUTHENTICATED, Answer
from jirasim.http.auth import Caller, Login

if TYPE_CHECKING:
    from jirasim.http.endpoint import Endpoint
    from jirasim.site.state import Site

WRITES: Final = frozenset({"POST", "PUT", "DELETE"})
BASIC_DEPRECATED: Final = (
    "Basic authentication with passwords is deprecated.  For more information, see: "
    "https://developer.atlassian.com/cloud/confluence/deprecation-notice-basic-auth/"
)
BASIC_DISABLED: Final = "Basic Authentication has been disabled on this instance."
SCOPE_MISMATCH: Final = "Unauthorized; scope does not match"
XSRF: Final = "XSRF check failed"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request at the gate.

    `gateway` is the cloud id in its address, empty at the site itself; `path` comes after that.
    """

    endpoint: Endpoint
    caller: Caller
    headers: Mapping[str, str]
    body: bytes
    path: str
    gateway: str
    params: Mapping[str, str]


def refusal(site: Site, arrival: Arrival) -> Answer | None:
    """The first reason not to serve the request, or None."""
    for check in CHECKS:
        answer = check(site, arrival)
        if answer is not None:
            return answer
    return None


def at_gateway(site: Site, arrival: Arrival) -> Answer | None:
    """The gateway answers nobody, and asks for scopes (jira.md 2.2)."""
    if not arrival.gateway:
        return None
    held = arrival.caller.scopes
    if arrival.caller.user is None or held is None:
        return Answer({"code": 401, "message": "Unauthorized"}, 401)
    agile = arrival.path.startswith(("/rest/agile/", "/rest/software/"))
    wanted = scopes.needed(arrival.endpoint.method, arrival.endpoint.path, agile=agile)
    if not wanted <= held:
        return Answer({"code": 401, "message": SCOPE_MISMATCH}, 401)
    known = arrival.gateway == site.state.cloud_id
    return None if known else Answer({"code": 404, "message": "Not Found"}, 404)


def by_password(site: Site, arrival: Arrival) -> Answer | None:
    """What happens to passwords: gone on Cloud, guarded on Server (jira.md 2.1, 2.3)."""
    match arrival.caller.login:
        case Login.ACCOUNT_LOGIN:
            return Answer(BASIC_DEPRECATED, 401)
        case Login.SWITCHED_OFF:
            return Answer({"message": BASIC_DISABLED}, 403)
        case Login.REJECTED:
            return _login_page(401, "Unauthorized", "AUTHENTICATED_FAILED", {})
        case Login.DENIED:
            why = f"CAPTCHA_CHALLENGE; login-url={site.base_url}/login.jsp"
            denied = {"X-Authentication-Denied-Reason": why}
            return _login_page(403, "Forbidden", "AUTHENTICATION_DENIED", denied)
        case _:
            return None


def by_link(site: Site, arrival: Arrival) -> Answer | None:
    """An incoming link of Server writes only with a scope that says so."""
    held = arrival.caller.scopes
    if site.product.cloud or held is None or arrival.endpoint.method not in WRITES:
        return None
    if held & {"WRITE", "ADMIN", "SYSTEM_ADMIN"}:
        return None
    said = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
    return Answer({"message": "insufficient_scope", "status-code": 403}, 403, said)


def from_a_browser(_: Site, arrival: Arrival) -> Answer | None:
    """Writes with the marks of a browser are taken for forgeries (jira.md 2.4)."""
    headers = arrival.headers
    browser = headers.get("user-agent", "").startswith("Mozilla")
    marked = browser or "origin" in headers or "referer" in headers
    return Answer(XSRF, 403) if marked and arrival.endpoint.method in WRITES else None


def logged_in(site: Site, arrival: Arrival) -> Answer | None:
    """Nobody may ask for some things."""
    if arrival.caller.user is None and not arrival.endpoint.anonymous:
        return unauthenticated(site)
    return None


def switched_on(site: Site, arrival: Arrival) -> Answer | None:
    """What is switched off for the whole site is not there."""
    path, on = arrival.endpoint.path, site.state.settings
    for part, switch, what in (
        ("/worklog", on.time_tracking, "Time tracking is"),
        ("/issueLink", on.linking, "Issue linking is"),
        ("/attachment", on.attachments, "Attachments are"),
    ):
        if part in path and not switch and path != "/attachment/meta":
            said = [f"{what} currently disabled."]
            return Answer({"errorMessages": said, "errors": {}}, 404)
    return None


def understood(_: Site, arrival: Arrival) -> Answer | None:
    """A body must be of the type that the endpoint reads."""
    if not arrival.body or arrival.endpoint.method not in WRITES:
        return None
    wanted = arrival.endpoint.consumes
    given = arrival.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given == wanted:
        return None
    return Answer({"message": "HTTP 415 Unsupported Media Type", "status-code": 415}, 415)


def unauthenticated(site: Site) -> Answer:
    """401 in the recorded shape."""
    said = {"WWW-Authenticate": f'OAuth realm="{realm(site)}"'}
    return Answer(UNAUTHENTICATED, 401, said)


def realm(site: Site) -> str:
    """The site as the challenge names it."""
    return site.base_url.replace(":", "%3A").replace("/", "%2F")


def _login_page(status: int, title: str, reason: str, extra: Mapping[str, str]) -> Answer:
    """The page that a failed login gets, also on REST paths."""
    page = (
        f"<!DOCTYPE html><html><head><title>{title} ({status})</title></head><body>"
        f"<h1>{title} ({status})</h1><p>Encountered a <code>&quot;{status} - {title}&quot;</code> "
        f"error while loading this page.</p><p>Basic Authentication Failure - Reason : {reason}"
        "</p></body></html>"
    )
    said = {"Content-Type": HTML_TYPE, "X-Seraph-LoginReason": reason, **extra}
    return Answer(page.encode(), status, said)


Check = Callable[["Site", Arrival], Answer | None]
CHECKS: Final[tuple[Check, ...]] = (
    at_gateway,
    by_password,
    from_a_browser,
    logged_in,
    by_link,
    switched_on,
    understood,
)
