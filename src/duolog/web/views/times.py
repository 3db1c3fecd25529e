"""Logging time on an item, and changing and deleting what was logged."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from duolog.core.durations import render_seconds
from duolog.people.errors import Forbidden, Invalid
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.answers import with_toast
from duolog.web.items.own_way import OwnWay, own_way
from duolog.web.items.times import Given, given_by, given_of, read_changes, read_new
from duolog.web.mytime.forms import act_in, told_already
from duolog.web.pages import show_part, workplace_page
from duolog.web.seen import caught_up, overtaken
from duolog.web.views.item import draw_parts
from duolog.web.views.links import card_of
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.models import Worklog, WorklogState
from duolog.worklogs.own.acts import was_done_here
from duolog.worklogs.own.services import Act, SaidOtherwise
from duolog.worklogs.own.zones import zone_of
from duolog.worklogs.queries import get_worklog
from duolog.worklogs.services import delete_worklog, edit_worklog, log_time_once, restore_worklog
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.models import WorkItem

LOGGED = "time was logged here"
CHANGED = ("time", "activity", "properties", "badge", "jira", "note")


@require_http_methods(["GET", "POST"])
@workplace_page(Right.LOG_TIME)
def log(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """Log time on the item."""
    item = queries.get_item(member.workplace, key)
    way = own_way(member, card_of(member, item).get("link"))
    over = way.connection.label if way is not None else ""
    if request.method == "GET":
        return _form(request, member, item, Given(over=over))
    try:
        words = _log(member, item, read_new(request.POST), way, act_in(request.POST))
    except Invalid as invalid:
        given = replace(given_by(request.POST, invalid.errors), over=over)
        return _form(request, member, item, given, status=422)
    except SaidOtherwise as other:
        already = told_already(other, zone_of(member)) or LOGGED
        given = replace(given_by(request.POST, {}), over=over, already=already)
        return _form(request, member, item, given, status=409)
    return with_toast(draw_parts(request, member, key, CHANGED), words)


def _log(member: Member, item: WorkItem, new: NewWorklog, way: OwnWay | None, act: Act) -> str:
    """What was logged, in words: in Jira as one's own where there is a way, else here."""
    is_here = way is None or was_done_here(member, act)
    own = None if way is None or is_here else way.log(member, new, act)
    if own is None:
        entry = log_time_once(item.pk, new, act, member=member)
        return f"{render_seconds(entry.seconds)} logged" if entry else "Logged"
    lasted = render_seconds(own.seconds)
    if own.state == WorklogState.FAILED:
        return f"{lasted} not saved in Jira: {own.problem} It waits in My time."
    return f"{lasted} logged in Jira in your name; it shows here in a moment"


@require_http_methods(["GET", "POST"])
@workplace_page(Right.LOG_TIME)
def entry(request: HttpRequest, member: Member, key: str, worklog_id: int) -> HttpResponse:
    """Change an entry of one's own."""
    item = queries.get_item(member.workplace, key)
    found = get_worklog(item, worklog_id)
    if found.member_id != member.pk:
        raise Forbidden(f"{found.author} logged this time; nobody else can change it.")
    shown = given_of(found)
    if request.method == "GET":
        return _form(request, member, item, shown, found)
    form = caught_up(request.POST, shown.fields)
    if errors := overtaken(request.POST, shown.fields):
        return _form(request, member, item, given_by(form, errors), found, status=409)
    try:
        changes, actor = read_changes(form, found), Actor.of(member)
        edit_worklog(found.pk, changes, actor=actor, expected_version=found.version)
    except Invalid as invalid:
        return _form(request, member, item, given_by(form, invalid.errors), found, status=422)
    return with_toast(draw_parts(request, member, key, CHANGED), "Saved")


@require_POST
@workplace_page(Right.MODERATE, own=Right.LOG_TIME)
def delete(request: HttpRequest, member: Member, key: str, worklog_id: int) -> HttpResponse:
    """Take an entry away and offer to bring it back."""
    found = get_worklog(queries.get_item(member.workplace, key), worklog_id)
    delete_worklog(found.pk, actor=Actor.of(member))
    undo = reverse("web:restore-time", args=[member.workplace.slug, key, worklog_id])
    said = f"{render_seconds(found.seconds)} deleted"
    return with_toast(draw_parts(request, member, key, CHANGED), said, undo=undo)


@require_POST
@workplace_page(Right.MODERATE, own=Right.LOG_TIME)
def restore(request: HttpRequest, member: Member, key: str, worklog_id: int) -> HttpResponse:
    """Bring an entry back."""
    item = queries.get_item(member.workplace, key)
    get_worklog(item, worklog_id, deleted=True)
    back = restore_worklog(worklog_id, actor=Actor.of(member))
    answer = draw_parts(request, member, key, CHANGED)
    return with_toast(answer, f"{render_seconds(back.seconds)} logged again")


def _form(
    request: HttpRequest,
    member: Member,
    item: WorkItem,
    given: Given,
    worklog: Worklog | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    prefix = f"time-{worklog.pk}" if worklog else "new-time"
    context = {"item": item, "given": given, "worklog": worklog, "prefix": prefix}
    context |= {"seen": given_of(worklog).fields if worklog else {}}
    context["act"] = uuid.uuid4() if given.already else act_in(request.POST).number
    return show_part(request, member, "web/item/time_form.html", context, status=status)
