"""`/rest/jira-webhook/1.0/webhooks`: admin webhooks of Data Center 10 and later (jira.md 7.1).

What is special is said in `configuration`, as text: `SECRET`, `EXCLUDE_BODY`, `FILTERS`.  A
`secret` beside it is ignored.  `filters` and `excludeBody` beside it count as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint, Server, respond
from jirasim.http.faulty import answered
from jirasim.http.rest import webhook_fields
from jirasim.http.rest.webhook_fields import SECTION, found, kept, require_administrator
from jirasim.site.errors import Refusal
from jirasim.site.hooks import Webhook
from jirasim.webhooks.statistics import Invocations, latest, statistics

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from jirasim.faults import Script
    from jirasim.wire.entities import Json

BASE: Final = "/rest/jira-webhook/1.0"
BLANK: Final = Webhook(id="", name="", url="", events=())
SECRET, EXCLUDE_BODY, FILTERS = "SECRET", "EXCLUDE_BODY", "FILTERS"


def routes(server: Server, script: Script, invocations: Invocations) -> list[Route]:
    """The routes, and those that tell what `invocations` knows.  These calls are not counted."""
    return [_route(server, script, endpoint) for endpoint in (*ENDPOINTS, *_told(invocations))]


def _route(server: Server, script: Script, endpoint: Endpoint) -> Route:
    async def serve(request: Request) -> Response:
        body = await request.body()

        async def answer() -> Response:
            return respond(server, endpoint, request, body, version=2)

        return await answered(script, request, answer)

    return Route(f"{BASE}{endpoint.path}", serve, methods=[endpoint.method])


def list_webhooks(call: Call) -> Answer:
    """All, or those that hear of one event."""
    require_administrator(call)
    event, every = call.query.get("event"), call.site.state.webhooks.values()
    asked = [one for one in every if event is None or event in one.events]
    start, limit = call.number("start", 0), call.number("limit", len(asked))
    return Answer([_json(one) for one in asked[start : start + limit]])


def get_webhook(call: Call) -> Answer:
    return Answer(_json(found(call)))


def create_webhook(call: Call) -> Answer:
    require_administrator(call)
    return Answer(_json(kept(call, _changed(call, BLANK, call.object()))), 201)


def change_webhook(call: Call) -> Answer:
    """Change what is named; a configuration without `SECRET` keeps it."""
    return Answer(_json(kept(call, _changed(call, found(call), call.object()))))


def delete_webhook(call: Call) -> Answer:
    webhook_fields.forget(call)
    return NO_CONTENT


def transitions(call: Call) -> Answer:
    """What became of the webhook itself: nothing, here."""
    found(call)
    return Answer([])


def _told(invocations: Invocations) -> tuple[Endpoint, ...]:
    """How deliveries went: of one webhook, by event, and the newest (204 before the first)."""

    def of_webhook(call: Call) -> Answer:
        return Answer(statistics(invocations(found(call).id), call.site.now()))

    def by_event(call: Call) -> Answer:
        webhook, now = found(call), call.site.now()
        sent = invocations(webhook.id)
        return Answer(
            {
                event: statistics([one for one in sent if one.delivery.event == event], now)
                for event in webhook.events
            }
        )

    def newest(call: Call) -> Answer:
        sent = invocations(found(call).id)
        return Answer(latest(sent)) if sent else NO_CONTENT

    return (
        Endpoint("GET", "/webhooks/{id}/statistics", of_webhook),
        Endpoint("GET", "/webhooks/{id}/statistics/summary", by_event),
        Endpoint("GET", "/webhooks/{id}/latest", newest),
    )


def _changed(call: Call, before: Webhook, given: Mapping[str, object]) -> Webhook:
    after = replace(
        webhook_fields.common(call.product, before, given),
        enabled=given.get("active", before.enabled) is True,
        ssl_verification=given.get("sslVerificationRequired", before.ssl_verification) is True,
    )
    raw = given.get("configuration")
    if raw is not None:
        after = _configured(after, raw)
    return webhook_fields.checked(call, after)


def _configured(before: Webhook, raw: object) -> Webhook:
    if not isinstance(raw, Mapping):
        raise Refusal(400, "Webhook configuration must be an object.")
    return replace(
        before,
        secret=str(raw.get(SECRET, before.secret) or ""),
        exclude_body=_true(raw[EXCLUDE_BODY]) if EXCLUDE_BODY in raw else before.exclude_body,
        jql=_filter(raw[FILTERS]) if FILTERS in raw else before.jql,
    )


def _true(raw: object) -> bool:
    return str(raw).lower() == "true"


def _filter(raw: object) -> str:
    try:
        written = json.loads(raw) if isinstance(raw, str) and raw.strip() else raw
    except ValueError:
        raise Refusal(400, "Webhook filters must be an object.") from None
    return str(written.get(SECTION) or "").strip() if isinstance(written, Mapping) else ""


def _json(webhook: Webhook) -> Json:
    """As Jira shows it; the secret stays hidden."""
    return {
        "id": int(webhook.id),
        "name": webhook.name,
        "url": webhook.url,
        "createdDate": _milliseconds(webhook.created),
        "updatedDate": _milliseconds(webhook.updated),
        "events": [*webhook.events],
        "configuration": {
            EXCLUDE_BODY: str(webhook.exclude_body).lower(),
            FILTERS: json.dumps({SECTION: webhook.jql}),
        },
        "active": webhook.enabled,
        "scopeType": "global",
        "sslVerificationRequired": webhook.ssl_verification,
    }


def _milliseconds(moment: datetime | None) -> int:
    return 0 if moment is None else round(moment.timestamp() * 1000)


ENDPOINTS: Final = (
    Endpoint("GET", "/webhooks", list_webhooks),
    Endpoint("POST", "/webhooks", create_webhook),
    Endpoint("GET", "/webhooks/{id}", get_webhook),
    Endpoint("PUT", "/webhooks/{id}", change_webhook),
    Endpoint("DELETE", "/webhooks/{id}", delete_webhook),
    Endpoint("GET", "/webhooks/{id}/transitions", transitions),
)
