"""Settings: the member's own, and the workplace's general ones, members and invitations."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from duolog.people import queries as people
from duolog.people.accounts import rename_user
from duolog.people.errors import Invalid
from duolog.people.models import Member, Role, Scope
from duolog.people.rights import Right, holds
from duolog.people.services import (
    change_role,
    create_api_token,
    invite,
    remove_member,
    rename_workplace,
    revoke_api_token,
    withdraw_invitation,
)
from duolog.web.answers import go
from duolog.web.pages import Here, show, workplace_page

THEMES = (("light", "Light", "sun"), ("dark", "Dark", "moon"), ("auto", "Match system", "monitor"))


@require_http_methods(["GET", "POST"])
@workplace_page(Right.VIEW)
def profile(request: HttpRequest, member: Member) -> HttpResponse:
    """The person's name, and how this device shows things."""
    context: dict[str, Any] = {
        "name": member.user.name,
        "themes": THEMES,
        "theme": request.COOKIES.get("theme", "auto"),
        "keys": request.COOKIES.get("keys", "on"),
    }
    if request.method == "POST":
        try:
            rename_user(member.user, request.POST.get("name", ""))
        except Invalid as invalid:
            context |= {"name": request.POST.get("name", ""), "errors": invalid.errors}
            return _settings(request, member, "profile", context, status=422)
        messages.success(request, "Saved")
        return redirect("web:profile", member.workplace.slug)
    return _settings(request, member, "profile", context)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.VIEW)
def tokens(request: HttpRequest, member: Member) -> HttpResponse:
    """The member's API tokens.  A new one is shown in the answer that makes it, and never again."""
    context: dict[str, Any] = {"scopes": Scope.choices, "given": {"scope": Scope.WRITE}}
    status = 200
    if request.method == "POST":
        given = {"name": request.POST.get("name", ""), "scope": request.POST.get("scope", "")}
        try:
            scope = Scope.READ if given["scope"] == Scope.READ else Scope.WRITE
            _, context["plain"] = create_api_token(member, name=given["name"], scope=scope)
        except Invalid as invalid:
            context |= {"given": given, "errors": invalid.errors}
            status = 422
    context["tokens"] = people.list_tokens(member)
    answer = _settings(request, member, "tokens", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@workplace_page(Right.VIEW)
def revoke_token(request: HttpRequest, member: Member, token_id: int) -> HttpResponse:
    """End a token."""
    revoke_api_token(member, token_id)
    messages.success(request, "The token works no longer")
    return redirect("web:tokens", member.workplace.slug)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.VIEW, to_write=Right.MANAGE_PEOPLE)
def general(request: HttpRequest, member: Member) -> HttpResponse:
    """The workplace's name and teams."""
    context: dict[str, Any] = {
        "name": member.workplace.name,
        "may_manage": holds(member, Right.MANAGE_PEOPLE),
    }
    if request.method == "POST":
        try:
            rename_workplace(member, name=request.POST.get("name", ""))
        except Invalid as invalid:
            context |= {"name": request.POST.get("name", ""), "errors": invalid.errors}
            return _settings(request, member, "workplace", context, status=422)
        messages.success(request, "Saved")
        return redirect("web:settings", member.workplace.slug)
    return _settings(request, member, "workplace", context)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.VIEW, to_write=Right.MANAGE_PEOPLE)
def members(request: HttpRequest, member: Member) -> HttpResponse:
    """Who belongs here, and the making of invitations; a link is shown this once."""
    if request.method == "GET":
        return _members(request, member, {})
    given = {"email": request.POST.get("email", ""), "role": request.POST.get("role", "")}
    try:
        invitation, plain = invite(member, email=given["email"], role=_role(given["role"]))
    except Invalid as invalid:
        return _members(request, member, {"given": given, "errors": invalid.errors}, status=422)
    link = f"{django_settings.PUBLIC_URL}{reverse('web:invitation', args=[plain])}"
    answer = _members(request, member, {"link": link, "invited": invitation.email})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@workplace_page(Right.MANAGE_PEOPLE)
def change_member(request: HttpRequest, member: Member, member_id: int) -> HttpResponse:
    """Give a member another role."""
    try:
        change_role(member_id, _role(request.POST.get("role", "")), by=member)
    except Invalid as invalid:
        return _members(request, member, {"errors": {"role": str(invalid)}}, status=422)
    messages.success(request, "Saved")
    return redirect("web:members", member.workplace.slug)


@require_POST
@workplace_page(Right.MANAGE_PEOPLE, own=Right.VIEW)
def remove(request: HttpRequest, member: Member, member_id: int) -> HttpResponse:
    """End a membership."""
    remove_member(member_id, by=member)
    messages.success(request, "Removed")
    return go(reverse("web:members", args=[member.workplace.slug]))


@require_POST
@workplace_page(Right.MANAGE_PEOPLE)
def withdraw(request: HttpRequest, member: Member, invitation_id: int) -> HttpResponse:
    """Take back an invitation."""
    withdraw_invitation(invitation_id, by=member)
    messages.success(request, "The invitation works no longer")
    return redirect("web:members", member.workplace.slug)


def _members(
    request: HttpRequest, member: Member, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    may_manage = holds(member, Right.MANAGE_PEOPLE)
    may_make_owners = holds(member, Right.MANAGE_OWNERS)
    roles = [each for each in Role.choices if may_make_owners or each[0] != Role.OWNER]
    whole = {
        "members": people.list_members(member.workplace),
        "invitations": people.list_open_invitations(member.workplace) if may_manage else (),
        "may_manage": may_manage,
        "roles": roles,
        "all_roles": Role.choices,
        "given": {"role": Role.MEMBER},
        **context,
    }
    return _settings(request, member, "members", whole, status=status)


def _settings(
    request: HttpRequest, member: Member, page: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    template = "web/workplace_settings.html" if page == "workplace" else f"web/{page}.html"
    return show(request, member, template, context, here=Here("settings", page), status=status)


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise Invalid({"role": "Choose one of the roles."}) from None
