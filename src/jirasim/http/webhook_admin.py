"""`/rest/webhooks/1.0/webhook`: admin ("system") webhooks (jira.md 7.1).  Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.routing import Route

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint, Server, respond
from jirasim.jql import JqlError, parse
from jirasim.site.errors import Refusal
from jirasim.site.model import Webhook
from jirasim.site.permissions import is_administrator
from jirasim.site.search import context_of
from jirasim.webhooks.events import EVENTS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from jirasim.wire.entities import Json

BASE: Final = "/rest/webhooks/1.0"
SECTION: Final = "issue-related-events-section"
ADMINISTRATORS_ONLY: Final = "You do not have permission to administer webhooks."


def routes(server: Server) -> list[Route]:
    """The routes of webhook administration.  These calls are not counted."""
    return [_route(server, endpoint) for endpoint in ENDPOINTS]


def _route(server: Server, endpoint: Endpoint) -> Route:
    async def serve(request: Request) -> Response:
        body = await request.body()
        return respond(server, endpoint, request, body, version=2)

    return Route(f"{BASE}{endpoint.path}", serve, methods=[endpoint.method])


def list_webhooks(call: Call) -> Answer:
    _require_administrator(call)
    return Answer([_json(call, one) for one in call.site.state.webhooks.values()])


def get_webhook(call: Call) -> Answer:
    return Answer(_json(call, _found(call)))


def create_webhook(call: Call) -> Answer:
    _require_administrator(call)
    given = call.object()
    blank = Webhook(id="", name="", url="", events=())
    checked = _changed(call, blank, given)
    webhook = replace(checked, id=call.site.next_id("webhook", first=1))
    return _kept(call, webhook, status=201)


def change_webhook(call: Call) -> Answer:
    """Change what is named; leaving `secret` out keeps it."""
    return _kept(call, _changed(call, _found(call), call.object()), status=200)


def delete_webhook(call: Call) -> Answer:
    del call.site.state.webhooks[_found(call).id]
    call.site.revision += 1
    return NO_CONTENT


def _kept(call: Call, webhook: Webhook, *, status: int) -> Answer:
    kept = replace(webhook, updated_by=call.user.account_id, updated=call.site.now())
    call.site.state.webhooks[kept.id] = kept
    call.site.revision += 1
    body = _json(call, kept)
    return Answer(body, status, {"Location": str(body["self"])} if status == 201 else {})


def _require_administrator(call: Call) -> None:
    if not is_administrator(call.user):
        raise Refusal(403, ADMINISTRATORS_ONLY)


def _found(call: Call) -> Webhook:
    _require_administrator(call)
    found = call.site.state.webhooks.get(call.params["id"])
    if found is None:
        raise Refusal(404, f"Webhook with id {call.params['id']} does not exist.")
    return found


def _changed(call: Call, before: Webhook, given: Mapping[str, object]) -> Webhook:
    after = replace(
        before,
        name=str(given.get("name", before.name)).strip(),
        url=str(given.get("url", before.url)).strip(),
        events=_events(given["events"]) if "events" in given else before.events,
        jql=_jql(given["filters"]) if "filters" in given else before.jql,
        secret=str(given.get("secret", before.secret) or ""),
        exclude_body=given.get("excludeBody", before.exclude_body) is True,
        enabled=given.get("enabled", before.enabled) is True,
    )
    _check(call, after)
    return after


def _events(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise Refusal(400, "Webhook events must be a list.")
    unknown = [str(one) for one in raw if one not in EVENTS]
    if unknown:
        raise Refusal(400, f"Webhook event(s) not found: {', '.join(unknown)}")
    return tuple(dict.fromkeys(str(one) for one in raw))


def _jql(raw: object) -> str:
    if not isinstance(raw, Mapping):
        raise Refusal(400, "Webhook filters must be an object.")
    return str(raw.get(SECTION) or "").strip()


def _check(call: Call, webhook: Webhook) -> None:
    if not webhook.name:
        raise Refusal(400, "The webhook name is required.")
    address = urlsplit(webhook.url)
    if address.scheme not in ("http", "https") or not address.netloc:
        raise Refusal(400, "The webhook URL is not valid.")
    try:
        parse(webhook.jql).check(context_of(call.site, call.user))
    except JqlError as error:
        raise Refusal(400, *error.messages) from None


def _json(call: Call, webhook: Webhook) -> Json:
    author = call.site.state.users.get(webhook.updated_by)
    return {
        "name": webhook.name,
        "url": webhook.url,
        "excludeBody": webhook.exclude_body,
        "filters": {SECTION: webhook.jql},
        "events": [*webhook.events],
        "enabled": webhook.enabled,
        "isSigned": bool(webhook.secret),
        "self": f"{call.site.base_url}{BASE}/webhook/{webhook.id}",
        "lastUpdatedUser": webhook.updated_by,
        "lastUpdatedDisplayName": "" if author is None else author.display_name,
        "lastUpdated": None
        if webhook.updated is None
        else round(webhook.updated.timestamp() * 1000),
    }


ENDPOINTS: Final = (
    Endpoint("GET", "/webhook", list_webhooks),
    Endpoint("POST", "/webhook", create_webhook),
    Endpoint("GET", "/webhook/{id}", get_webhook),
    Endpoint("PUT", "/webhook/{id}", change_webhook),
    Endpoint("DELETE", "/webhook/{id}", delete_webhook),
)
