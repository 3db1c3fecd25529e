"""The webhook of a connection: its address, its secret, what has come.  Asks Jira only to register."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from duolog.connections import services
from duolog.connections.models import Connection
from duolog.connections.queries import get_connection
from duolog.connections.webhooks import list_refusals, new_secret
from duolog.core.errors import SyncError
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.queries import events_seen, latest_deliveries
from duolog.web.asking import asks_jira
from duolog.web.pages import show_part, workplace_page
from duolog.web.webhook_standing import outcome_words, webhook_of

DELIVERIES_SHOWN: Final = 8


@require_GET
@workplace_page(Right.CONNECT)
def live(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """The webhook section as it is now, while the page waits for events."""
    connection = get_connection(member.workplace, connection_id)
    return show_part(request, member, "web/jira/webhook_poll.html", webhook_context(connection))


@require_POST
@workplace_page(Right.CONNECT)
def change(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Make the address, renew it, or set the secret; a secret made here is shown this once."""
    connection = get_connection(member.workplace, connection_id)
    act = request.POST.get("act", "make")
    if act == "renew":
        services.renew_webhook_address(member, connection)
        return _section(request, member, connection, {})
    if act == "save" and not request.POST.get("secret", "").strip():
        errors = {"secret": "Paste the secret of Jira's webhook, or make a new one."}
        return _section(request, member, connection, {"errors": errors}, status=422)
    secret = {"save": request.POST.get("secret", "").strip(), "new": new_secret()}.get(act)
    services.set_webhook_secret(member, connection, secret)
    shown = {"plain_secret": secret} if act == "new" else {}
    answer = _section(request, member, connection, shown)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@workplace_page(Right.CONNECT)
@asks_jira
def register(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Have Jira send here without anybody copying an address."""
    connection = get_connection(member.workplace, connection_id)
    try:
        services.register_webhook(member, connection)
    except SyncError as error:
        return _section(request, member, connection, {"problem": error}, status=422)
    return _section(request, member, connection, {})


def _section(
    request: HttpRequest,
    member: Member,
    connection: Connection,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    whole = {
        **webhook_context(connection),
        "may_connect": holds(member, Right.CONNECT),
        **context,
    }
    return show_part(request, member, "web/jira/webhook.html", whole, status=status)


def webhook_context(connection: Connection) -> dict[str, Any]:
    """What the section draws, also within the whole page."""
    latest = latest_deliveries(connection, DELIVERIES_SHOWN)
    return {
        "connection": connection,
        "webhook": webhook_of(
            connection, events_seen(connection), list_refusals(connection), timezone.now()
        ),
        "deliveries": [(each, outcome_words(each.outcome)) for each in latest],
    }
