"""What an administrator may say of a webhook, read and checked.  Knows no URLs of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from jirasim.jql import JqlError, parse
from jirasim.site.errors import Refusal
from jirasim.site.permissions import is_administrator
from jirasim.site.search import context_of
from jirasim.webhooks.events import events_of

if TYPE_CHECKING:
    from jirasim.http.endpoint import Call
    from jirasim.site.hooks import Webhook
    from jirasim.site.product import Product

SECTION: Final = "issue-related-events-section"
ADMINISTRATORS_ONLY: Final = "You do not have permission to administer webhooks."


def require_administrator(call: Call) -> None:
    """Raise Refusal 403 for anybody else."""
    if not is_administrator(call.user):
        raise Refusal(403, ADMINISTRATORS_ONLY)


def found(call: Call) -> Webhook:
    """The webhook of the path.  Raises Refusal 403 and 404."""
    require_administrator(call)
    known = call.site.state.webhooks.get(call.params["id"])
    if known is None:
        raise Refusal(404, f"Webhook with id {call.params['id']} does not exist.")
    return known


def kept(call: Call, webhook: Webhook) -> Webhook:
    """Store it, with who changed it and when."""
    now = call.site.now()
    after = replace(
        webhook,
        id=webhook.id or call.site.next_id("webhook", first=1),
        updated_by=call.user.account_id,
        updated=now,
        created=webhook.created or now,
    )
    call.site.state.webhooks[after.id] = after
    call.site.revision += 1
    return after


def forget(call: Call) -> None:
    """Delete the webhook of the path."""
    del call.site.state.webhooks[found(call).id]
    call.site.revision += 1


def common(product: Product, before: Webhook, given: Mapping[str, object]) -> Webhook:
    """With the fields that every administration has, as far as they are named."""
    return replace(
        before,
        name=str(given.get("name", before.name)).strip(),
        url=str(given.get("url", before.url)).strip(),
        events=_events(product, given["events"]) if "events" in given else before.events,
        jql=_jql(given["filters"]) if "filters" in given else before.jql,
        exclude_body=given.get("excludeBody", before.exclude_body) is True,
    )


def checked(call: Call, webhook: Webhook) -> Webhook:
    """The same.  Raises Refusal 400 for one that cannot work."""
    if not webhook.name:
        raise Refusal(400, "The webhook name is required.")
    address = urlsplit(webhook.url)
    if address.scheme not in ("http", "https") or not address.netloc:
        raise Refusal(400, "The webhook URL is not valid.")
    try:
        parse(webhook.jql).check(context_of(call.site, call.user))
    except JqlError as error:
        raise Refusal(400, *error.messages) from None
    return webhook


def _events(product: Product, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise Refusal(400, "Webhook events must be a list.")
    unknown = [str(one) for one in raw if str(one) not in events_of(product)]
    if unknown:
        raise Refusal(400, f"Webhook event(s) not found: {', '.join(unknown)}")
    return tuple(dict.fromkeys(str(one) for one in raw))


def _jql(raw: object) -> str:
    if not isinstance(raw, Mapping):
        raise Refusal(400, "Webhook filters must be an object.")
    return str(raw.get(SECTION) or "").strip()
