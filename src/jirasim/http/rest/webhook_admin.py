"""`/rest/webhooks/1.0/webhook`: admin webhooks of Cloud and of Server before 10 (jira.md 7.1).

Only Cloud has secrets.  Server also takes the names of its first version: `jqlFilter` and
`excludeIssueDetails`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint, Server, respond
from jirasim.http.faulty import answered
from jirasim.http.rest import webhook_fields
from jirasim.http.rest.webhook_fields import SECTION, found, kept, require_administrator
from jirasim.site.hooks import Webhook

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from jirasim.faults import Script
    from jirasim.wire.entities import Json

BASE: Final = "/rest/webhooks/1.0"
BLANK: Final = Webhook(id="", name="", url="", events=())


def routes(server: Server, script: Script) -> list[Route]:
    """The routes of webhook administration.  These calls are not counted."""
    return [_route(server, script, endpoint) for endpoint in ENDPOINTS]


def _route(server: Server, script: Script, endpoint: Endpoint) -> Route:
    async def serve(request: Request) -> Response:
        body = await request.body()

        async def answer() -> Response:
            return respond(server, endpoint, request, body, version=2)

        return await answered(script, request, answer)

    return Route(f"{BASE}{endpoint.path}", serve, methods=[endpoint.method])


def list_webhooks(call: Call) -> Answer:
    require_administrator(call)
    return Answer([_json(call, one) for one in call.site.state.webhooks.values()])


def get_webhook(call: Call) -> Answer:
    return Answer(_json(call, found(call)))


def create_webhook(call: Call) -> Answer:
    require_administrator(call)
    body = _json(call, kept(call, _changed(call, BLANK, call.object())))
    return Answer(body, 201, {"Location": str(body["self"])})


def change_webhook(call: Call) -> Answer:
    """Change what is named; leaving `secret` out keeps it."""
    return Answer(_json(call, kept(call, _changed(call, found(call), call.object()))))


def delete_webhook(call: Call) -> Answer:
    webhook_fields.forget(call)
    return NO_CONTENT


def _changed(call: Call, before: Webhook, given: Mapping[str, object]) -> Webhook:
    given = given if call.product.cloud else _first_names(given)
    after = replace(
        webhook_fields.common(call.product, before, given),
        enabled=given.get("enabled", before.enabled) is True,
    )
    if call.product.cloud:
        after = replace(after, secret=str(given.get("secret", before.secret) or ""))
    return webhook_fields.checked(call, after)


def _first_names(given: Mapping[str, object]) -> Mapping[str, object]:
    """With the names of today for those of Server's first version."""
    older: dict[str, object] = {}
    if "jqlFilter" in given:
        older["filters"] = {SECTION: given["jqlFilter"]}
    if "excludeIssueDetails" in given:
        older["excludeBody"] = given["excludeIssueDetails"]
    return {**older, **given}


def _json(call: Call, webhook: Webhook) -> Json:
    author = call.site.state.users.get(webhook.updated_by)
    body: Json = {
        "name": webhook.name,
        "url": webhook.url,
        "excludeBody": webhook.exclude_body,
        "filters": {SECTION: webhook.jql},
        "events": [*webhook.events],
        "enabled": webhook.enabled,
        "self": f"{call.site.base_url}{BASE}/webhook/{webhook.id}",
        "lastUpdatedUser": webhook.updated_by,
        "lastUpdatedDisplayName": "" if author is None else author.display_name,
        "lastUpdated": None
        if webhook.updated is None
        else round(webhook.updated.timestamp() * 1000),
    }
    if call.product.cloud:
        return {**body, "isSigned": bool(webhook.secret)}
    return {**body, "lastUpdatedUser": "" if author is None else author.key}


ENDPOINTS: Final = (
    Endpoint("GET", "/webhook", list_webhooks),
    Endpoint("POST", "/webhook", create_webhook),
    Endpoint("GET", "/webhook/{id}", get_webhook),
    Endpoint("PUT", "/webhook/{id}", change_webhook),
    Endpoint("DELETE", "/webhook/{id}", delete_webhook),
)
