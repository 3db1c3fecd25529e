"""Assembles the ASGI application from route modules.  No Jira rule lives here."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
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
    link_types,
    links,
    media,
    metadata,
    notify,
    page,
    people,
    permissions,
    projects,
    properties,
    remote_links,
    search,
    server_info,
    sim,
    transitions,
    watching,
    webhook_admin,
    worklog_feeds,
    worklogs,
)
from jirasim.http.calls import Calls
from jirasim.http.endpoint import Endpoint, Server, pause, respond
from jirasim.http.faulty import answered, hangable
from jirasim.http.sim import Controls
from jirasim.site.product import Product
from jirasim.site.state import Site
from jirasim.webhooks.outbox import Outbox
from jirasim.webhooks.sender import Sender

CLOUD_VERSIONS = {"3": 3, "2": 2, "latest": 3}
SERVER_VERSIONS = {"2": 2, "latest": 2}
ENDPOINTS: tuple[Endpoint, ...] = (
    *search.ENDPOINTS,
    *bulk.ENDPOINTS,
    *metadata.ENDPOINTS,
    *issues.ENDPOINTS,
    *transitions.ENDPOINTS,
    *comments.ENDPOINTS,
    *worklogs.ENDPOINTS,
    *links.ENDPOINTS,
    *link_types.ENDPOINTS,
    *remote_links.ENDPOINTS,
    *watching.ENDPOINTS,
    *notify.ENDPOINTS,
    *attachments.ENDPOINTS,
    *worklog_feeds.ENDPOINTS,
    *properties.ENDPOINTS,
    *changelogs.ENDPOINTS,
    *projects.ENDPOINTS,
    *people.ENDPOINTS,
    *permissions.ENDPOINTS,
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
    product = controls.site.product
    routes = [*_jira(controls, product), *sim.routes(controls), *page.routes(controls)]
    if product.context:
        # The simulator's own pages answer with and without the context path.
        routes = [Mount(product.context, routes=routes), *sim.routes(controls)]
    unknown = {404: unknown_route, 405: unknown_route}
    return hangable(Starlette(routes=routes, exception_handlers=unknown))


def _jira(controls: Controls, product: Product) -> list[BaseRoute]:
    """All that a client of Jira asks for."""
    server = Server(controls.site, controls.calls)
    versions = CLOUD_VERSIONS if product.cloud else SERVER_VERSIONS
    offered = [one for one in ENDPOINTS if one.on(product)]
    mounts = [
        Mount(
            f"/rest/api/{name}",
            routes=[_route(controls, server, one, (name, version)) for one in offered],
        )
        for name, version in versions.items()
    ]
    others: list[BaseRoute] = [media.route(controls), *webhook_admin.routes(server)]
    if product.cloud:
        tenant = server_info.tenant_info(controls.site)
        others.append(Route("/_edge/tenant_info", tenant, methods=["GET"]))
    return [*mounts, *others]


def _route(controls: Controls, server: Server, endpoint: Endpoint, api: tuple[str, int]) -> Route:
    name, version = api
    template = f"/rest/api/{name}{endpoint.path}"

    async def serve(request: Request) -> Response:
        body = await request.body()
        server.calls.add(endpoint.method, template)
        await pause(server.site.state.settings.latency_ms)

        async def answer() -> Response:
            return respond(server, endpoint, request, body, version=version)

        return await answered(controls.script, request, answer)

    return Route(endpoint.path, serve, methods=[endpoint.method])


async def unknown_route(request: Request, error: Exception) -> Response:
    """What Jira says where nothing lives."""
    del error
    return JSONResponse({"message": f"null for uri: {request.url}", "status-code": 404}, 404)
