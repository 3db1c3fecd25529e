"""The way to a connection of the workplace: where Jira is, how to sign in, what the test found."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from duolog.connections import services
from duolog.connections.models import ConnectionKind, Deployment
from duolog.connections.queries import get_connection, list_connections
from duolog.core.errors import SyncError
from duolog.jira.troubles import field_at_fault
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.answers import leave
from duolog.web.asking import asks_jira, said
from duolog.web.connections.connecting import abilities_of, scopes_of
from duolog.web.connections.former import list_former
from duolog.web.connections.way_forms import form_to_connect, likely_method
from duolog.web.connections.ways_in import (
    Entered,
    Place,
    new_connection,
    read_entered,
    read_place,
)
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.views.webhooks import webhook_context

HERE = Here("settings", "jira")
OF_THE_PLACE = ("address", "deployment")


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
@workplace_page(Right.CONNECT)
def connect(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Numbered steps to a connection, the next one open; the last answer tests it at once."""
    if request.method == "POST":
        return _try_to_connect(request, member)
    entered = read_entered(likely_method(member, request.GET.dict()))
    if "address" not in request.GET:
        return _ask_for_place(request, member, entered, {})
    if entered.place.problem:
        errors = {"address": entered.place.problem}
        return _ask_for_place(request, member, entered, errors, status=422)
    return _ask_for_way(request, member, entered, {})


@asks_jira
def _try_to_connect(request: HttpRequest, member: Member) -> HttpResponse:
    entered = entered_by(request)
    try:
        wish = new_connection(entered, request.POST.get("secret", ""), ConnectionKind.WORKPLACE)
        made = services.connect(member, wish)
    except (Invalid, SyncError) as refused:
        errors = faults_of(refused)
        ask = _ask_for_place if errors.keys() & set(OF_THE_PLACE) else _ask_for_way
        return ask(request, member, entered, errors, status=422)
    messages.success(request, f"Connected as {made.account_name}")
    return leave(request, reverse("web:set-up", args=[member.workplace.slug, made.pk]))


def faults_of(refused: Invalid | SyncError) -> Mapping[str, str]:
    """What was refused, by the field it is about; `form` where it is about none."""
    if isinstance(refused, Invalid):
        return refused.errors
    return {field_at_fault(refused) or "form": said(refused)}


def entered_by(request: HttpRequest) -> Entered:
    """What the form says; a certificate that came as a file is read, and goes along from now on."""
    given = request.POST.dict()
    uploaded = request.FILES.get("ca_file")
    if uploaded is not None:
        given["ca_certificate"] = uploaded.read().decode("utf-8", "replace")
    return read_entered({name: str(value) for name, value in given.items()})


def _ask_for_place(
    request: HttpRequest,
    member: Member,
    entered: Entered,
    errors: Mapping[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "entered": entered,
        "errors": errors,
        "place": entered.place if entered.address else Place(),
        "former": list_former(member.workplace),
        "others": list_connections(member.workplace),
    }
    return show(request, member, "web/jira/connect.html", context, here=HERE, status=status)


def _ask_for_way(
    request: HttpRequest,
    member: Member,
    entered: Entered,
    errors: Mapping[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    form = form_to_connect(member, ConnectionKind.WORKPLACE, entered, errors)
    context = {"form": form, "deployment": Deployment(entered.deployment).label}
    return show(request, member, "web/jira/connect.html", context, here=HERE, status=status)


@require_GET
@workplace_page(Right.CONNECT_SELF)
def understood(request: HttpRequest, member: Member) -> HttpResponse:
    """What an address that is being typed is understood as."""
    address = request.GET.get("address", "").strip()
    place = read_place(address, request.GET.get("deployment", "")) if address else Place()
    return show_part(request, member, "web/jira/understood.html", {"place": place})


@require_GET
@workplace_page(Right.CONNECT)
def set_up(request: HttpRequest, member: Member, connection_id: int) -> HttpResponse:
    """What the test of a new connection found, and the steps that remain."""
    connection = get_connection(member.workplace, connection_id)
    context = {
        **webhook_context(connection),
        "abilities": abilities_of(connection),
        "scopes": scopes_of(connection),
    }
    return show(request, member, "web/jira/set_up.html", context, here=HERE)
