"""Signing in with Atlassian: on the way there, back again, and the app it goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from duolog.connections import oauth
from duolog.connections.models import (
    Connection,
    ConnectionKind,
    Method,
    PendingSignIn,
)
from duolog.connections.queries import get_connection, get_mine
from duolog.core.errors import SyncError
from duolog.people.errors import DomainError, Invalid
from duolog.people.models import Member
from duolog.people.needs import Door, states
from duolog.people.rights import Right
from duolog.web.answers import go
from duolog.web.asking import asks_jira, said
from duolog.web.connections.way_forms import form_to_connect, form_to_replace
from duolog.web.connections.ways_in import Entered, place_query, read_entered
from duolog.web.pages import show_part, workplace_page


@require_POST
@workplace_page(Right.CONNECT, own=Right.CONNECT_SELF)
@asks_jira
def begin(request: HttpRequest, member: Member) -> HttpResponse:
    """Send the browser to Atlassian; by htmx, for no posted form may lead to another site."""
    is_personal = request.POST.get("kind") == ConnectionKind.PERSONAL
    kind = ConnectionKind.PERSONAL if is_personal else ConnectionKind.WORKPLACE
    connection = _named(member, request.POST.get("connection", ""), is_personal=is_personal)
    entered = read_entered({**request.POST.dict(), "method": Method.OAUTH})
    try:
        address = oauth.begin_sign_in(
            member,
            kind=kind,
            address=entered.address,
            label=entered.label,
            connection=connection,
        )
    except (Invalid, SyncError) as refused:
        errors = {"form": said(refused) if isinstance(refused, SyncError) else str(refused)}
        if connection:
            form = form_to_replace(member, connection, entered, errors)
        else:
            form = form_to_connect(member, kind, entered, errors)
        return show_part(request, member, "web/jira/way.html", {"form": form}, status=422)
    return go(address)


def _named(member: Member, connection_id: str, *, is_personal: bool) -> Connection | None:
    if not connection_id.isdecimal():
        return None
    if is_personal:
        return get_mine(member, int(connection_id))
    return get_connection(member.workplace, int(connection_id))


@states(Door.SIGNED_IN)
@require_GET
@login_required
def callback(request: HttpRequest) -> HttpResponseBase:
    """Where Atlassian sends the browser back to, with a code or with a refusal."""
    pending = oauth.find_pending(request.user, request.GET.get("state", ""))
    if pending is None:
        return _not_connected(request, EXPIRED, reverse("web:home"))
    return _come_back(request, pending.member, pending)


@asks_jira
def _come_back(request: HttpRequest, member: Member, pending: PendingSignIn) -> HttpResponseBase:
    try:
        made = oauth.finish_sign_in(
            member,
            request.GET.get("state", ""),
            request.GET.get("code", ""),
            error=request.GET.get("error", ""),
        )
    except (DomainError, SyncError) as refused:
        words = said(refused) if isinstance(refused, SyncError) else str(refused)
        return _not_connected(request, words, _way_back(pending))
    messages.success(request, f"Connected as {made.account_name}")
    slug = member.workplace.slug
    if made.kind == ConnectionKind.PERSONAL:
        return redirect("web:own-connections", slug)
    return redirect("web:connection" if pending.connection_id else "web:set-up", slug, made.pk)


def _way_back(pending: PendingSignIn) -> str:
    slug = pending.member.workplace.slug
    if pending.kind == ConnectionKind.PERSONAL:
        return reverse("web:own-connections", args=[slug])
    if pending.connection_id:
        return reverse("web:connection", args=[slug, pending.connection_id])
    entered = Entered(address=pending.base_url)
    return f"{reverse('web:connect', args=[slug])}?{place_query(entered, method=Method.OAUTH)}"


def _not_connected(request: HttpRequest, sentence: str, back: str) -> HttpResponse:
    context = {"sentence": sentence, "back": back}
    return render(request, "web/jira/consent_failed.html", context, status=422)


EXPIRED: Final = (
    "This sign-in was begun more than an hour ago, or by somebody else, or it is finished already. "
    "Begin it again."
)


@sensitive_post_parameters("client_secret")
@require_POST
@workplace_page(Right.CONNECT)
def set_app(request: HttpRequest, member: Member) -> HttpResponse:
    """Keep the app that an admin made at Atlassian, or forget it; the form goes on."""
    entered = read_entered({"address": request.POST.get("address", "")})
    errors: Mapping[str, str] = {}
    try:
        if request.POST.get("act") == "remove":
            oauth.remove_app(member)
        else:
            oauth.set_app(
                member, request.POST.get("client_id", ""), request.POST.get("client_secret", "")
            )
    except Invalid as invalid:
        errors = invalid.errors
    form = form_to_connect(member, ConnectionKind.WORKPLACE, entered, errors)
    status = 422 if errors else 200
    return show_part(request, member, "web/jira/way.html", {"form": form}, status=status)
