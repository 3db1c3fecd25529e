"""Assembles the ASGI application from route modules.  No Jira rule lives here."""

from collections.abc import Mapping, Sequence, Set
from functools import cache

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from jirasim.faults import Script
from jirasim.http import media
from jirasim.http.access import (
    incoming_link,
    login_page,
    oauth,
    personal_tokens,
    session,
)
from jirasim.http.addresses import tidied
from jirasim.http.admin import sim
from jirasim.http.admin.sim import Controls
from jirasim.http.agile import boards as agile_boards
from jirasim.http.agile import epics as agile_epics
from jirasim.http.agile import greenhopper
from jirasim.http.agile import properties as agile_properties
from jirasim.http.agile import sprints as agile_sprints
from jirasim.http.calls import Calls
from jirasim.http.endpoint import Endpoint, Server, date_of, pause, respond
from jirasim.http.faulty import answered, hangable
from jirasim.http.limiter import Limiter
from jirasim.http.pages import page
from jirasim.http.rest import (
    app_webhooks,
    application_properties,
    attachments,
    bulk,
    bulk_edit,
    bulk_operations,
    bulk_properties,
    catalog,
    catalog_admin,
    changelogs,
    cloud_archive,
    columns,
    comments,
    completion,
    components,
    dashboards,
    field_configurations,
    fields,
    files,
    filters,
    groups,
    instance,
    issues,
    jql,
    label_suggestions,
    limits,
    link_types,
    links,
    metadata,
    notify,
    people,
    permissions,
    pickers,
    pictures,
    project_admin,
    project_schemes,
    projects,
    properties,
    remote_links,
    roles,
    schemes,
    screens,
    search,
    search_server,
    security,
    server_info,
    time_tracking,
    transitions,
    user_admin,
    user_data,
    user_query,
    user_search,
    versions,
    watching,
    webhook_admin,
    webhook_admin_dc,
    workflows,
    worklog_feeds,
    worklogs,
)
from jirasim.site.product import Product, server_before, server_since
from jirasim.site.state import Site
from jirasim.webhooks.outbox import Outbox
from jirasim.webhooks.post import ANSWER_SECONDS
from jirasim.webhooks.sender import Sender

CLOUD_VERSIONS = {"3": 3, "2": 2, "latest": 3}
SERVER_VERSIONS = {"2": 2, "latest": 2}
ENDPOINTS: tuple[Endpoint, ...] = (
    *search.ENDPOINTS,
    *search_server.ENDPOINTS,
    *bulk.ENDPOINTS,
    *cloud_archive.ENDPOINTS,
    *metadata.ENDPOINTS,
    *pickers.ENDPOINTS,
    *issues.ENDPOINTS,
    *transitions.ENDPOINTS,
    *comments.ENDPOINTS,
    *worklogs.ENDPOINTS,
    *links.ENDPOINTS,
    *link_types.ENDPOINTS,
    *remote_links.ENDPOINTS,
    *watching.ENDPOINTS,
    *notify.ENDPOINTS,
    *bulk_operations.ENDPOINTS,
    *bulk_edit.ENDPOINTS,
    *bulk_properties.ENDPOINTS,
    *limits.ENDPOINTS,
    *attachments.ENDPOINTS,
    *workflows.ENDPOINTS,
    *worklog_feeds.ENDPOINTS,
    *properties.ENDPOINTS,
    *changelogs.ENDPOINTS,
    *projects.ENDPOINTS,
    *project_admin.ENDPOINTS,
    *project_schemes.ENDPOINTS,
    *roles.ENDPOINTS,
    *catalog_admin.ENDPOINTS,
    *catalog.ENDPOINTS,
    *security.ENDPOINTS,
    *time_tracking.ENDPOINTS,
    *components.ENDPOINTS,
    *versions.ENDPOINTS,
    *people.ENDPOINTS,
    *user_search.ENDPOINTS,
    *user_query.ENDPOINTS,
    *user_admin.ENDPOINTS,
    *user_data.ENDPOINTS,
    *columns.ENDPOINTS,
    *field_configurations.ENDPOINTS,
    *groups.ENDPOINTS,
    *permissions.ENDPOINTS,
    *schemes.ENDPOINTS,
    *screens.ENDPOINTS,
    *pictures.ENDPOINTS,
    *instance.ENDPOINTS,
    *fields.ENDPOINTS,
    *jql.ENDPOINTS,
    *completion.ENDPOINTS,
    *filters.ENDPOINTS,
    *dashboards.ENDPOINTS,
    *application_properties.ENDPOINTS,
    *server_info.ENDPOINTS,
    *app_webhooks.ENDPOINTS,
)

AROUND = {
    "/secure": files.ENDPOINTS,
    "/rest/auth/1": session.ENDPOINTS,
    "/rest/auth/latest": session.ENDPOINTS,
    "/rest/pat/latest": personal_tokens.ENDPOINTS,
    "/rest/pat/1.0": personal_tokens.ENDPOINTS,
    "/rest/api/1.0": label_suggestions.ENDPOINTS,
    "/rest/greenhopper/1.0": greenhopper.ENDPOINTS,
    "/rest/greenhopper/latest": greenhopper.ENDPOINTS,
}
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"})


AGILE_ENDPOINTS: tuple[Endpoint, ...] = (
    *agile_boards.ENDPOINTS,
    *agile_sprints.ENDPOINTS,
    *agile_epics.ENDPOINTS,
    *agile_properties.ENDPOINTS,
)
SOFTWARE_ENDPOINTS: tuple[Endpoint, ...] = (
    *agile_boards.SOFTWARE_ENDPOINTS,
    *agile_sprints.SOFTWARE_ENDPOINTS,
    *agile_epics.SOFTWARE_ENDPOINTS,
)
JIRA_SOFTWARE = {
    "/rest/agile/1.0": AGILE_ENDPOINTS,
    "/rest/agile/latest": AGILE_ENDPOINTS,
    "/rest/software/1.0": SOFTWARE_ENDPOINTS,
}
"""The APIs of Jira Software, which write rich text as version 2 does."""


def operations(product: Product) -> list[str]:
    """Every `METHOD /path` that this Jira answers, in the newest version of each API."""
    versions = CLOUD_VERSIONS if product.cloud else SERVER_VERSIONS
    moved = server_since(10)(product)
    admin = webhook_admin_dc if moved else webhook_admin
    tables = {
        f"/rest/api/{max(versions.values())}": ENDPOINTS,
        **JIRA_SOFTWARE,
        **AROUND,
        admin.BASE: admin.ENDPOINTS,
    }
    return [
        f"{one.method} {base}{one.path}"
        for base, endpoints in tables.items()
        if not base.endswith("/latest")
        for one in endpoints
        if one.on(product)
    ]


def assemble(site: Site) -> Controls:
    """The parts of one simulator around its site; webhooks are sent from now on."""
    sender = Sender(site.clock, seed=site.state.seed)
    site.subscribe(Outbox(site, sender))
    return Controls(site, Calls(), Script(), sender, Limiter(site))


def create_app(controls: Controls) -> ASGIApp:
    """The whole site as an ASGI application, to be run by uvicorn."""
    product = controls.site.product
    server = Server(controls.site, controls.calls, controls.limiter)
    own = [*sim.routes(controls), *page.routes(controls)]
    routes = [*_jira(controls, server), *own]
    if product.context:
        # The simulator's own pages answer with and without the context path.
        routes = [Mount(product.context, routes=routes), *own]
    unknown = {404: unknown_route, 405: unknown_route}
    app = Starlette(routes=routes, exception_handlers=unknown)
    app.state.controls, app.state.server = controls, server
    return hangable(tidied(app))


def _jira(controls: Controls, server: Server) -> list[BaseRoute]:
    """All that a client of Jira asks for."""
    product = controls.site.product
    api = _apis(product)
    others: list[BaseRoute] = [
        media.route(controls),
        *_webhook_admin(controls, server),
    ]
    if product.cloud:
        tenant = server_info.tenant_info(controls.site)
        others.append(Route("/_edge/tenant_info", tenant, methods=["GET"]))
        others += [Mount("/ex/jira/{cloud_id}", routes=api), *oauth.routes(controls)]
    else:
        others += [*login_page.routes(controls), *incoming_link.routes(controls)]
    shown = pictures.routes(controls.site)
    return [*api, *shown, *_around(product), *others]


@cache
def _apis(product: Product) -> tuple[Mount, ...]:
    """The versions of the platform's API and those of Jira Software, the same for every site."""
    versions = CLOUD_VERSIONS if product.cloud else SERVER_VERSIONS
    tables = {(f"/rest/api/{name}", version): ENDPOINTS for name, version in versions.items()}
    tables |= {(base, 2): endpoints for base, endpoints in JIRA_SOFTWARE.items()}
    return _mounted(product, tables)


@cache
def _around(product: Product) -> tuple[Mount, ...]:
    latest = max((CLOUD_VERSIONS if product.cloud else SERVER_VERSIONS).values())
    return _mounted(product, {(base, latest): endpoints for base, endpoints in AROUND.items()})


def _mounted(
    product: Product, tables: Mapping[tuple[str, int], Sequence[Endpoint]]
) -> tuple[Mount, ...]:
    return tuple(
        _mount([one for one in endpoints if one.on(product)], api)
        for api, endpoints in tables.items()
    )


def _mount(endpoints: Sequence[Endpoint], api: tuple[str, int]) -> Mount:
    """One API: its endpoints, and for each of their paths the answer to other methods."""
    routes = [_route(one, api) for one in endpoints]
    methods: dict[str, set[str]] = {}
    for one in endpoints:
        methods.setdefault(one.path, set()).add(one.method)
    return Mount(api[0], routes=[*routes, *(other_methods(*one) for one in methods.items())])


def _webhook_admin(controls: Controls, server: Server) -> list[Route]:
    """Data Center 10 has moved the administration of webhooks (jira.md 7.1)."""
    if server_since(10)(controls.site.product):
        return webhook_admin_dc.routes(server, controls.script, controls.sender.attempts)
    return webhook_admin.routes(server, controls.script)


def _route(endpoint: Endpoint, api: tuple[str, int]) -> Route:
    base, version = api
    template = f"{base}{endpoint.path}"

    async def serve(request: Request) -> Response:
        controls: Controls = request.app.state.controls
        server: Server = request.app.state.server
        body = await request.body()
        server.calls.add(endpoint.method, template)
        await pause(server.site.state.settings.latency_ms)

        async def answer() -> Response:
            response = respond(server, endpoint, request, body, version=version)
            await _webhooks_sent(controls)
            return response

        response = await answered(controls.script, request, answer)
        response.headers.setdefault("Date", date_of(server.site))  # refusals on script tell it, too
        return response

    return Route(endpoint.path, serve, methods=[endpoint.method])


async def _webhooks_sent(controls: Controls) -> None:
    """Server before 10 may send in the request: its answer waits for the receivers (7.5)."""
    state = controls.site.state
    if state.settings.webhooks_in_request and server_before(10)(state.product):
        await run_in_threadpool(controls.sender.wait_until_idle, ANSWER_SECONDS)


def other_methods(path: str, methods: Set[str]) -> Route:
    """OPTIONS says what there is; any other method is 405."""
    heads = {"HEAD"} if "GET" in methods else set()
    allowed = {"Allow": ",".join(sorted({*methods, *heads, "OPTIONS"}))}

    async def serve(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(None, 200, allowed)
        body = {"message": "HTTP 405 Method Not Allowed", "status-code": 405}
        return JSONResponse(body, 405, allowed)

    return Route(path, serve, methods=sorted(METHODS - methods - heads))


async def unknown_route(request: Request, error: Exception) -> Response:
    """What Jira says where nothing lives."""
    del error
    return JSONResponse({"message": f"null for uri: {request.url}", "status-code": 404}, 404)
