"""What the site is: version and switches."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.time_tracking import measure_json
from jirasim.site.errors import Refusal
from jirasim.site.permissions import is_administrator
from jirasim.site.product import Product, on_server
from jirasim.site.state import Site
from jirasim.wire.entities import Json

BUILT = datetime(2026, 6, 8, 9, 30, tzinfo=UTC)


def server_info(call: Call) -> Answer:
    """GET /serverInfo: answered to anybody; without `serverTime` for nobody (jira.md 1)."""
    base, wire = call.site.base_url, call.wire
    body: Json = {
        "baseUrl": base,
        "version": call.product.written_version,
        "versionNumbers": list(call.product.version),
        "deploymentType": "Cloud" if call.product.cloud else "Server",
        "buildNumber": build_number(call.product),
        "buildDate": wire.stamp(BUILT),
        "scmInfo": "0000000000000000000000000000000000000000",
        "serverTitle": call.site.state.title,
    }
    if call.product.cloud:
        names = ("displayUrl", "displayUrlServicedeskHelpCenter", "displayUrlConfluence")
        body |= dict.fromkeys(names, base)
        body |= {"defaultLocale": {"locale": "en_US"}}
        body |= {"serverTimeZone": call.site.state.time_zone}
    return Answer(
        body if call.caller is None else {**body, "serverTime": wire.stamp(call.site.now())}
    )


def build_number(product: Product) -> int:
    """Server's follows from its version: 10.3.24 is 10030024, 9.12.2 is 9120002, 8.17.1 817001."""
    if product.cloud:
        return 100290
    major, minor, patch = product.version[:3]
    if major >= 10:
        return int(f"{major}{minor:02}{patch:04}")
    return int(f"{major}{minor}{patch:0{4 if major == 9 else 3}}")


def set_base_url(call: Call) -> Answer:
    """PUT /settings/baseUrl: where all links point from now on, until the simulator ends."""
    if not is_administrator(call.user):
        raise Refusal(403, "You do not have permission to change the base URL.")
    raw = call.raw_body.decode(errors="replace").strip().strip('"')
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise Refusal(400, "The base URL is not valid.")
    call.site.base_url = raw.rstrip("/")
    return Answer()


def configuration(call: Call) -> Answer:
    """GET /configuration: what is switched on, and how time is counted."""
    on, measure = call.site.state.settings, call.site.state.measure
    return Answer(
        {
            "votingEnabled": on.voting,
            "watchingEnabled": on.watching,
            "unassignedIssuesAllowed": True,
            "subTasksEnabled": on.subtasks,
            "issueLinkingEnabled": on.linking,
            "timeTrackingEnabled": on.time_tracking,
            "attachmentsEnabled": on.attachments,
            "timeTrackingConfiguration": measure_json(measure),
        }
    )


def tenant_info(site: Site) -> Callable[[Request], Awaitable[Response]]:
    """GET /_edge/tenant_info: the cloud id, without authentication."""

    async def serve(_: Request) -> Response:
        return JSONResponse({"cloudId": site.state.cloud_id})

    return serve


ENDPOINTS = (
    Endpoint("GET", "/serverInfo", server_info, anonymous=True),
    Endpoint("GET", "/configuration", configuration, anonymous=True),
    Endpoint("PUT", "/settings/baseUrl", set_base_url, on=on_server),
)
