"""The page on which a person lets an app act for them: the same for both products.

It works without scripts, and a program may post the same form.  Tokens are not made here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from jirasim.http.pages.frame import STYLE, hidden
from jirasim.http.pages.markup import Html, joined, tag
from jirasim.site import consents

if TYPE_CHECKING:
    from starlette.requests import Request

    from jirasim.site.model import User
    from jirasim.site.state import Site

KEPT: Final = (
    "audience",
    "client_id",
    "scope",
    "redirect_uri",
    "state",
    "response_type",
    "prompt",
    "code_challenge",
    "code_challenge_method",
)
DESCRIBED: Final[Mapping[str, str]] = {
    "read:jira-work": "View projects, issues and what belongs to them",
    "write:jira-work": "Create and change issues, comments and worklogs",
    "read:jira-user": "View people",
    "manage:jira-project": "Administer projects",
    "manage:jira-configuration": "Administer the site",
    "manage:jira-webhook": "Register webhooks",
    "read:me": "View your profile",
    "read:account": "View your account",
    "offline_access": "Do all this while you are away",
    "READ": "View everything that you may view",
    "WRITE": "Change everything that you may change",
    "ADMIN": "Administer what you may administer",
    "SYSTEM_ADMIN": "Administer the system, if you may",
}
MISMATCH: Final = (
    "Callback URL mismatch. The redirect_uri is not in the list of allowed callback URLs."
)


class Misdirected(Exception):
    """The request names no app, or an address that is not the app's: nobody is sent anywhere."""


class SentBack(Exception):
    """The app is told what is wrong, at its own address."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Office:
    """Where consent is asked for, and which scopes can be had there; `check` raises SentBack."""

    path: str
    check: Callable[[Mapping[str, str]], None]
    known: Callable[[str], bool]


Given = Mapping[str, str]


def routes(site: Site, office: Office) -> list[Route]:
    """The page and its form."""
    return [
        Route(office.path, _serve(site, office, _shown), methods=["GET"]),
        Route(office.path, _serve(site, office, _decided), methods=["POST"]),
    ]


Step = Callable[["Site", Office, consents.Request, Given], Response]


def _serve(site: Site, office: Office, step: Step) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        text = (await request.body()).decode("utf-8", errors="replace")
        given = {**request.query_params, **dict(parse_qsl(text, keep_blank_values=True))}
        with site.lock:
            try:
                return step(site, office, asked(site, office, given), given)
            except Misdirected as error:
                return document(site, "Something is wrong", [tag("p", str(error))], status=400)
            except SentBack as error:
                return _back(given, error=error.error, error_description=error.description)

    return serve


def asked(site: Site, office: Office, given: Given) -> consents.Request:
    """What the app asks for.  The callback must be one of its own, to the letter."""
    app = site.state.access.apps.get(given.get("client_id", ""))
    if app is None:
        raise Misdirected("unauthorized_client: There is no app with this client_id.")
    redirect_uri = given.get("redirect_uri", "")
    if redirect_uri not in app.redirect_uris:
        raise Misdirected(f"unauthorized_client: {MISMATCH}")
    if given.get("response_type") != "code":
        raise SentBack("unsupported_response_type", "The response_type must be code.")
    office.check(given)
    scopes = tuple(dict.fromkeys(given.get("scope", "").split()))
    refused = [
        one
        for one in scopes
        if not office.known(one) or (app.scopes is not None and one not in app.scopes)
    ]
    if refused or not scopes:
        raise SentBack("invalid_scope", f"Not allowed for this app: {' '.join(refused) or 'none'}")
    challenge = given.get("code_challenge", "")
    method = given.get("code_challenge_method", "plain") if challenge else ""
    if method not in {"", "plain", "S256"}:
        raise SentBack("invalid_request", "code_challenge_method must be S256 or plain.")
    return consents.Request(app, redirect_uri, scopes, challenge, method)


def _shown(site: Site, office: Office, request: consents.Request, given: Given) -> Response:
    people = [
        tag("option", user.display_name, value=user.account_id)
        for user in site.state.users.values()
        if user.active
    ]
    asking = [tag("li", DESCRIBED.get(one, one), " (", one, ")") for one in request.scopes]
    form = tag(
        "form",
        [hidden(name, given[name]) for name in KEPT if name in given],
        tag("label", "You are ", tag("select", people, name="account_id")),
        tag("p", f"{request.app.name} asks to do this on {site.state.title} in your name:"),
        tag("ul", asking),
        tag("button", "Accept", name="decision", value="allow"),
        tag("button", "Cancel", name="decision", value="deny"),
        method="post",
        action=f"{site.product.context}{office.path}",
    )
    return document(site, f"Let {request.app.name} in", [form], goal=request.redirect_uri)


def _decided(site: Site, office: Office, request: consents.Request, given: Given) -> Response:
    del office
    if given.get("decision") != "allow":
        raise SentBack("access_denied", "User did not authorize the request")
    user = _person(site, given.get("account_id", ""))
    if user is None:
        raise SentBack("access_denied", "There is no such account.")
    return _back(given, code=consents.consent(site, user, request).value)


def _person(site: Site, account_id: str) -> User | None:
    user = site.state.users.get(account_id) or site.find_login(account_id)
    return user if user is not None and user.active else None


def _back(given: Given, **said: str) -> Response:
    """To the app's address, with the state as it was given."""
    state = {"state": given["state"]} if "state" in given else {}
    goal = given["redirect_uri"]
    joint = "&" if "?" in goal else "?"
    return Response(None, 302, {"Location": f"{goal}{joint}{urlencode({**said, **state})}"})


def document(
    site: Site, title: str, content: list[Html], *, status: int = 200, goal: str = ""
) -> Response:
    """A page of its own, without scripts."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("title", title),
        tag("link", rel="stylesheet", href=f"{site.product.context}{STYLE}"),
    )
    body = tag("body", tag("main", tag("h1", title), content))
    html = f"<!DOCTYPE html>{joined(tag('html', head, body, lang='en'))}"
    return HTMLResponse(html, status, headers(goal))


def headers(goal: str = "") -> dict[str, str]:
    """No scripts; a form may lead here, and on to `goal`, to which browsers apply the rule too."""
    address = urlsplit(goal)
    onward = f" {address.scheme}://{address.netloc}" if goal else ""
    return {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; "
        f"form-action 'self'{onward}; base-uri 'none'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
    }
