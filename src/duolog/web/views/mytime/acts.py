"""What is done to a worklog at once, without a dialog: drag, repeat, delete, undo, retry."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from duolog.core.durations import render_seconds
from duolog.core.worklogs import MINUTE, begin_at, day_of, read_zone
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.answers import with_toast
from duolog.web.mytime.asked import read_day
from duolog.web.mytime.forms import act_in
from duolog.web.once import read_number
from duolog.web.pages import workplace_page
from duolog.web.sync.team_frame import number_in
from duolog.web.views.mytime.pages import asked_by, draw_body, undo_of
from duolog.worklogs.models import OwnWorklog
from duolog.worklogs.own.queries import get_own_worklog
from duolog.worklogs.own.services import (
    How,
    NewOwn,
    Unsettled,
    delete,
    discard,
    done_along,
    edit,
    log,
    retry,
    settled,
    undo,
)
from duolog.worklogs.own.there import spent_of
from duolog.worklogs.own.zones import zone_of

DAY_MINUTES = 24 * 60


@require_POST
@workplace_page(Right.LOG_TIME)
def shift(request: HttpRequest, member: Member, worklog_id: int) -> HttpResponse:
    """Another start or another length, as drawn on the axis of a day."""
    worklog = get_own_worklog(member, worklog_id)
    zone = read_zone(zone_of(member))
    began = worklog.started_at.astimezone(zone)
    changes: dict[str, object] = {}
    if "begins" in request.POST:
        minutes = min(number_in(request.POST["begins"]), DAY_MINUTES - 1)
        if minutes != began.hour * 60 + began.minute:
            clock = _clock(minutes).replace(fold=began.fold)
            changes["started"] = begin_at(began.date(), clock, zone)
    if "minutes" in request.POST:
        lasting = number_in(request.POST["minutes"])
        if lasting != worklog.seconds // MINUTE:
            changes["seconds"] = lasting * MINUTE
    if not changes:
        return _again(request, member)
    if _is_overtaken(request.POST, began, worklog):
        words = f"Not changed: it says {began:%H:%M}, {render_seconds(worklog.seconds)} by now"
        return with_toast(draw_body(request, member, asked_by(request, member)), words, kind="bad")
    changed = edit(member, worklog.pk, changes, expected=spent_of(worklog))
    at = changed.started_at.astimezone(zone)
    words = f"{changed.issue.key}: {at:%H:%M}, {render_seconds(changed.seconds)}"
    return _again(request, member, words, changed)


@require_POST
@workplace_page(Right.LOG_TIME)
def again(request: HttpRequest, member: Member, worklog_id: int) -> HttpResponse:
    """The same once more: on the next day, or on the day that is named."""
    worklog = get_own_worklog(member, worklog_id)
    zone = read_zone(zone_of(member))
    here = day_of(worklog.started_at, zone)
    day = read_day(request.POST.get("to", ""), here + timedelta(days=1))
    clock = worklog.started_at.astimezone(zone).time()
    seconds = max(1, round(worklog.seconds / MINUTE)) * MINUTE
    new = NewOwn(started=begin_at(day, clock, zone), seconds=seconds, comment=worklog.comment)
    how = How(act=act_in(request.POST))
    made = log(member, worklog.connection_id, worklog.issue.issue_id, new, how)
    return _again(request, member, f"Copied to {day:%A} {day.day} {day:%B}", made)


@require_POST
@workplace_page(Right.LOG_TIME)
def remove(request: HttpRequest, member: Member, worklog_id: int) -> HttpResponse:
    """Delete, and offer to bring it back."""
    gone = delete(member, worklog_id)
    words = f"{gone.issue.key}: {render_seconds(gone.seconds)} deleted"
    return _again(request, member, words, gone)


@require_POST
@workplace_page(Right.LOG_TIME)
def undo_last(request: HttpRequest, member: Member, worklog_id: int) -> HttpResponse:
    """Undo the last thing done to a worklog, once Jira has answered to it.

    The way back that a message offered leads back from what it told of, and from nothing later.  It
    is offered again where Jira has not answered to all of it.
    """
    settled(done_along(member, worklog_id))
    try:
        undo(member, worklog_id, act=read_number(request.GET.get("of", "")))
    except Unsettled as early:
        answer = draw_body(request, member, asked_by(request, member))
        return with_toast(answer, str(early), undo=request.get_full_path(), kind="bad")
    return _again(request, member, "Undone")


@require_POST
@workplace_page(Right.LOG_TIME)
def send_again(request: HttpRequest, member: Member, worklog_id: int) -> HttpResponse:
    """Send what was not saved once more, as it was typed."""
    retry(member, worklog_id)
    return _again(request, member)


@require_POST
@workplace_page(Right.LOG_TIME)
def give_up(request: HttpRequest, member: Member, worklog_id: int) -> HttpResponse:
    """Give up what was not saved."""
    discard(member, worklog_id)
    return _again(request, member, "Given up")


def _is_overtaken(form: QueryDict, began: datetime, worklog: OwnWorklog) -> bool:
    """Whether what is to be another is not what was drawn."""
    begins, lasts = began.hour * 60 + began.minute, worklog.seconds // MINUTE
    is_moved = (
        read_day(form.get("seen_day", ""), began.date()) != began.date()
        or number_in(form.get("seen_begins", str(begins))) != begins
    )
    is_longer = number_in(form.get("seen_minutes", str(lasts))) != lasts
    return ("begins" in form and is_moved) or ("minutes" in form and is_longer)


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _again(
    request: HttpRequest, member: Member, words: str = "", worklog: OwnWorklog | None = None
) -> HttpResponse:
    """The days again, with a few words and a way back."""
    answer = draw_body(request, member, asked_by(request, member))
    undone = undo_of(request, member, worklog) if worklog is not None else ""
    return with_toast(answer, words, undo=undone) if words else answer
