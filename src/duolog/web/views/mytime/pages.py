"""The pages of My time: the days as they are known here, read again behind."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from duolog.connections.queries import get_mine
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.mytime.asked import Asked, View, read_asked
from duolog.web.mytime.page import TimePage, time_page, today_of
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.worklogs.models import OwnWorklog
from duolog.worklogs.own.refreshing import ask_to_refresh
from duolog.worklogs.own.services import last_act

HERE = Here("time")


@require_GET
@workplace_page(Right.LOG_TIME)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """The days asked for, at once; Jira is asked behind."""
    asked = asked_by(request, member)
    _ask_jira(member, asked)
    return show(request, member, "web/time/page.html", context_of(member, asked), here=HERE)


@require_GET
@workplace_page(Right.LOG_TIME)
def parts(request: HttpRequest, member: Member) -> HttpResponse:
    """What the page asks for while it is open: the days again, if there is news of them."""
    context = context_of(member, asked_by(request, member))
    if request.GET.get("seen", "") == context["page"].seen:
        return show_part(request, member, "web/time/poll_answer.html", context)
    return show_part(request, member, "web/time/body.html", context)


@require_POST
@workplace_page(Right.LOG_TIME)
def read(request: HttpRequest, member: Member) -> HttpResponse:
    """Have Jira asked again, however fresh the days are."""
    asked = asked_by(request, member)
    _ask_jira(member, asked, at_once=True)
    return draw_body(request, member, asked)


def asked_by(request: HttpRequest, member: Member) -> Asked:
    """The days that the address asks for."""
    return read_asked(request.GET.dict(), today_of(member, timezone.now()))


def draw_body(request: HttpRequest, member: Member, asked: Asked) -> HttpResponse:
    """The days again, for htmx to put in place."""
    return show_part(request, member, "web/time/body.html", context_of(member, asked))


def context_of(member: Member, asked: Asked) -> dict[str, Any]:
    """What the templates of My time are drawn with."""
    shown = time_page(member, asked, timezone.now())
    return {
        "page": shown,
        "views": [asked.on(asked.day, view) for view in View],
        "only": next((it for it in shown.connections if it.pk == asked.connection_id), None),
        "over": [
            (
                {"pk": it.pk, "label": it.label, "tint": shown.tints.of(it.pk)},
                asked.over(it.pk).query,
            )
            for it in shown.connections
        ],
        "all_query": asked.over(None).query,
        "now_query": asked.on(shown.today).query,
        "jumps": _jumps(shown),
    }


def _jumps(shown: TimePage) -> list[tuple[str, str]]:
    asked, today = shown.asked, shown.today
    week = asked.on(today, View.WEEK)
    month = asked.on(today, View.MONTH)
    return [
        ("This week", week.query),
        ("Last week", week.before.query),
        ("This month", month.query),
        ("Last month", month.before.query),
    ]


def _ask_jira(member: Member, asked: Asked, *, at_once: bool = False) -> None:
    only = get_mine(member, asked.connection_id) if asked.connection_id is not None else None
    ask_to_refresh(member, asked.first, asked.last, only, at_once=at_once)


def undo_of(request: HttpRequest, member: Member, worklog: OwnWorklog) -> str:
    """Where what was just done to a worklog is undone; nowhere where nothing is left of it."""
    act = last_act(worklog) if worklog.pk else None
    if act is None:
        return ""
    undone = reverse("web:undo-time", args=[member.workplace.slug, worklog.pk])
    return f"{undone}?{asked_by(request, member).query}&of={act}"
