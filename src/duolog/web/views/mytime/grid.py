"""The week's grid: a cell typed into, a row added, an issue picked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from duolog.connections.queries import list_personal
from duolog.core.durations import UnreadableDuration, parse_minutes, render_seconds
from duolog.core.errors import SyncError
from duolog.core.worklogs import MINUTE, day_of, read_zone, total
from duolog.people.errors import Invalid, NotFound, Stale
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.answers import with_toast
from duolog.web.asking import asks_jira
from duolog.web.mytime.asked import read_day
from duolog.web.mytime.forms import act_in, start_on
from duolog.web.mytime.grid import Cell, Row
from duolog.web.mytime.page import TimePage, time_page, today_of
from duolog.web.pages import show_part, workplace_page
from duolog.web.sync.team_frame import number_in
from duolog.web.views.mytime.pages import asked_by, context_of, undo_of
from duolog.worklogs.models import JiraIssue, OwnWorklog
from duolog.worklogs.own.habits import get_issue, list_favourites
from duolog.worklogs.own.picking import known_issues, search_issues
from duolog.worklogs.own.queries import get_own_worklog, on_issue
from duolog.worklogs.own.services import (
    Act,
    How,
    LoggedBeside,
    NewOwn,
    SaidOtherwise,
    delete,
    edit,
    log,
)
from duolog.worklogs.own.there import spent_of
from duolog.worklogs.own.zones import zone_of

CLEARED: Final = frozenset({"", "0", "0h", "0m", "0:00"})
INSIST: Final = "Press Enter to have it say what you typed."
ADD: Final = "Press Enter to log what you typed beside that."
GONE: Final = "What stood here was moved or deleted. Press Enter to log this anew."
SEARCHED_FROM: Final = 2
"""How many letters Jira is asked with."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into which cell; `error` says why it could not be stored.

    It showed `seen`, of `many` worklogs; None where the page does not tell.
    """

    issue: JiraIssue
    day: date
    time_spent: str
    seen: str | None = None
    many: int | None = None
    error: str = ""


@require_POST
@workplace_page(Right.LOG_TIME)
def cell(request: HttpRequest, member: Member) -> HttpResponse:
    """What was typed into a cell: a new worklog, another length, or nothing any more."""
    form = request.POST
    issue = get_issue(member, number_in(form.get("issue", "")))
    day = read_day(form.get("day", ""), today_of(member, timezone.now()))
    many = number_in(form["many"]) if "many" in form else None
    typed = Typed(issue, day, form.get("time_spent", "").strip(), form.get("seen"), many)
    try:
        changed, words = _write(member, typed, form.get("worklog", ""), act_in(form))
    except SaidOtherwise as other:
        return _refused(request, member, typed, _logged_already(other))
    except Invalid as invalid:
        return _refused(request, member, typed, " ".join(invalid.errors.values()))
    except UnreadableDuration as unreadable:
        return _refused(request, member, typed, str(unreadable))
    except (Stale, LoggedBeside):
        return _refused(request, member, typed, _filled(member, typed))
    answer = _draw(request, member, typed, is_saved=changed is not None)
    if changed is None:
        return answer
    told = f"{issue.key}: {words} on {day:%a} {day.day} {day:%b}"
    return with_toast(answer, told, undo=undo_of(request, member, changed))


def _write(member: Member, typed: Typed, worklog: str, act: Act) -> tuple[OwnWorklog | None, str]:
    """What came of it, and in words; nothing where the cell says what it said."""
    held = _held(member, typed, number_in(worklog)) if worklog else None
    if typed.time_spent in CLEARED:
        return (delete(member, held.pk), "time removed") if held else (None, "")
    if held is not None and typed.time_spent == render_seconds(held.seconds):
        return None, ""
    seconds = parse_minutes(typed.time_spent) * MINUTE
    if held is not None:
        changed = edit(member, held.pk, {"seconds": seconds}, expected=spent_of(held))
        return changed, render_seconds(seconds)
    new = NewOwn(started=start_on(member, typed.day), seconds=seconds)
    issue = typed.issue
    made = log(member, issue.connection_id, issue.issue_id, new, How(act=act), beside=typed.many)
    return made, render_seconds(seconds)


def _held(member: Member, typed: Typed, worklog_id: int) -> OwnWorklog | None:
    """The worklog of the cell.  Raises Invalid where it is not what was seen there."""
    try:
        held = get_own_worklog(member, worklog_id)
    except NotFound:
        held = None
    is_here = (
        held is not None
        and held.issue_id == typed.issue.pk
        and day_of(held.started_at, read_zone(zone_of(member))) == typed.day
    )
    if not is_here and typed.time_spent in CLEARED:
        return None
    if held is None or not is_here:
        raise Invalid({"time_spent": GONE})
    lasts = render_seconds(held.seconds)
    if lasts not in {typed.time_spent, lasts if typed.seen is None else typed.seen}:
        raise Invalid({"time_spent": f"It says {lasts} by now. {INSIST}"})
    return held


def _filled(member: Member, typed: Typed) -> str:
    """What the cell says by now, and what comes of insisting."""
    held = on_issue(member, typed.issue, typed.day)
    return f"It says {render_seconds(total(held))} by now. {INSIST if len(held) == 1 else ADD}"


def _logged_already(other: SaidOtherwise) -> str:
    """What came of the first that was typed, whose answer got lost."""
    logged = render_seconds(other.worklogs[0].seconds)
    return f"{logged} was logged already. Press Enter to have it say what you typed now."


def _refused(request: HttpRequest, member: Member, typed: Typed, why: str) -> HttpResponse:
    kept = replace(typed, error=why)
    return _draw(request, member, kept, status=422)


def _draw(
    request: HttpRequest,
    member: Member,
    typed: Typed,
    *,
    is_saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The cell again, and whatever counts it."""
    context = context_of(member, asked_by(request, member))
    shown = context["page"]
    row = shown.grid.row_of(typed.issue.pk) or _empty_row(shown, typed.issue)
    changed = next((each for each in row.cells if each.column.day == typed.day), row.cells[0])
    context |= {"row": row, "cell": changed, "column": changed.column, "saved": is_saved}
    context |= {"given": typed if typed.error else None, "with_panel": shown.asked.day == typed.day}
    return show_part(request, member, "web/time/cell_answer.html", context, status=status)


def _empty_row(shown: TimePage, issue: JiraIssue) -> Row:
    cells = tuple(Cell(column, issue, ()) for column in shown.columns)
    return Row(issue, shown.tints.of(issue.connection_id), is_favourite=False, cells=cells)


@require_POST
@workplace_page(Right.LOG_TIME)
def row(request: HttpRequest, member: Member) -> HttpResponse:
    """A row for an issue that has no time in this week yet."""
    issue = get_issue(member, number_in(request.POST.get("issue", "")))
    shown = time_page(member, asked_by(request, member), timezone.now())
    there = shown.grid.row_of(issue.pk) or _empty_row(shown, issue)
    return show_part(request, member, "web/time/row.html", {"page": shown, "row": there})


@require_GET
@workplace_page(Right.LOG_TIME)
def issues(request: HttpRequest, member: Member) -> HttpResponse:
    """What the picker offers at once: favourites and recent issues; Jira is searched behind."""
    text, asked = request.GET.get("q", "").strip(), asked_by(request, member)
    context = {
        "q": text,
        "query": asked.query,
        "picks": known_issues(member, text, asked.connection_id),
        "favourites": {each.pk for each in list_favourites(member)},
        "asks_jira": len(text) >= SEARCHED_FROM,
    }
    return show_part(request, member, "web/time/picks.html", context)


@require_GET
@workplace_page(Right.LOG_TIME)
@asks_jira
def found(request: HttpRequest, member: Member) -> HttpResponse:
    """What Jira finds besides what is at hand, over each of the connections that are shown."""
    text, over = request.GET.get("q", "").strip(), asked_by(request, member).connection_id
    known = {each.pk for each in known_issues(member, text, over)}
    picks: list[JiraIssue] = []
    problems: list[dict[str, Any]] = []
    for connection in list_personal(member):
        if over not in (None, connection.pk):
            continue
        try:
            picks += [it for it in search_issues(connection, text) if it.pk not in known]
        except SyncError as error:
            problems.append({"label": connection.label, "error": error})
    context = {"q": text, "picks": picks, "problems": problems, "has_known": bool(known)}
    return show_part(request, member, "web/time/found.html", context)
