"""A page to act as a Jira user: the same rules as REST, through the same site methods.

Visits are not counted as calls.  Looks are in `page_views`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, unquote

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from jirasim.http import page_views
from jirasim.http.page_frame import STYLE, Visit
from jirasim.site import comments, issues, transitions
from jirasim.site.errors import Refusal
from jirasim.site.permissions import may
from jirasim.wire.incoming import comment_body, issue_body

if TYPE_CHECKING:
    from starlette.requests import Request

    from jirasim.http.sim import Controls
    from jirasim.site.model import Issue, Project, User
    from jirasim.site.state import Site

COOKIE: Final = "jirasim_actor"
CSS: Final = Path(__file__).with_name("static") / "page.css"
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
NOBODY: Final = "Choose above whom to act as."


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody asks for with a form: who, where, and the filled-in values."""

    site: Site
    actor: User
    path: Mapping[str, str]
    values: Mapping[str, str]

    @property
    def issue(self) -> Issue:
        """The issue of the address, if the actor sees it."""
        return issues.visible(self.site, self.actor, self.path["key"])


Look = Callable[[Visit, Mapping[str, str]], str]
Act = Callable[[Deed], str]


def routes(controls: Controls) -> list[Route]:
    """All pages and the forms on them."""
    looks = [_look(controls, path, show) for path, show in LOOKS.items()]
    deeds = [_deed(controls, path, act) for path, act in DEEDS.items()]
    return [*looks, *deeds, _switch(controls), Route(STYLE, _style, methods=["GET"])]


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
        values = await _form(request)
        visit = _visit(controls, request)
        if visit.actor is None:
            return _refused(visit, Refusal(403, NOBODY))
        with controls.site.lock:
            try:
                goal = act(Deed(controls.site, visit.actor, request.path_params, values))
            except Refusal as refusal:
                return _refused(visit, refusal)
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


def _refused(visit: Visit, refusal: Refusal) -> Response:
    """The reason, in the words that REST would give."""
    reasons = [*refusal.messages, *(f"{name}: {why}" for name, why in refusal.fields.items())]
    told = replace(visit, path="/", problem=" ".join(reasons))
    title = "Not found" if refusal.status == 404 else "Refused"
    return HTMLResponse(page_views.refused_page(told, title), refusal.status, HEADERS)


def show_overview(visit: Visit, _: Mapping[str, str]) -> str:
    return page_views.overview(visit)


def show_project(visit: Visit, path: Mapping[str, str]) -> str:
    return page_views.project_page(visit, _project(visit.controls.site, visit.actor, path["key"]))


def show_issue(visit: Visit, path: Mapping[str, str]) -> str:
    found = issues.visible(visit.controls.site, visit.actor, path["key"])
    return page_views.issue_page(visit, found)


def show_webhooks(visit: Visit, _: Mapping[str, str]) -> str:
    return page_views.webhooks_page(visit)


def show_calls(visit: Visit, _: Mapping[str, str]) -> str:
    return page_views.calls_page(visit)


def _project(site: Site, actor: User | None, key: str) -> Project:
    found = site.find_project(key)
    if found is None or not may(actor, "BROWSE_PROJECTS", found):
        raise Refusal(404, f"No project could be found with key '{key}'.")
    return found


def create(deed: Deed) -> str:
    project = _project(deed.site, deed.actor, deed.path["key"])
    fields: dict[str, object] = {
        "project": {"id": project.id},
        "issuetype": {"id": deed.values.get("issuetype", "")},
        "summary": deed.values.get("summary", ""),
    }
    if parent := deed.values.get("parent", "").strip():
        fields["parent"] = {"key": parent}
    for name, value in deed.values.items():
        if name.startswith("custom.") and value:
            fields[name.removeprefix("custom.")] = _custom(
                deed.site, name.removeprefix("custom."), value
            )
    body = issue_body(deed.site, {"fields": fields}, version=2)
    made = issues.create(deed.site, deed.actor, body)
    return f"/browse/{made.key}"


def _custom(site: Site, name: str, value: str) -> object:
    field = site.state.fields.get(name)
    match field.kind if field is not None else "":
        case "option":
            return {"id": value}
        case "number":
            return _number(value)
        case _:
            return value


def _number(value: str) -> object:
    """The number, or the text as it is, for the rules to refuse."""
    try:
        return float(value)
    except ValueError:
        return value


def edit(deed: Deed) -> str:
    """Send what was changed on the form, and nothing else."""
    issue = deed.issue
    before = page_views.editable_texts(issue)
    after = {name: value.replace("\r\n", "\n") for name, value in deed.values.items()}
    changed = {
        name: after[name] for name in before if after.get(name, before[name]) != before[name]
    }
    if changed:
        fields = {name: _decoded(deed.site, name, value) for name, value in changed.items()}
        body = issue_body(deed.site, {"fields": fields}, version=2)
        issues.edit(deed.site, deed.actor, issue, body)
    return f"/browse/{issue.key}"


def transition(deed: Deed) -> str:
    issue = deed.issue
    body: dict[str, object] = {"transition": {"id": deed.values.get("transition", "")}}
    if resolution := deed.values.get("resolution"):
        body["fields"] = {"resolution": {"id": resolution}}
    transitions.take(deed.site, deed.actor, issue, body)
    return f"/browse/{issue.key}"


def add_comment(deed: Deed) -> str:
    issue = deed.issue
    comments.add(deed.site, deed.actor, issue, _comment_body(deed))
    return f"/browse/{issue.key}"


def edit_comment(deed: Deed) -> str:
    issue = deed.issue
    comments.edit(deed.site, deed.actor, issue, deed.path["comment"], _comment_body(deed))
    return f"/browse/{issue.key}"


def delete_comment(deed: Deed) -> str:
    issue = deed.issue
    comments.remove(deed.site, deed.actor, issue, deed.path["comment"])
    return f"/browse/{issue.key}"


def delete(deed: Deed) -> str:
    issue = deed.issue
    project = deed.site.state.projects[issue.project_id]
    everything = deed.values.get("subtasks") == "true"
    issues.delete(deed.site, deed.actor, issue, with_subtasks=everything)
    return f"/projects/{project.key}"


def _comment_body(deed: Deed) -> Mapping[str, object]:
    words = deed.values.get("body", "").replace("\r\n", "\n")
    return comment_body(deed.site, {"body": words if words.strip() else None}, version=2)


def _decoded(site: Site, name: str, value: str) -> object:
    return _person(site, value) if name == "assignee" else DECODERS[name](value)


def _person(site: Site, account_id: str) -> object:
    """The account in the form in which this Jira is told of people."""
    user = site.state.users.get(account_id)
    if user is None or site.product.cloud:
        return {"accountId": account_id} if account_id else None
    return {"name": user.name}


def _by_id(value: str) -> object:
    return {"id": value} if value else None


def _text(value: str) -> object:
    return value or None


def _rich(value: str) -> object:
    return value if value.strip() else None


DECODERS: Final[Mapping[str, Callable[[str], object]]] = {
    "summary": str,
    "description": _rich,
    "priority": _by_id,
    "labels": str.split,
    "duedate": _text,
}
LOOKS: Final[Mapping[str, Look]] = {
    "/": show_overview,
    "/projects/{key}": show_project,
    "/browse/{key}": show_issue,
    "/webhooks": show_webhooks,
    "/calls": show_calls,
}
DEEDS: Final[Mapping[str, Act]] = {
    "/projects/{key}/create": create,
    "/browse/{key}/edit": edit,
    "/browse/{key}/transition": transition,
    "/browse/{key}/comment": add_comment,
    "/browse/{key}/comment/{comment}/edit": edit_comment,
    "/browse/{key}/comment/{comment}/delete": delete_comment,
    "/browse/{key}/delete": delete,
}
