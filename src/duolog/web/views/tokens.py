"""API tokens: one's own, and for who manages people, whose there are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from duolog.people import queries as people
from duolog.people.errors import Invalid
from duolog.people.models import Member, Role, Scope
from duolog.people.once import SentOtherwise
from duolog.people.rights import Right, holds
from duolog.people.services import create_api_token, revoke_api_token
from duolog.web.once import made_once
from duolog.web.pages import Here, show, workplace_page


@require_http_methods(["GET", "POST"])
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """The member's API tokens.  A new one is shown in the answer that makes it, and never again."""
    context: dict[str, Any] = {"given": {"scope": Scope.READ}}
    status = 200
    if request.method == "POST":
        made = _make(request, member)
        status = 422 if "given" in made else 200
        context |= made
    is_guest = member.role == Role.GUEST
    context["scopes"] = [each for each in Scope.choices if each[0] == Scope.READ or not is_guest]
    context["tokens"] = people.list_tokens(member)
    if holds(member, Right.MANAGE_PEOPLE):
        everybodys = people.list_all_tokens(member.workplace)
        context["others"] = [each for each in everybodys if each.member_id != member.pk]
    here = Here("settings", "tokens")
    answer = show(request, member, "web/tokens.html", context, here=here, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _make(request: HttpRequest, member: Member) -> dict[str, Any]:
    """What the page tells of it: the new token; its name alone where it was shown before."""
    given = {name: request.POST.get(name, "") for name in ("name", "scope", "expires_on")}
    new: dict[str, Any] = {}

    def make() -> str:
        token, new["plain"] = create_api_token(
            member,
            name=given["name"],
            scope=Scope.WRITE if given["scope"] == Scope.WRITE else Scope.READ,
            expires_on=_day(given["expires_on"]),
        )
        return token.name

    try:
        made = made_once(member, request.POST, make)
    except Invalid as invalid:
        return {"given": given, "errors": invalid.errors}
    except SentOtherwise as other:
        return {"given": given, "shown_before": other.made}
    return new or {"shown_before": made}


@require_POST
@workplace_page(Right.VIEW)
def revoke(request: HttpRequest, member: Member, token_id: int) -> HttpResponse:
    """End a token."""
    revoke_api_token(member, token_id)
    messages.success(request, "The token works no longer")
    return redirect("web:tokens", member.workplace.slug)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid({"expires_on": "Write the day as 2027-01-31."}) from None
