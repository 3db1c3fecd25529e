"""Settings, Integrations, Jira: a connection of the workplace, and what an admin can do with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duolog.connections import services
from duolog.connections.budget import budget_of
from duolog.connections.models import Connection, Deployment
from duolog.connections.queries import get_connection, list_connections
from duolog.core.errors import SyncError
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.shown.overview import shared_over, what_stops
from duolog.web.answers import go, leave
from duolog.web.asking import asks_jira
from duolog.web.connections.connecting import abilities_of, ends_of, health_of, scopes_of
from duolog.web.connections.facts import MAY_END, Facts, change_facts
from duolog.web.connections.former import list_former
from duolog.web.connections.way_forms import entered_for, form_to_replace
from duolog.web.connections.ways_in import new_credential
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.views.connect import entered_by, faults_of
from duolog.web.views.webhooks import webhook_context
from duolog.work.queries import waiting_in

HERE = Here("settings", "jira")


@require_GET
@workplace_page(Right.VIEW)
def home(request: HttpRequest, member: Member) -> HttpResponse:
    """The workplace's connection; the way to one where there is none."""
    connections = list_connections(member.workplace)
    if connections:
        return redirect("web:connection", member.workplace.slug, connections[0].pk)
    if holds(member, Right.CONNECT):
        return redirect("web:connect", member.workplace.slug)
    context = {"former": list_former(member.workplace)}
    return show(request, member, "web/jira/none.html", context, here=HERE)


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """One connection; with `replace` in the address the form for another credential stands open."""
    connection = get_connection(member.workplace, connection_id)
    return _page(request, member, connection, {"is_replacing": "replace" in request.GET})


@require_POST
@workplace_page(Right.CONNECT)
@asks_jira
def test(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Test a connection now; the answer in words, in place."""
    connection = get_connection(member.workplace, connection_id)
    context: dict[str, Any] = {"connection": connection}
    try:
        context["report"] = services.check(member, connection)
    except SyncError as error:
        context["problem"] = error
        connection.refresh_from_db()
    context |= _standing(connection)
    return show_part(request, member, "web/jira/tested.html", context)


@sensitive_post_parameters("secret")
@require_POST
@workplace_page(Right.CONNECT)
@asks_jira
def credential(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Replace the credential or the method; the old one stays until the new one is proven."""
    connection = get_connection(member.workplace, connection_id)
    entered = entered_by(request)
    try:
        wish = new_credential(entered, request.POST.get("secret", ""))
        services.change_credential(member, connection, wish)
    except (Invalid, SyncError) as refused:
        form = form_to_replace(member, connection, entered, faults_of(refused))
        return _page(request, member, connection, {"form": form}, status=422)
    messages.success(request, "Jira took the new credential. What waited for it goes on")
    return leave(request, reverse("web:connection", args=[member.workplace.slug, connection.pk]))


@require_POST
@workplace_page(Right.CONNECT)
def label(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Give the connection another label, or say when its token ends."""
    connection = get_connection(member.workplace, connection_id)
    given = Facts(request.POST.get("label", ""), request.POST.get("expires_on", ""))
    try:
        change_facts(member, connection, given)
    except Invalid as invalid:
        problem = {"errors": invalid.errors, "given": given}
        return _page(request, member, connection, problem, status=422)
    messages.success(request, "Saved")
    return redirect("web:connection", member.workplace.slug, connection.pk)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.CONNECT)
def disconnect(request: HttpRequest, member: Member, connection_id: int) -> HttpResponseBase:
    """The dialog that says what stops and what stays; then the end of the connection."""
    connection = get_connection(member.workplace, connection_id)
    if request.method == "GET":
        context = {"connection": connection, "stops": what_stops(connection)}
        return show_part(request, member, "web/jira/disconnect.html", context)
    return _disconnect(request, member, connection)


@asks_jira
def _disconnect(request: HttpRequest, member: Member, connection: Connection) -> HttpResponse:
    services.disconnect(member, connection)
    messages.success(request, f"Disconnected from {connection.label}")
    return go(reverse("web:jira", args=[member.workplace.slug]))


def _page(
    request: HttpRequest,
    member: Member,
    connection: Connection,
    more: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    entered = entered_for(connection, request.GET.dict())
    waiting = waiting_in(connection.lane)
    context = {
        **webhook_context(connection),
        **_standing(connection),
        "deployment": Deployment(connection.deployment).label.partition(" /")[0],
        "shared": shared_over(connection),
        "connections": list_connections(member.workplace),
        "former": list_former(member.workplace),
        "budget": budget_of(connection),
        "waiting": waiting,
        "waiting_since": timezone.now() - timedelta(seconds=waiting.seconds),
        "may_connect": holds(member, Right.CONNECT),
        "given": Facts.of(connection),
        "may_end": connection.method in MAY_END,
        "form": form_to_replace(member, connection, entered),
        **more,
    }
    return show(request, member, "web/jira/connection.html", context, here=HERE, status=status)


def _standing(connection: Connection) -> dict[str, Any]:
    return {
        "health": health_of(connection),
        "ends": ends_of(connection, timezone.now()),
        "abilities": abilities_of(connection),
        "scopes": scopes_of(connection),
    }
