"""`/login.jsp` of Server: where a person logs in, and the CAPTCHA is solved (jira.md 2.3).

The picture of the real one is text here, so that a program can read it too.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from jirasim.http.access import consent
from jirasim.http.access.session import cookie
from jirasim.http.pages.frame import hidden, labelled
from jirasim.http.pages.markup import tag
from jirasim.site import logins
from jirasim.site.logins import Outcome

if TYPE_CHECKING:
    from starlette.requests import Request

    from jirasim.http.admin.sim import Controls
    from jirasim.site.state import Site

PATH = "/login.jsp"
WRONG = "Sorry, your username and password are incorrect - please try again."


def routes(controls: Controls) -> list[Route]:
    """The page and its form."""
    site = controls.site

    async def show(request: Request) -> Response:
        name = request.query_params.get("os_username", "")
        with site.lock:
            return _page(site, name, request.query_params.get("os_destination", ""))

    async def log_in(request: Request) -> Response:
        text = (await request.body()).decode("utf-8", errors="replace")
        given = dict(parse_qsl(text, keep_blank_values=True))
        with site.lock:
            return _tried(site, given)

    return [Route(PATH, show, methods=["GET"]), Route(PATH, log_in, methods=["POST"])]


def word(site: Site, name: str) -> str:
    """What must be typed; empty where no CAPTCHA is asked for.  Another after each failure."""
    user = site.find_login(name)
    if user is None or not logins.must_solve(site, user):
        return ""
    seen = f"{site.state.seed} {user.account_id} {logins.record(site, user).failed_ever}"
    return hashlib.sha256(seen.encode()).hexdigest()[:6]


def _tried(site: Site, given: dict[str, str]) -> Response:
    name, goal = given.get("os_username", ""), given.get("os_destination", "")
    wanted = word(site, name)
    solved = bool(wanted) and given.get("os_captcha") == wanted
    outcome, user = logins.try_password(site, name, given.get("os_password", ""), solved=solved)
    if outcome is not Outcome.OK or user is None:
        answer = _page(site, name, goal, problem=WRONG)
        answer.headers["X-Seraph-LoginReason"] = outcome.value
        return answer
    local = goal.startswith("/") and not goal.startswith(("//", "/\\"))
    answer = RedirectResponse(site.product.context + (goal if local else "/"), 302)
    answer.headers["Set-Cookie"] = cookie(site, logins.open_session(site, user))
    answer.headers["X-Seraph-LoginReason"] = outcome.value
    return answer


def _page(site: Site, name: str, goal: str, *, problem: str = "") -> Response:
    wanted = word(site, name)
    captcha = [
        tag("p", "Please type the word ", tag("code", wanted, id="captcha")),
        labelled("Word", tag("input", name="os_captcha", autocomplete="off")),
    ]
    form = tag(
        "form",
        labelled("Username", tag("input", name="os_username", value=name)),
        labelled("Password", tag("input", name="os_password", type="password")),
        captcha if wanted else None,
        hidden("os_destination", goal),
        tag("button", "Log In"),
        method="post",
        action=f"{site.product.context}{PATH}",
    )
    said = [tag("p", problem, role="alert")] if problem else []
    return consent.document(site, "Log in", [*said, form])
