"""The timer in the frame: started on an issue, stopped into a worklog, or given up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from duolog.core.durations import render_seconds
from duolog.people.errors import Invalid, Outdated
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.answers import with_toast
from duolog.web.mytime.forms import Given, find_picked, must_be_picked
from duolog.web.pages import show_part, workplace_page
from duolog.web.seen import lines
from duolog.web.views.mytime.pages import undo_of
from duolog.worklogs.own.services import discard_timer, find_timer, start_timer, stop_timer


@require_http_methods(["GET", "POST"])
@workplace_page(Right.LOG_TIME)
def start(request: HttpRequest, member: Member) -> HttpResponse:
    """Pick an issue and begin to measure."""
    form = request.POST if request.method == "POST" else request.GET
    comment, errors, issue = lines(form.get("comment", "")), {}, find_picked(member, form)
    if request.method == "POST":
        try:
            on = must_be_picked(issue, "Pick the issue you work on.")
            start_timer(member, on.connection_id, on.issue_id, comment)
        except Invalid as invalid:
            errors = dict(invalid.errors)
        except Outdated as runs:
            errors = {"issue": str(runs)}
        else:
            return _frame(request, member, f"The timer runs on {on.key}")
    context = {"given": Given(issue=issue, comment=comment, errors=errors)}
    status = 422 if errors else 200
    return show_part(request, member, "web/time/timer_form.html", context, status=status)


@require_POST
@workplace_page(Right.LOG_TIME)
def stop(request: HttpRequest, member: Member) -> HttpResponse:
    """Log the time since the start, in whole minutes."""
    stopped = stop_timer(member)
    made = stopped.worklog
    rounded = ", rounded up to whole minutes" if stopped.is_rounded else ""
    words = f"{made.issue.key}: {render_seconds(made.seconds)} logged{rounded}"
    answer = _frame(request, member, words, undo_of(request, member, made))
    trigger_client_event(answer, "time-moved", {})
    return answer


@require_POST
@workplace_page(Right.LOG_TIME)
def discard(request: HttpRequest, member: Member) -> HttpResponse:
    """Stop measuring, and log nothing."""
    discard_timer(member)
    return _frame(request, member, "The timer is discarded; nothing was logged")


def _frame(request: HttpRequest, member: Member, words: str, undo: str = "") -> HttpResponse:
    context = {"timer": find_timer(member), "oob": True, "offers_timer": True}
    answer = show_part(request, member, "web/parts/timer.html", context)
    trigger_client_event(answer, "close-dialog", {})
    return with_toast(answer, words, undo=undo)
