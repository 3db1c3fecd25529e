"""Who belongs to the workplace, and who is invited.  A link is shown in the answer that makes it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from duolog.people import queries as people
from duolog.people.errors import Invalid
from duolog.people.invitations import NotMailed, link_of, mail_invitation
from duolog.people.models import Invitation, Member, Role
from duolog.people.rights import Right, holds
from duolog.people.services import (
    change_role,
    invite,
    remove_member,
    renew_invitation,
    withdraw_invitation,
)
from duolog.web.answers import go
from duolog.web.pages import Here, show, workplace_page


@require_http_methods(["GET", "POST"])
@workplace_page(Right.VIEW, to_write=Right.MANAGE_PEOPLE)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """Everybody here, and the making of invitations."""
    if request.method == "GET":
        return _page(request, member, {})
    given = {"email": request.POST.get("email", ""), "role": request.POST.get("role", "")}
    try:
        invitation, plain = invite(member, email=given["email"], role=_role(given["role"]))
    except Invalid as invalid:
        return _page(request, member, {"given": given, "errors": invalid.errors}, status=422)
    return _handed_out(request, member, invitation, plain)


@require_POST
@workplace_page(Right.MANAGE_PEOPLE)
def renew(request: HttpRequest, member: Member, invitation_id: int) -> HttpResponse:
    """Give an invitation another link and seven more days; the link before opens nothing more."""
    invitation, plain = renew_invitation(invitation_id, by=member)
    return _handed_out(request, member, invitation, plain)


@require_POST
@workplace_page(Right.MANAGE_PEOPLE)
def withdraw(request: HttpRequest, member: Member, invitation_id: int) -> HttpResponse:
    """Take back an invitation."""
    withdraw_invitation(invitation_id, by=member)
    messages.success(request, "The invitation works no longer")
    return redirect("web:members", member.workplace.slug)


@require_POST
@workplace_page(Right.MANAGE_PEOPLE)
def change(request: HttpRequest, member: Member, member_id: int) -> HttpResponse:
    """Give a member another role."""
    try:
        change_role(member_id, _role(request.POST.get("role", "")), by=member)
    except Invalid as invalid:
        return _page(request, member, {"errors": {"role": str(invalid)}}, status=422)
    messages.success(request, "Saved")
    return redirect("web:members", member.workplace.slug)


@require_POST
@workplace_page(Right.MANAGE_PEOPLE, own=Right.VIEW)
def remove(request: HttpRequest, member: Member, member_id: int) -> HttpResponse:
    """End a membership, or one's own."""
    try:
        remove_member(member_id, by=member)
    except Invalid as invalid:
        return _page(request, member, {"errors": {"role": str(invalid)}}, status=422)
    if member_id == member.pk:
        return go(reverse("web:home"))
    messages.success(request, "Removed")
    return go(reverse("web:members", args=[member.workplace.slug]))


def _handed_out(
    request: HttpRequest, member: Member, invitation: Invitation, plain: str
) -> HttpResponse:
    """The link, this once, by mail where asked for."""
    context: dict[str, Any] = {"link": link_of(plain), "invited": invitation}
    if request.POST.get("by") == "mail":
        try:
            mail_invitation(invitation, plain)
            context["is_mailed"] = True
        except NotMailed as failed:
            context["not_mailed"] = str(failed)
    answer = _page(request, member, context)
    answer["Cache-Control"] = "no-store"
    return answer


def _page(
    request: HttpRequest, member: Member, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    may_manage = holds(member, Right.MANAGE_PEOPLE)
    may_make_owners = holds(member, Right.MANAGE_OWNERS)
    members = people.list_members(member.workplace)
    owners = [each for each in members if each.role == Role.OWNER]
    whole = {
        "members": members,
        "may_leave": owners != [member],
        "invitations": people.list_open_invitations(member.workplace) if may_manage else (),
        "may_manage": may_manage,
        "may_make_owners": may_make_owners,
        "roles": [each for each in Role.choices if may_make_owners or each[0] != Role.OWNER],
        "given": {"role": Role.MEMBER},
        "has_mail": bool(settings.EMAIL_HOST),
        "now": timezone.now(),
        **context,
    }
    here = Here("settings", "members")
    return show(request, member, "web/members.html", whole, here=here, status=status)


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise Invalid({"role": "Choose one of the roles."}) from None
