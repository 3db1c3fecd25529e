"""Templates of what one logs again and again, and issues kept at hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.once import SentOtherwise
from duolog.people.rights import Right
from duolog.web.answers import with_toast
from duolog.web.mytime.asked import Asked, View
from duolog.web.mytime.forms import Given, act_in, find_picked, given_by, must_be_picked
from duolog.web.once import made_once
from duolog.web.pages import show_part, workplace_page
from duolog.web.seen import lines
from duolog.web.views.mytime.pages import asked_by, draw_body, undo_of
from duolog.worklogs.models import JiraIssue
from duolog.worklogs.own.habits import (
    Due,
    NewTemplate,
    drop_template,
    due_templates,
    keep_at_hand,
    keep_template,
    list_favourites,
    list_templates,
)
from duolog.worklogs.own.queries import own_range
from duolog.worklogs.own.services import How, log_due
from duolog.worklogs.targets import WEEKDAYS

PICK_ONE = "Pick the issue it is logged on."


@require_http_methods(["GET", "POST"])
@workplace_page(Right.LOG_TIME)
def templates(request: HttpRequest, member: Member) -> HttpResponse:
    """The member's templates, and one more."""
    if request.method == "GET":
        return _show(request, member, {"given": _fresh(member)})
    form = request.POST
    issue = find_picked(member, form)

    def keep() -> str:
        made = keep_template(member, _read_new(form, must_be_picked(issue, PICK_ONE)))
        return f"{made.issue.key} at {made.clock:%H:%M}"

    given = Given()
    try:
        made_once(member, form, keep)
    except Invalid as invalid:
        given = given_by(form, issue, invalid.errors)
    except SentOtherwise as other:
        given = replace(given_by(form, issue, {}), already=f"{other.made} is kept")
    return _show(request, member, {"given": given}, status=given.status)


@require_POST
@workplace_page(Right.LOG_TIME)
def drop(request: HttpRequest, member: Member, template_id: int) -> HttpResponse:
    """Forget a template."""
    drop_template(member, template_id)
    return _show(request, member, {"given": Given()})


@require_POST
@workplace_page(Right.LOG_TIME)
def apply(request: HttpRequest, member: Member) -> HttpResponse:
    """Log what the templates say for the days that are looked at, where it is not logged yet."""
    asked = asked_by(request, member)
    made = log_due(member, _due(member, asked), How(act=act_in(request.POST)))
    answer = draw_body(request, member, asked)
    trigger_client_event(answer, "close-dialog", {})
    if not made:
        return with_toast(answer, "Everything is logged already")
    words = f"{len(made)} worklogs made of templates" if len(made) > 1 else "One worklog made"
    return with_toast(answer, words, undo=undo_of(request, member, made[0]))


@require_POST
@workplace_page(Right.LOG_TIME)
def favourite(request: HttpRequest, member: Member, issue_id: int) -> HttpResponse:
    """Keep an issue at hand, or no longer."""
    kept = request.POST.get("kept") != "no"
    issue = keep_at_hand(member, issue_id, kept=kept)
    answer = draw_body(request, member, asked_by(request, member))
    words = f"{issue.key} is a favourite" if kept else f"{issue.key} is no favourite any more"
    return with_toast(answer, words)


def _due(member: Member, asked: Asked) -> tuple[Due, ...]:
    days = asked.counted if asked.view is not View.MONTH else (asked.day, asked.day)
    told = own_range(member, *days).worklogs
    return due_templates(member, *days, told)


def _show(
    request: HttpRequest, member: Member, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    asked = asked_by(request, member)
    whole = {
        "templates": [
            {"template": each, "days": _days(each.weekdays)} for each in list_templates(member)
        ],
        "weekdays": list(enumerate(day[:3] for day in WEEKDAYS)),
        "chosen": request.POST.getlist("weekdays") or ["0", "1", "2", "3", "4"],
        "due": len(_due(member, asked)),
        "asked": asked,
        "query": asked.query,
        **context,
    }
    return show_part(request, member, "web/time/templates.html", whole, status=status)


def _days(weekdays: list[int]) -> str:
    if weekdays == [0, 1, 2, 3, 4]:
        return "Every weekday"
    if weekdays == list(range(7)):
        return "Every day"
    return ", ".join(WEEKDAYS[day][:3] for day in weekdays)


def _fresh(member: Member) -> Given:
    favourites = list_favourites(member)
    return Given(issue=favourites[0] if favourites else None, clock="09:00", time_spent="15m")


def _read_new(form: QueryDict, issue: JiraIssue) -> NewTemplate:
    try:
        clock = time.fromisoformat(form.get("clock", "")).replace(tzinfo=None)
    except ValueError:
        clock = None
    return NewTemplate(
        issue=issue,
        weekdays=[int(day) for day in form.getlist("weekdays") if day in set("0123456")],
        clock=clock,
        time_spent=form.get("time_spent", ""),
        comment=lines(form.get("comment", "")),
    )
