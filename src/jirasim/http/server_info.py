"""What the site is: version and switches."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from jirasim.http.endpoint import Answer, Call, Endpoint
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
        "buildNumber": 100290,
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


def configuration(_: Call) -> Answer:
    """GET /configuration."""
    return Answer(
        {
            "votingEnabled": True,
            "watchingEnabled": True,
            "unassignedIssuesAllowed": True,
            "subTasksEnabled": True,
            "issueLinkingEnabled": True,
            "timeTrackingEnabled": True,
            "attachmentsEnabled": True,
            "timeTrackingConfiguration": {
                "workingHoursPerDay": 8.0,
                "workingDaysPerWeek": 5.0,
                "timeFormat": "pretty",
                "defaultUnit": "minute",
            },
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
)
