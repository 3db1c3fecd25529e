"""Assembles the ASGI application from route modules.  No Jira rule lives here."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from jirasim.faults import Script
from jirasim.http import (
    attachments,
    bulk,
    changelogs,
    comments,
    fields,
    issues,
    jql,
    links,
    media,
    metadata,
    page,
    people,
    projects,
    properties,
    search,
    server_info,
    sim,
    transitions,
    webhook_admin,
    worklog_feeds,
    worklogs,
)
from jirasim.http.calls import Calls
from jirasim.http.endpoint import Endpoint, Server, pause, respond
from jirasim.http.faulty import answered, hangable
from jirasim.http.sim import Controls
from jirasim.site.state import Site
from jirasim.webhooks.outbox import Outbox
from jirasim.webhooks.sender import Sender

VERSIONS = {"3": 3, "2": 2, "latest": 3}
ENDPOINTS: tuple[Endpoint, ...] = (
    *search.ENDPOINTS,
    *bulk.ENDPOINTS,
    *metadata.ENDPOINTS,
    *issues.ENDPOINTS,
    *transitions.ENDPOINTS,
    *comments.ENDPOINTS,
    *worklogs.ENDPOINTS,
    *links.ENDPOINTS,
    *attachments.ENDPOINTS,
    *worklog_feeds.ENDPOINTS,
    *properties.ENDPOINTS,
    *changelogs.ENDPOINTS,
    *projects.ENDPOINTS,
    *people.ENDPOINTS,
    *fields.ENDPOINTS,
    *jql.ENDPOINTS,
    *server_info.ENDPOINTS,
)


def assemble(site: Site) -> Controls:
    """The parts of one simulator around its site; webhooks are sent from now on."""
    sender = Sender(site.clock, seed=site.state.seed)
    site.subscribe(Outbox(site, sender))
    return Controls(site, Calls(), Script(), sender)


def create_app(controls: Controls) -> ASGIApp:
    """The whole site as an ASGI application, to be run by uvicorn."""
    server = Server(controls.site, controls.calls)
    mounts = [
        Mount(
            f"/rest/api/{name}",
            routes=[_route(controls, server, endpoint, name) for endpoint in ENDPOINTS],
        )
        for name in VERSIONS
    ]
    tenant = Route("/_edge/tenant_info", server_info.tenant_info(controls.site), methods=["GET"])
    files = media.route(controls)
    others = [files, *webhook_admin.routes(server), *sim.routes(controls), *page.routes(controls)]
    unknown = {404: unknown_route, 405: unknown_route}
    return hangable(Starlette(routes=[*mounts, tenant, *others], exception_handlers=unknown))


def _route(controls: Controls, server: Server, endpoint: Endpoint, name: str) -> Route:
    template = f"/rest/api/{name}{endpoint.path}"

    async def serve(request: Request) -> Response:
        body = await request.body()
        server.calls.add(endpoint.method, template)
        await pause(server.site.state.settings.latency_ms)

        async def answer() -> Response:
            return respond(server, endpoint, request, body, version=VERSIONS[name])

        return await answered(controls.script, request, answer)

    return Route(endpoint.path, serve, methods=[endpoint.method])


async def unknown_route(request: Request, error: Exception) -> Response:
    """What Jira says where nothing lives."""
    del error
    return JSONResponse({"message": f"null for uri: {request.url}", "status-code": 404}, 404)
