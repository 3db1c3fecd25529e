"""The member's notices and what they want to be told."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duolog.notifications.digest import choose_digest, digest_of, find_by_link, stop_digest
from duolog.notifications.models import Channel, Digest, Kind, Notice, Rhythm
from duolog.notifications.services import PAGE, list_notices, mark_read, mute, muted_kinds
from duolog.people.errors import Invalid, NotFound
from duolog.people.models import Member
from duolog.people.needs import Door, states
from duolog.people.rights import Right
from duolog.people.zones import list_zones
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.templatetags.duolog import due_label


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """The notices by day, newest first."""
    before = request.GET.get("before", "")
    notices = list_notices(member, before=int(before) if before.isdecimal() else None)
    path = reverse("web:notices", args=[member.workplace.slug])
    context = {
        "days": [(day, tuple(held)) for day, held in groupby(notices, key=_day)],
        "here_url": request.get_full_path(),
        "more_url": f"{path}?before={notices[-1].pk}" if len(notices) == PAGE else "",
    }
    if "X-Live" in request.headers:
        return show_part(request, member, "web/notice_rows.html", context)
    return show(request, member, "web/notices.html", context, here=Here(nav="notices"))


@require_GET
@workplace_page(Right.VIEW)
def follow(_request: HttpRequest, member: Member, notice_id: int) -> HttpResponse:
    """Take the notice as read and go where it leads."""
    for notice in list_notices(member, before=notice_id + 1, limit=1):
        if notice.pk == notice_id and notice.path.startswith("/w/"):
            mark_read(member, [notice_id])
            return redirect(notice.path)
    raise NotFound("There is no such notice.")


@require_POST
@workplace_page(Right.VIEW)
def read_all(_request: HttpRequest, member: Member) -> HttpResponse:
    """Take all notices as read."""
    mark_read(member)
    return redirect("web:notices", member.workplace.slug)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.VIEW)
def preferences(request: HttpRequest, member: Member) -> HttpResponse:
    """What the member is told, where, and when mails come."""
    if request.method == "GET":
        return _preferences(request, member, digest_of(member), {})
    hour = request.POST.get("hour", "")
    rhythm, zone = request.POST.get("rhythm", ""), request.POST.get("zone", "")
    try:
        with transaction.atomic():
            _choose_kinds(request, member)
            choose_digest(member, rhythm=rhythm, hour=_hour(hour), zone=zone)
    except Invalid as invalid:
        return _preferences(
            request, member, Digest(member=member, rhythm=rhythm, zone=zone), invalid.errors
        )
    messages.success(request, "Saved")
    return redirect("web:notice-preferences", member.workplace.slug)


@states(Door.ADDRESS)
@csrf_exempt
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the mails by the link in one of them, signed in or not.

    Mail programs post here by themselves when a person asks them to (RFC 8058), without a CSRF
    token: the signed link is the proof, and all it can do is end that member's mails.
    """
    member = find_by_link(token)
    if member is not None and request.method == "POST":
        stop_digest(member)
    context = {"member": member, "is_stopped": request.method == "POST"}
    return render(request, "web/digest_stop.html", context, status=200 if member else 404)


def _choose_kinds(request: HttpRequest, member: Member) -> None:
    for channel in Channel:
        wanted = set(request.POST.getlist(channel.value))
        mute(member, [kind for kind in Kind if kind.value not in wanted], channel)


def _hour(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def _preferences(
    request: HttpRequest, member: Member, digest: Digest, errors: Mapping[str, str]
) -> HttpResponse:
    muted = {channel: muted_kinds(member, channel) for channel in Channel}
    context = {
        "kinds": [
            (
                kind.value,
                kind.label,
                kind not in muted[Channel.BELL],
                kind not in muted[Channel.MAIL],
            )
            for kind in Kind
        ],
        "digest": digest,
        "rhythms": Rhythm.choices,
        "hours": range(24),
        "zones": list_zones(),
        "errors": errors,
    }
    here = Here("settings", "notices")
    status = 422 if errors else 200
    return show(request, member, "web/notice_preferences.html", context, here=here, status=status)


def _day(notice: Notice) -> str:
    return due_label(notice.at.date())
