"""A page to act as a Jira user: the same rules as REST, through the same site methods.

Visits are not counted as calls.  Looks are in `page_views`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, unquote

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from jirasim.faults import BadScript
from jirasim.http import multipart
from jirasim.http.admin.body import BadRequest
from jirasim.http.pages import boards as page_boards
from jirasim.http.pages import issue as page_issue
from jirasim.http.pages import machine as page_machine
from jirasim.http.pages import views as page_views
from jirasim.http.pages.deeds import DEEDS, Act, Deed, seen_project
from jirasim.http.pages.frame import STYLE, Visit
from jirasim.site import boards, issues
from jirasim.site.errors import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request

    from jirasim.http.admin.sim import Controls
    from jirasim.site.attachments import Upload

COOKIE: Final = "jirasim_actor"
CSS: Final = Path(__file__).with_name("static") / "page.css"
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
NOBODY: Final = "Choose above whom to act as."


Look = Callable[[Visit, Mapping[str, str]], str]


def routes(controls: Controls) -> list[Route]:
    """All pages and the forms on them."""
    looks = [_look(controls, path, show) for path, show in LOOKS.items()]
    deeds = [_deed(controls, path, act) for path, act in DEEDS.items()]
    turns = [_turn(controls, path, turn) for path, turn in page_machine.TURNS.items()]
    return [*looks, *deeds, *turns, _switch(controls), Route(STYLE, _style, methods=["GET"])]


async def _style(_: Request) -> Response:
    return Response(CSS.read_bytes(), media_type="text/css")


def _look(controls: Controls, path: str, show: Look) -> Route:
    async def serve(request: Request) -> Response:
        visit = _visit(controls, request)
        with controls.site.lock:
            try:
                return HTMLResponse(show(visit, request.path_params), headers=HEADERS)
            except Refusal as refusal:
                return _refused(visit, refusal)

    return Route(path, serve, methods=["GET"])


def _deed(controls: Controls, path: str, act: Act) -> Route:
    async def serve(request: Request) -> Response:
        visit = _visit(controls, request)
        try:
            values, files = await _sent(request)
        except Refusal as refusal:
            return _refused(visit, refusal)
        if visit.actor is None:
            return _refused(visit, Refusal(403, NOBODY))
        with controls.site.lock:
            try:
                goal = act(Deed(controls.site, visit.actor, request.path_params, values, files))
            except Refusal as refusal:
                return _refused(visit, refusal)
        return RedirectResponse(goal, 303, HEADERS)

    return Route(path, serve, methods=["POST"])


def _turn(controls: Controls, path: str, turn: page_machine.Turn) -> Route:
    async def serve(request: Request) -> Response:
        values = {**await _form(request), **request.path_params}
        try:
            goal = turn(controls, values)
        except (BadRequest, BadScript) as error:
            return _refused(_visit(controls, request), Refusal(400, str(error)))
        return RedirectResponse(goal, 303, HEADERS)

    return Route(path, serve, methods=["POST"])


def _switch(controls: Controls) -> Route:
    async def serve(request: Request) -> Response:
        values = await _form(request)
        goal = values.get("next", "/")
        local = goal.startswith("/") and not goal.startswith(("//", "/\\"))
        answer = RedirectResponse(goal if local else "/", 303, HEADERS)
        if values.get("account_id") in controls.site.state.users:
            answer.set_cookie(
                COOKIE, quote(values["account_id"], safe=""), httponly=True, samesite="strict"
            )
        return answer

    return Route("/act", serve, methods=["POST"])


def _visit(controls: Controls, request: Request) -> Visit:
    chosen = unquote(request.cookies.get(COOKIE, ""))
    actor = controls.site.state.users.get(chosen)
    return Visit(controls, actor, request.url.path)


async def _form(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", errors="replace")
    return dict(parse_qsl(body, keep_blank_values=True))


async def _sent(request: Request) -> tuple[dict[str, str], tuple[Upload, ...]]:
    """The values of a form, or the files of one that has them."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return await _form(request), ()
    return {}, tuple(multipart.files(kind, await request.body()))


def _refused(visit: Visit, refusal: Refusal) -> Response:
    """The reason, in the words that REST would give."""
    reasons = [*refusal.messages, *(f"{name}: {why}" for name, why in refusal.fields.items())]
    told = replace(visit, path="/", problem=" ".join(reasons))
    title = "Not found" if refusal.status == 404 else "Refused"
    return HTMLResponse(page_views.refused_page(told, title), refusal.status, HEADERS)


def show_overview(visit: Visit, _: Mapping[str, str]) -> str:
    return page_views.overview(visit)


def show_project(visit: Visit, path: Mapping[str, str]) -> str:
    return page_views.project_page(
        visit, seen_project(visit.controls.site, visit.actor, path["key"])
    )


def show_issue(visit: Visit, path: Mapping[str, str]) -> str:
    found = issues.visible(visit.controls.site, visit.actor, path["key"])
    return page_issue.issue_page(visit, found)


def show_webhooks(visit: Visit, _: Mapping[str, str]) -> str:
    return page_machine.webhooks_page(visit)


def show_calls(visit: Visit, _: Mapping[str, str]) -> str:
    return page_views.calls_page(visit)


def show_boards(visit: Visit, _: Mapping[str, str]) -> str:
    return page_boards.boards_page(visit)


def show_board(visit: Visit, path: Mapping[str, str]) -> str:
    found = boards.visible(visit.controls.site, visit.actor, path["board"])
    return page_boards.board_page(visit, found)


def show_machine(visit: Visit, _: Mapping[str, str]) -> str:
    return page_machine.machine_page(visit)


LOOKS: Final[Mapping[str, Look]] = {
    "/": show_overview,
    "/projects/{key}": show_project,
    "/browse/{key}": show_issue,
    "/boards": show_boards,
    "/boards/{board}": show_board,
    "/webhooks": show_webhooks,
    "/machine": show_machine,
    "/calls": show_calls,
}
