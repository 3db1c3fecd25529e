"""Assembles the ASGI application from route modules.  No Jira rule lives here."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from jirasim.http import (
    bulk,
    changelogs,
    comments,
    fields,
    issues,
    jql,
    metadata,
    people,
    projects,
    properties,
    search,
    server_info,
    transitions,
)
from jirasim.http.calls import Calls
from jirasim.http.endpoint import Endpoint, Server, pause, respond
from jirasim.site.state import Site

VERSIONS = {"3": 3, "2": 2, "latest": 3}
ENDPOINTS: tuple[Endpoint, ...] = (
    *search.ENDPOINTS,
    *bulk.ENDPOINTS,
    *metadata.ENDPOINTS,
    *issues.ENDPOINTS,
    *transitions.ENDPOINTS,
    *comments.ENDPOINTS,
    *properties.ENDPOINTS,
    *changelogs.ENDPOINTS,
    *projects.ENDPOINTS,
    *people.ENDPOINTS,
    *fields.ENDPOINTS,
    *jql.ENDPOINTS,
    *server_info.ENDPOINTS,
)


def create_app(
    site: Site,
    *,
    latency_ms: float = 0,
    calls: Calls | None = None,
    extra: Sequence[BaseRoute] = (),
) -> Starlette:
    """The whole site as an ASGI application.

    `extra` are routes that are not Jira's REST API: the admin API, webhook administration, pages.
    """
    server = Server(site, calls or Calls(), latency_ms)
    mounts = [
        Mount(
            f"/rest/api/{name}", routes=[_route(server, endpoint, name) for endpoint in ENDPOINTS]
        )
        for name in VERSIONS
    ]
    tenant = Route("/_edge/tenant_info", server_info.tenant_info(site), methods=["GET"])
    return Starlette(
        routes=[*mounts, tenant, *extra],
        exception_handlers={404: unknown_route, 405: unknown_route},
    )


def _route(server: Server, endpoint: Endpoint, name: str) -> Route:
    template = f"/rest/api/{name}{endpoint.path}"

    async def serve(request: Request) -> Response:
        body = await request.body()
        server.calls.add(endpoint.method, template)
        await pause(server.latency_ms)
        return respond(server, endpoint, request, body, version=VERSIONS[name])

    return Route(endpoint.path, serve, methods=[endpoint.method])


async def unknown_route(request: Request, error: Exception) -> Response:
    """What Jira says where nothing lives."""
    del error
    return JSONResponse({"message": f"null for uri: {request.url}", "status-code": 404}, 404)
