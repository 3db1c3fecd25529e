"""Sign-in and security: the second factor, passkeys, and where one is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.people.second_factor import second_factor_of
from duolog.people.sessions import end_session, end_sessions, list_sessions
from duolog.people.single_sign_on import uses_single_sign_on
from duolog.web.pages import Here, show, workplace_page


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """What keeps others out of the account; the same in all workplaces."""
    request.session["came_from"] = member.workplace.slug
    context = {
        "factor": second_factor_of(member.user),
        "has_password": member.user.has_usable_password(),
        "has_sso": uses_single_sign_on(member.user),
        "sessions": list_sessions(member.user, this=request.session.session_key),
    }
    return show(request, member, "web/security.html", context, here=Here("settings", "security"))


@require_POST
@workplace_page(Right.VIEW)
def end(request: HttpRequest, member: Member, session_id: int) -> HttpResponse:
    """Sign one browser out."""
    end_session(member.user, session_id)
    messages.success(request, "Signed out there")
    return redirect("web:security", member.workplace.slug)


@require_POST
@workplace_page(Right.VIEW)
def end_all(request: HttpRequest, member: Member) -> HttpResponse:
    """Sign all other browsers out, or this one too."""
    if request.POST.get("which") == "all":
        end_sessions(member.user)
        logout(request)
        return redirect("account_login")
    count = end_sessions(member.user, but=request.session.session_key)
    messages.success(request, f"Signed out in {count} other place{'' if count == 1 else 's'}")
    return redirect("web:security", member.workplace.slug)
