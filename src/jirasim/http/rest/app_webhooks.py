"""`/webhook`: what OAuth apps register for themselves, on Cloud alone (jira.md 7.1)."""

from collections.abc import Mapping
from datetime import datetime

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.site import app_webhooks
from jirasim.site.errors import Refusal
from jirasim.site.hooks import AppWebhook
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json

APPS_ONLY = "Only Connect and OAuth 2.0 apps can use this operation."
CONNECT_ONLY = "Only Connect apps can use this operation."
PAGE = 100


def app_of(call: Call) -> str:
    """The app that asks.  Raises Refusal 403 where a person does, unless a switch lets them."""
    if call.app:
        return call.app
    if call.site.state.settings.anyone_registers_webhooks:
        return f"app of {call.user.account_id}"
    raise Refusal(403, APPS_ONLY)


def listed(call: Call) -> Answer:
    """GET: those of the app."""
    found = app_webhooks.of_app(call.site, app_of(call))
    return Answer(page(call, found, _json, path="/webhook", size=PAGE))


def register(call: Call) -> Answer:
    """POST: several at once, each made or refused by itself."""
    app, body = app_of(call), call.object()
    raw = body.get("webhooks")
    if not isinstance(raw, list) or not raw:
        raise Refusal(400, "At least one webhook must be given.")
    url = app_webhooks.check_url(call.site, app, body.get("url"))
    return Answer({"webhookRegistrationResult": [_registered(call, app, url, one) for one in raw]})


def forget(call: Call) -> Answer:
    """DELETE by ids."""
    app_webhooks.forget(call.site, app_of(call), _ids(call))
    return Answer(status=202)


def refresh(call: Call) -> Answer:
    """PUT: thirty days more."""
    until = app_webhooks.renew(call.site, app_of(call), _ids(call))
    return Answer({"expirationDate": _milliseconds(until)})


def failed(call: Call) -> Answer:
    """GET: for Connect apps, of which a site here has none."""
    del call
    raise Refusal(403, CONNECT_ONLY)


def _registered(call: Call, app: str, url: str, raw: object) -> Json:
    given = raw if isinstance(raw, Mapping) else {}
    made = app_webhooks.register(call.site, call.user, app, url, given)
    if isinstance(made, AppWebhook):
        return {"createdWebhookId": int(made.id)}
    return {"errors": made}


def _ids(call: Call) -> frozenset[str]:
    raw = call.object().get("webhookIds")
    if not isinstance(raw, list) or not raw:
        raise Refusal(400, "The webhookIds are missing.")
    return frozenset(str(one) for one in raw)


def _json(webhook: AppWebhook) -> Json:
    body: Json = {
        "id": int(webhook.id),
        "url": webhook.url,
        "events": [*webhook.events],
        "jqlFilter": webhook.jql,
        "expirationDate": _milliseconds(webhook.expires_at),
    }
    if webhook.field_ids is not None:
        body["fieldIdsFilter"] = [*webhook.field_ids]
    if webhook.property_keys is not None:
        body["issuePropertyKeysFilter"] = [*webhook.property_keys]
    return body


def _milliseconds(moment: datetime) -> int:
    """As the schema says; the document's examples write text."""
    return round(moment.timestamp() * 1000)


ENDPOINTS = (
    Endpoint("GET", "/webhook", listed, on=on_cloud),
    Endpoint("POST", "/webhook", register, on=on_cloud),
    Endpoint("DELETE", "/webhook", forget, on=on_cloud),
    Endpoint("PUT", "/webhook/refresh", refresh, on=on_cloud),
    Endpoint("GET", "/webhook/failed", failed, on=on_cloud),
)
