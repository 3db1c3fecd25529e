"""The webhook of a connection: its address, its secret, what has come.  Asks Jira only to register."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duolog.connections import webhook_services as services
from duolog.connections.models import Connection
from duolog.connections.queries import get_connection
from duolog.connections.webhooks import list_refusals, new_secret
from duolog.core.errors import SyncError
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.sync.shown.queries import events_seen, latest_deliveries
from duolog.sync.webhook_care import bound_projects
from duolog.web.answers import go
from duolog.web.asking import asks_jira
from duolog.web.connections.webhook_standing import outcome_words, webhook_of
from duolog.web.pages import show_part, workplace_page

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
    """Make the address, set the secret or end an overlap; a secret made here is shown this once."""
    connection = get_connection(member.workplace, connection_id)
    act = request.POST.get("act", "make")
    secret = {"save": request.POST.get("secret", ""), "new": new_secret()}.get(act)
    try:
        if secret is not None:
            services.set_secret(member, connection, secret)
        elif act == "end":
            services.end_overlap(member, connection)
        else:
            services.generate_address(member, connection)
    except Invalid as invalid:
        return _section(request, member, connection, {"errors": invalid.errors}, status=422)
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
        services.register(member, connection, bound_projects(connection))
    except SyncError as error:
        return _section(request, member, connection, {"problem": error}, status=422)
    return _section(request, member, connection, {})


@require_POST
@workplace_page(Right.CONNECT)
@asks_jira
def rotate(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Another secret for a webhook we registered, here and in Jira, without a gap."""
    connection = get_connection(member.workplace, connection_id)
    try:
        services.set_secret(member, connection, new_secret(), bound_projects(connection))
    except SyncError as error:
        return _section(request, member, connection, {"problem": error}, status=422)
    return _section(request, member, connection, {})


@require_http_methods(["GET", "POST"])
@workplace_page(Right.CONNECT)
def renew(request: HttpRequest, member: Member, connection_id: int) -> HttpResponseBase:
    """The dialog that says what a new address ends; then the new address."""
    connection = get_connection(member.workplace, connection_id)
    if request.method == "GET":
        return _dialog(request, member, connection, "web/jira/webhook_renew.html")
    return _renew(request, member, connection)


@asks_jira
def _renew(request: HttpRequest, member: Member, connection: Connection) -> HttpResponse:
    services.renew_address(member, connection, bound_projects(connection))
    messages.success(request, "The webhook has a new URL")
    return _back(member, connection)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.CONNECT)
def remove(request: HttpRequest, member: Member, connection_id: int) -> HttpResponseBase:
    """The dialog that says what the end of the webhook means; then its end."""
    connection = get_connection(member.workplace, connection_id)
    if request.method == "GET":
        return _dialog(request, member, connection, "web/jira/webhook_remove.html")
    return _remove(request, member, connection)


@asks_jira
def _remove(request: HttpRequest, member: Member, connection: Connection) -> HttpResponse:
    services.remove(member, connection)
    messages.success(request, "The webhook is removed")
    return _back(member, connection)


def _back(member: Member, connection: Connection) -> HttpResponse:
    return go(reverse("web:connection", args=[member.workplace.slug, connection.pk]))


def _dialog(
    request: HttpRequest, member: Member, connection: Connection, template: str
) -> HttpResponse:
    return show_part(request, member, template, webhook_context(connection))


def _section(
    request: HttpRequest,
    member: Member,
    connection: Connection,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    whole = {**webhook_context(connection), **context}
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
