"""The member's notices and what they want to be told."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from duolog.notifications.models import Kind, Notice
from duolog.notifications.services import PAGE, list_notices, mark_read, mute, muted_kinds
from duolog.people.errors import NotFound
from duolog.people.models import Member
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.templatetags.duolog import due_label


@require_GET
@workplace_page
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """The notices by day, newest first."""
    before = request.GET.get("before", "")
    notices = list_notices(member, before=int(before) if before.isdecimal() else None)
    path = reverse("web:notices", args=[member.workplace.slug])
    muted = muted_kinds(member)
    context = {
        "days": [(day, tuple(held)) for day, held in groupby(notices, key=_day)],
        "here_url": request.get_full_path(),
        "more_url": f"{path}?before={notices[-1].pk}" if len(notices) == PAGE else "",
        "kinds": [(kind.value, kind.label, kind not in muted) for kind in Kind],
    }
    if "X-Live" in request.headers:
        return show_part(request, member, "web/notice_rows.html", context)
    return show(request, member, "web/notices.html", context, here=Here(nav="notices"))


@require_GET
@workplace_page
def follow(_request: HttpRequest, member: Member, notice_id: int) -> HttpResponse:
    """Take the notice as read and go where it leads."""
    for notice in list_notices(member, before=notice_id + 1, limit=1):
        if notice.pk == notice_id and notice.path.startswith("/w/"):
            mark_read(member, [notice_id])
            return redirect(notice.path)
    raise NotFound("There is no such notice.")


@require_POST
@workplace_page
def read_all(_request: HttpRequest, member: Member) -> HttpResponse:
    """Take all notices as read."""
    mark_read(member)
    return redirect("web:notices", member.workplace.slug)


@require_POST
@workplace_page
def choose_kinds(request: HttpRequest, member: Member) -> HttpResponse:
    """Be told of the ticked kinds only."""
    wanted = set(request.POST.getlist("kind"))
    mute(member, [kind for kind in Kind if kind.value not in wanted])
    messages.success(request, "Saved")
    return redirect("web:notices", member.workplace.slug)


def _day(notice: Notice) -> str:
    return due_label(notice.at.date())
