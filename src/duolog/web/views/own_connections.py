"""The connection manager: each member's own ways into Jira, for themself alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duolog.connections import services
from duolog.connections.models import Connection, ConnectionKind, Deployment
from duolog.connections.queries import get_mine, list_personal
from duolog.connections.report import Report
from duolog.core.errors import SyncError
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.answers import done, go
from duolog.web.asking import asks_jira
from duolog.web.connections.connecting import Standing, ends_of, health_of
from duolog.web.connections.facts import MAY_END, Facts, change_facts
from duolog.web.connections.way_forms import (
    entered_for,
    form_to_connect,
    form_to_replace,
    likely_method,
)
from duolog.web.connections.ways_in import (
    Entered,
    Place,
    WayForm,
    new_connection,
    new_credential,
    read_entered,
)
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.views.connect import OF_THE_PLACE, entered_by, faults_of
from duolog.worklogs.own.queries import unsaved_over

HERE = Here("connections", "own-connections")


@dataclass(frozen=True, slots=True)
class Card:
    """A connection as its card shows it, with what a test just said."""

    connection: Connection
    deployment: str
    health: Standing
    ends: Standing
    report: Report | None = None
    problem: SyncError | None = None


def card_of(connection: Connection, **said: Any) -> Card:
    """The card of a connection."""
    return Card(
        connection,
        deployment_words(connection.deployment),
        health_of(connection),
        ends_of(connection, timezone.now()),
        **said,
    )


def deployment_words(deployment: str) -> str:
    """The name of a deployment."""
    return str(Deployment(deployment).label)


@require_GET
@workplace_page(Right.CONNECT_SELF)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """All of the member's own connections."""
    cards = [card_of(each) for each in list_personal(member)]
    return show(request, member, "web/own/page.html", {"cards": cards}, here=HERE)


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
@workplace_page(Right.CONNECT_SELF)
def add(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The dialog: first where Jira is, then how to sign in; the last answer tests it at once."""
    if request.method == "POST":
        return _try_to_add(request, member)
    entered = read_entered(likely_method(member, request.GET.dict()))
    if "address" not in request.GET:
        return _ask_for_place(request, member, entered, {})
    if entered.place.problem:
        errors = {"address": entered.place.problem}
        return _ask_for_place(request, member, entered, errors, status=422)
    return _ask_for_way(request, member, form_to_connect(member, ConnectionKind.PERSONAL, entered))


@asks_jira
def _try_to_add(request: HttpRequest, member: Member) -> HttpResponse:
    entered = entered_by(request)
    try:
        wish = new_connection(entered, request.POST.get("secret", ""), ConnectionKind.PERSONAL)
        made = services.connect(member, wish)
    except (Invalid, SyncError) as refused:
        errors = faults_of(refused)
        if errors.keys() & set(OF_THE_PLACE):
            return _ask_for_place(request, member, entered, errors, status=422)
        form = form_to_connect(member, ConnectionKind.PERSONAL, entered, errors)
        return _ask_for_way(request, member, form, status=422)
    messages.success(request, f"Connected as {made.account_name}")
    return _home(member)


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
@workplace_page(Right.CONNECT_SELF)
def credential(request: HttpRequest, member: Member, connection_id: int) -> HttpResponseBase:
    """The dialog that replaces a credential; the old one stays until the new one is proven."""
    connection = get_mine(member, connection_id)
    if request.method == "POST":
        return _try_to_replace(request, member, connection)
    entered = entered_for(connection, request.GET.dict())
    return _ask_for_way(request, member, form_to_replace(member, connection, entered))


@asks_jira
def _try_to_replace(request: HttpRequest, member: Member, connection: Connection) -> HttpResponse:
    entered = entered_by(request)
    try:
        wish = new_credential(entered, request.POST.get("secret", ""))
        services.change_credential(member, connection, wish)
    except (Invalid, SyncError) as refused:
        form = form_to_replace(member, connection, entered, faults_of(refused))
        return _ask_for_way(request, member, form, status=422)
    messages.success(request, "Jira took the new credential")
    return _home(member)


@require_POST
@workplace_page(Right.CONNECT_SELF)
@asks_jira
def test(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Test a connection now; its card answers in words."""
    connection = get_mine(member, connection_id)
    said: dict[str, Any] = {}
    try:
        said["report"] = services.check(member, connection)
    except SyncError as error:
        said["problem"] = error
        connection.refresh_from_db()
    return show_part(request, member, "web/own/card.html", {"card": card_of(connection, **said)})


@require_http_methods(["GET", "POST"])
@workplace_page(Right.CONNECT_SELF)
def label(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Give a connection another label, or say when its token ends."""
    connection = get_mine(member, connection_id)
    context: dict[str, Any] = {
        "connection": connection,
        "given": Facts.of(connection),
        "may_end": connection.method in MAY_END,
    }
    if request.method == "GET":
        return show_part(request, member, "web/own/label.html", context)
    given = Facts(request.POST.get("label", ""), request.POST.get("expires_on", ""))
    try:
        change_facts(member, connection, given)
    except Invalid as invalid:
        context |= {"given": given, "errors": invalid.errors}
        return show_part(request, member, "web/own/label.html", context, status=422)
    messages.success(request, "Saved")
    return _home(member)


@require_POST
@workplace_page(Right.CONNECT_SELF)
def in_my_name(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """Let what the member writes here appear in Jira in their own name, or no longer."""
    connection = get_mine(member, connection_id)
    allowed = bool(request.POST.get("allowed"))
    services.allow_writing_in_my_name(member, connection, allowed=allowed)
    if allowed:
        return done("What you write here appears in Jira in your name")
    return done("The service account writes for you from now on")


@require_http_methods(["GET", "POST"])
@workplace_page(Right.CONNECT_SELF)
def remove(request: HttpRequest, member: Member, connection_id: int) -> HttpResponseBase:
    """The dialog that says what stops and what stays; then the end of the connection."""
    connection = get_mine(member, connection_id)
    if request.method == "GET":
        context = {"connection": connection, "unsaved": unsaved_over(connection)}
        return show_part(request, member, "web/own/remove.html", context)
    return _remove(request, member, connection)


@asks_jira
def _remove(request: HttpRequest, member: Member, connection: Connection) -> HttpResponse:
    services.disconnect(member, connection)
    messages.success(request, f"Removed {connection.label}")
    return _home(member)


def _home(member: Member) -> HttpResponse:
    return go(reverse("web:own-connections", args=[member.workplace.slug]))


def _ask_for_place(
    request: HttpRequest,
    member: Member,
    entered: Entered,
    errors: Mapping[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    place = entered.place if entered.address else Place()
    context = {"entered": entered, "errors": errors, "place": place}
    return show_part(request, member, "web/own/dialog.html", context, status=status)


def _ask_for_way(
    request: HttpRequest, member: Member, form: WayForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "deployment": deployment_words(form.entered.deployment)}
    return show_part(request, member, "web/own/dialog.html", context, status=status)
