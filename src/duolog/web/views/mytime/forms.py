"""Dialogs over one's own time: log, edit, move, split, copy."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import trigger_client_event

from duolog.connections.models import Deployment
from duolog.connections.queries import list_personal
from duolog.core.durations import render_seconds
from duolog.core.worklogs import read_zone
from duolog.people.errors import Invalid, Outdated
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.answers import with_toast
from duolog.web.mytime.asked import read_day
from duolog.web.mytime.forms import (
    ESTIMATES,
    Given,
    act_in,
    find_picked,
    given_by,
    given_of,
    must_be_picked,
    read_changes,
    read_how,
    read_start,
    start_on,
    told_already,
)
from duolog.web.mytime.page import today_of
from duolog.web.pages import show_part, workplace_page
from duolog.web.seen import caught_up, lines, overtaken
from duolog.web.views.mytime.pages import asked_by, draw_body, undo_of
from duolog.worklogs.models import OwnWorklog
from duolog.worklogs.own.queries import get_own_worklog
from duolog.worklogs.own.services import (
    How,
    NewOwn,
    SaidOtherwise,
    copy_day,
    copy_week,
    log,
    move,
    split,
)
from duolog.worklogs.own.services import edit as edit_worklog
from duolog.worklogs.own.there import spent_of
from duolog.worklogs.own.zones import zone_of

PICK_ONE = "Pick the issue you worked on."
MOVE_TO = "Pick the issue it belongs to."


@require_http_methods(["GET", "POST"])
@workplace_page(Right.LOG_TIME)
def new(request: HttpRequest, member: Member) -> HttpResponse:
    """Log time on any issue."""
    zone, form = zone_of(member), request.POST
    if request.method == "GET":
        return _form(request, member, _fresh(request, member, zone))
    issue = find_picked(member, form)
    try:
        on = must_be_picked(issue, PICK_ONE)
        told = NewOwn(
            started=read_start(form, zone),
            seconds=form.get("time_spent", ""),
            comment=lines(form.get("comment", "")),
        )
        made = log(member, on.connection_id, on.issue_id, told, read_how(form))
    except Invalid as invalid:
        return _form(request, member, given_by(form, issue, invalid.errors))
    except SaidOtherwise as other:
        given = replace(given_by(form, issue, {}), already=told_already(other, zone))
        return _form(request, member, given)
    return _done(request, member, f"{made.issue.key}: {render_seconds(made.seconds)} logged", made)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.LOG_TIME)
def edit(request: HttpRequest, member: Member, worklog_id: int) -> HttpResponse:
    """Change what a worklog says; only what was changed is sent."""
    zone, worklog = zone_of(member), get_own_worklog(member, worklog_id)
    shown = given_of(worklog, zone)
    if request.method == "GET":
        return _form(request, member, shown, worklog)
    form = caught_up(request.POST, shown.fields)
    if errors := overtaken(request.POST, shown.fields):
        return _form(request, member, given_by(form, worklog.issue, errors), worklog)
    try:
        changes, how = read_changes(form, worklog, zone), read_how(form)
        changed = edit_worklog(member, worklog.pk, changes, how, expected=spent_of(worklog))
    except Invalid as invalid:
        return _form(request, member, given_by(form, worklog.issue, invalid.errors), worklog)
    return _done(request, member, "Saved", changed if changes else None)


@require_GET
@workplace_page(Right.LOG_TIME)
def menu(request: HttpRequest, member: Member, worklog_id: int) -> HttpResponse:
    """What can be done with a worklog."""
    worklog = get_own_worklog(member, worklog_id)
    began = worklog.started_at.astimezone(read_zone(zone_of(member)))
    context = {"each": worklog, "began": began, "query": asked_by(request, member).query}
    return show_part(request, member, "web/time/menu.html", context)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.LOG_TIME)
def move_to(request: HttpRequest, member: Member, worklog_id: int) -> HttpResponse:
    """Bring a worklog to another issue of its site."""
    worklog = get_own_worklog(member, worklog_id)
    given = Given()
    if request.method == "POST":
        issue = find_picked(member, request.POST)
        try:
            on = must_be_picked(issue, MOVE_TO, over=worklog.connection)
            moved = move(member, worklog.pk, on.issue_id)
        except Invalid as invalid:
            given = Given(issue=issue, errors=invalid.errors)
        else:
            return _done(request, member, f"Moved to {on.key}", moved)
    context = {"each": worklog, "given": given, "query": asked_by(request, member).query}
    return show_part(request, member, "web/time/move.html", context, status=given.status)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.LOG_TIME)
def split_off(request: HttpRequest, member: Member, worklog_id: int) -> HttpResponse:
    """Make two worklogs of one."""
    worklog = get_own_worklog(member, worklog_id)
    given = Given(comment=worklog.comment, issue=worklog.issue)
    if request.method == "POST":
        issue, form = find_picked(member, request.POST), request.POST
        said = lines(form.get("comment", ""))
        try:
            on = must_be_picked(issue or worklog.issue, MOVE_TO, over=worklog.connection)
            first, _ = split(
                member,
                worklog.pk,
                form.get("time_spent", ""),
                issue=on.issue_id if on.pk != worklog.issue_id else "",
                comment=None if said == worklog.comment else said,
                how=How(act=act_in(form)),
            )
        except Invalid as invalid:
            given = given_by(form, issue or worklog.issue, invalid.errors)
        except SaidOtherwise as other:
            already = told_already(other, zone_of(member))
            given = replace(given_by(form, issue or worklog.issue, {}), already=already)
        else:
            return _done(request, member, "Split in two", first)
    context = {"each": worklog, "given": given, "query": asked_by(request, member).query}
    context["act"] = _number(request, given)
    return show_part(request, member, "web/time/split.html", context, status=given.status)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.LOG_TIME)
def copy(request: HttpRequest, member: Member) -> HttpResponse:
    """Log again what was logged on another day or in another week."""
    asked, form = asked_by(request, member), request.POST
    today = today_of(member, timezone.now())
    from_day = read_day(form.get("from", ""), asked.day - timedelta(days=7))
    to_day = read_day(form.get("to", ""), asked.day)
    context: dict[str, Any] = {"query": asked.query, "from_day": from_day, "to_day": to_day}
    context |= {"what": form.get("what", "week" if asked.view == "week" else "day")}
    act = act_in(form)
    context |= {"given": Given(), "act": act.number}
    if request.method == "GET":
        context["from_day"] = from_day if context["what"] == "week" else asked.day
        context["to_day"] = asked.day if context["what"] == "week" else today
        return show_part(request, member, "web/time/copy.html", context)
    make = copy_week if context["what"] == "week" else copy_day
    try:
        made = make(member, from_day, to_day, asked.connection_id, How(act=act))
    except SaidOtherwise as other:
        given = Given(already=told_already(other, zone_of(member)))
        context |= {"given": given, "act": _number(request, given)}
        return show_part(request, member, "web/time/copy.html", context, status=given.status)
    except (Invalid, Outdated) as refused:
        context["problem"] = str(refused)
        return show_part(request, member, "web/time/copy.html", context, status=422)
    words = f"{len(made)} worklogs copied" if len(made) != 1 else "One worklog copied"
    return _done(request, member, words, made[0])


def _form(
    request: HttpRequest,
    member: Member,
    given: Given,
    worklog: OwnWorklog | None = None,
) -> HttpResponse:
    context = {
        "given": given,
        "worklog": worklog,
        "seen": given_of(worklog, zone_of(member)).fields if worklog else {},
        "zone": zone_of(member),
        "estimates": [each for each in ESTIMATES if worklog is None or each[0] != "manual"],
        "query": asked_by(request, member).query,
        "act": _number(request, given),
        "on_server": _names_of_servers(member),
    }
    return show_part(request, member, "web/time/form.html", context, status=given.status)


def _names_of_servers(member: Member) -> str:
    """The member's sites that cannot be told to send watchers no e-mail."""
    mine = list_personal(member)
    return ", ".join(each.label for each in mine if each.deployment != Deployment.CLOUD)


def _number(request: HttpRequest, given: Given) -> uuid.UUID:
    """The number the form came with; a new one where it is used already, for what stands there now."""
    return uuid.uuid4() if given.already else act_in(request.POST).number


def _fresh(request: HttpRequest, member: Member, zone: str) -> Given:
    """An empty form for the day that is looked at, with what the address brings."""
    query, day = request.GET, asked_by(request, member).day
    start = start_on(member, day).astimezone(read_zone(zone))
    return Given(
        issue=find_picked(member, query),
        day=day.isoformat(),
        clock=query.get("clock", "") or f"{start:%H:%M}",
        time_spent=query.get("time_spent", ""),
    )


def _done(
    request: HttpRequest, member: Member, words: str, worklog: OwnWorklog | None
) -> HttpResponse:
    """The days again, the dialog closed, and a way back."""
    answer = draw_body(request, member, asked_by(request, member))
    trigger_client_event(answer, "close-dialog", {})
    undo = undo_of(request, member, worklog) if worklog is not None else ""
    return with_toast(answer, words, undo=undo)
