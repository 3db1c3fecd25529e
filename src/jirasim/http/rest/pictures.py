"""Avatars and icons: their pictures, and the lists of them."""

from collections.abc import Callable, Mapping
from pathlib import PurePath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.metadata import found
from jirasim.site.errors import Refusal
from jirasim.site.product import on_cloud, on_server
from jirasim.site.state import Site
from jirasim.wire import pictures
from jirasim.wire.entities import (
    AVATAR_PARAMETER,
    Json,
    project_avatar_id,
    type_avatar_id,
    user_avatar_id,
)

SIZES = {"xsmall": 16, "small": 24, "medium": 32, "large": 48, "xlarge": 96, "xxlarge": 192}
USUAL = 48
SVG, PNG = "image/svg+xml", "image/png"
KEPT = {"Cache-Control": "private, max-age=3600"}
Name = Callable[[Site, str], str]


def user_name(site: Site, avatar: str) -> str:
    """Whose avatar this is; empty where it is nobody's."""
    users = site.state.users.values()
    return next((one.display_name for one in users if user_avatar_id(one) == avatar), "")


def project_name(site: Site, avatar: str) -> str:
    """Which project has this avatar."""
    projects = site.state.projects.values()
    return next((one.name for one in projects if str(project_avatar_id(one)) == avatar), "")


def type_name(site: Site, avatar: str) -> str:
    """Which issue type has this avatar."""
    types = site.state.issue_types.values()
    return next((one.name for one in types if str(type_avatar_id(one)) == avatar), "")


NAMES: Mapping[str, Name] = {
    "user": user_name,
    "project": project_name,
    "issuetype": type_name,
    "priority": lambda site, avatar: getattr(site.state.priorities.get(avatar), "name", ""),
}


def view(call: Call) -> Answer:
    """GET /universal_avatar/view/type/{type}[/avatar/{id}]: a picture of the size asked for."""
    kind = _kind(call)
    avatar = call.params.get("id", "")
    name = NAMES[kind](call.site, avatar) if avatar else ""
    return _picture(kind, name or kind, call.query)


def view_of_owner(call: Call) -> Answer:
    """GET /universal_avatar/view/type/{type}/owner/{id}"""
    kind, owner = _kind(call), call.params["id"]
    state = call.site.state
    owners: Mapping[str, Mapping[str, object]] = {
        "user": state.users,
        "project": state.projects,
        "issuetype": state.issue_types,
        "priority": state.priorities,
    }
    found = owners[kind].get(owner)
    if found is None:
        raise Refusal(404, "The avatar was not found.")
    name = getattr(found, "display_name", "") or getattr(found, "name", "")
    return _picture(kind, name, call.query)


def _kind(call: Call) -> str:
    kind = call.params["type"]
    if kind not in NAMES:
        raise Refusal(404, f"There are no avatars of the type '{kind}'.")
    return kind


def _picture(kind: str, name: str, query: Mapping[str, str]) -> Answer:
    size = _size(query.get("size", ""))
    if query.get("format") == "png":
        body, media = pictures.png(pictures.colour_of(name), size), PNG
    else:
        body, media = drawn(kind, name, size), SVG
    return Answer(body, headers={**KEPT, "Content-Type": media})


def drawn(kind: str, name: str, size: int) -> bytes:
    """The picture of a kind of thing as SVG."""
    if kind == "issuetype":
        return pictures.issue_type(name, size=size)
    if kind == "priority":
        return pictures.priority(name)
    return pictures.initials(name, size=size, round_=kind == "user")


def _size(said: str) -> int:
    if said.isdecimal() and len(said) < 9:
        return min(max(int(said), 16), 256)
    return SIZES.get(said.partition("@")[0], USUAL)


def system(call: Call) -> Answer:
    """GET /avatar/{type}/system."""
    kind = _kind(call)
    return Answer({"system": [_listed(call, kind, one) for one in _known(call, kind)]})


def of_owner(call: Call) -> Answer:
    """GET /universal_avatar/type/{type}/owner/{id}: nobody has pictures of their own here."""
    kind = _kind(call)
    rows = [_listed(call, kind, one) for one in _known(call, kind)]
    return Answer({"system": rows, "custom": []})


def of_user(call: Call) -> Answer:
    """GET /user/avatars of Server."""
    rows = [_listed(call, "user", one) for one in _known(call, "user")]
    return Answer({"system": rows, "custom": []})


def of_project(call: Call) -> Answer:
    """GET /project/{project}/avatars."""
    chosen = str(project_avatar_id(found(call)))
    rows = [_listed(call, "project", one) for one in _known(call, "project")]
    return Answer(
        {"system": [{**one, "isSelected": one["id"] == chosen} for one in rows], "custom": []}
    )


def _known(call: Call, kind: str) -> list[str]:
    state = call.site.state
    if kind == "user":
        return [user_avatar_id(one) for one in state.users.values() if one.active]
    if kind == "project":
        return list(dict.fromkeys(str(project_avatar_id(one)) for one in state.projects.values()))
    if kind == "issuetype":
        return list(dict.fromkeys(str(type_avatar_id(one)) for one in state.issue_types.values()))
    return list(state.priorities)


def _listed(call: Call, kind: str, avatar: str) -> Json:
    base = f"{call.site.base_url}/secure/viewavatar"
    urls = {
        size: f"{base}?{'&'.join(filter(None, (said, f'avatarId={avatar}', f'avatarType={kind}')))}"
        for size, said in AVATAR_PARAMETER.items()
    }
    flags = {"isSystemAvatar": True, "isSelected": False, "isDeletable": False}
    return {"id": avatar, **flags, "urls": urls}


def routes(site: Site) -> list[Route]:
    """The addresses outside of REST: icons by name, and avatars as older bodies name them."""

    async def icon(request: Request) -> Response:
        kind, name = request.path_params["kind"], PurePath(request.path_params["file"]).stem
        sort = {"priorities": "priority", "issuetypes": "issuetype"}.get(kind, "project")
        return Response(drawn(sort, name.removesuffix("_new"), 16), 200, KEPT, SVG)

    async def avatar(request: Request) -> Response:
        query, path = request.query_params, request.url.path
        kind = "user" if path.endswith("useravatar") else query.get("avatarType", "project")
        kind = kind if kind in NAMES else "project"
        wanted = query.get("avatarId") or query.get("ownerId") or query.get("pid") or ""
        with site.lock:
            name = NAMES[kind](site, wanted) or kind
        return Response(drawn(kind, name, _size(query.get("size", ""))), 200, KEPT, SVG)

    return [
        Route("/images/icons/{kind}/{file}", icon, methods=["GET"]),
        *(
            Route(f"/secure/{name}", avatar, methods=["GET"])
            for name in ("useravatar", "projectavatar", "viewavatar")
        ),
    ]


VIEW = "/universal_avatar/view/type/{type}"
ENDPOINTS = (
    Endpoint("GET", VIEW, view, anonymous=True, on=on_cloud),
    Endpoint("GET", f"{VIEW}/avatar/{{id}}", view, anonymous=True, on=on_cloud),
    Endpoint("GET", f"{VIEW}/owner/{{id}}", view_of_owner, anonymous=True, on=on_cloud),
    Endpoint("GET", "/avatar/{type}/system", system, anonymous=True),
    Endpoint("GET", "/universal_avatar/type/{type}/owner/{id}", of_owner, anonymous=True),
    Endpoint("GET", "/project/{project}/avatars", of_project, anonymous=True),
    Endpoint("GET", "/user/avatars", of_user, on=on_server),
)
