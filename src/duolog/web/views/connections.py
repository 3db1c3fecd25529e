"""Settings, Integrations, Jira: making a connection, and what an admin can do with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duolog.connections import services
from duolog.connections.models import Connection
from duolog.connections.queries import get_connection, list_connections
from duolog.connections.services import NewConnection, NewCredential, read_address
from duolog.connections.traffic import calls_in_the_last_hour
from duolog.core.errors import SyncError
from duolog.jira.troubles import field_at_fault
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.overview import shared_over
from duolog.web.answers import go
from duolog.web.asking import asks_jira, said
from duolog.web.connecting import abilities_of, health_of
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.views.webhooks import webhook_context

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
    return show(request, member, "web/jira/none.html", {}, here=HERE)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.CONNECT)
def connect(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Two steps to a connection: its address, then the service account, tested at once."""
    if request.method == "GET":
        return _choose_address(request, member, request.GET.get("address"))
    return _try_to_connect(request, member)


@asks_jira
def _try_to_connect(request: HttpRequest, member: Member) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("address", "email", "label")}
    new = NewConnection(
        address=given["address"],
        email=given["email"],
        secret=request.POST.get("secret", ""),
        label=given["label"],
    )
    try:
        made = services.connect(member, new)
    except Invalid as invalid:
        return _connect(request, member, given, invalid.errors)
    except SyncError as error:
        return _connect(request, member, given, {field_at_fault(error) or "form": said(error)})
    messages.success(request, f"Connected as {made.account_name}")
    return redirect("web:connection", member.workplace.slug, made.pk)


def _choose_address(request: HttpRequest, member: Member, address: str | None) -> HttpResponse:
    given = {"address": address or ""}
    if address is None:
        return _connect(request, member, given, {}, status=200)
    try:
        read_address(address)
    except Invalid as invalid:
        return _connect(request, member, given, invalid.errors)
    return _connect(request, member, given, {}, status=200)


def _connect(
    request: HttpRequest,
    member: Member,
    given: dict[str, str],
    errors: Mapping[str, str],
    *,
    status: int = 422,
) -> HttpResponse:
    is_understood = bool(given["address"]) and "address" not in errors
    context = {
        "given": given,
        "errors": errors,
        "understood": read_address(given["address"]) if is_understood else "",
        "others": list_connections(member.workplace),
    }
    return show(request, member, "web/jira/connect.html", context, here=HERE, status=status)


@require_GET
@workplace_page(Right.CONNECT)
def understood(request: HttpRequest, member: Member) -> HttpResponse:
    """What an address that is being typed is understood as."""
    address = request.GET.get("address", "").strip()
    context = {"understood": "", "problem": ""}
    if address:
        try:
            context["understood"] = read_address(address)
        except Invalid as invalid:
            context["problem"] = str(invalid.errors["address"])
    return show_part(request, member, "web/jira/understood.html", context)


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """One connection."""
    return _page(request, member, get_connection(member.workplace, connection_id))


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
    context |= {"health": health_of(connection), "abilities": abilities_of(connection)}
    return show_part(request, member, "web/jira/tested.html", context)


@require_POST
@workplace_page(Right.CONNECT)
@asks_jira
def credential(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Replace the token; the old one stays until the new one is proven."""
    connection = get_connection(member.workplace, connection_id)
    email = request.POST.get("email", "")
    try:
        services.change_credential(
            member,
            connection,
            NewCredential(secret=request.POST.get("secret", ""), email=email),
        )
    except Invalid as invalid:
        return _page(request, member, connection, {"errors": invalid.errors, "email": email})
    except SyncError as error:
        return _page(
            request, member, connection, {"errors": {"secret": said(error)}, "email": email}
        )
    messages.success(request, "Jira took the new token. What waited for it goes on")
    return redirect("web:connection", member.workplace.slug, connection.pk)


@require_POST
@workplace_page(Right.CONNECT)
def label(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Give the connection another label."""
    connection = get_connection(member.workplace, connection_id)
    try:
        services.rename(member, connection, request.POST.get("label", ""))
    except Invalid as invalid:
        return _page(request, member, connection, {"errors": invalid.errors})
    messages.success(request, "Saved")
    return redirect("web:connection", member.workplace.slug, connection.pk)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.CONNECT)
def disconnect(request: HttpRequest, member: Member, connection_id: int) -> HttpResponseBase:
    """The dialog that says what stops and what stays; then the end of the connection."""
    connection = get_connection(member.workplace, connection_id)
    if request.method == "GET":
        context = {"connection": connection, "shared": shared_over(connection)}
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
    problem: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        **webhook_context(connection),
        "health": health_of(connection),
        "abilities": abilities_of(connection),
        "shared": shared_over(connection),
        "connections": list_connections(member.workplace),
        "calls": calls_in_the_last_hour(connection.pk),
        "may_connect": holds(member, Right.CONNECT),
        "email": connection.email,
        **(problem or {}),
    }
    status = 422 if problem else 200
    return show(request, member, "web/jira/connection.html", context, here=HERE, status=status)
