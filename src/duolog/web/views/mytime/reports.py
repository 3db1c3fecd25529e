"""Reports of one's own time, and the same to take away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from duolog.connections.queries import get_mine, list_personal
from duolog.people.errors import Outdated
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.answers import go
from duolog.web.mytime.asked import Asked, View, read_range
from duolog.web.mytime.page import today_of
from duolog.web.mytime.reports import Report, report_of, sheets_of, worklog_sheet
from duolog.web.pages import Here, show, workplace_page
from duolog.web.sheets import CSV_TYPE, XLSX_TYPE, as_csv, as_workbook
from duolog.worklogs.own.refreshing import ask_to_refresh

NOT_WHOLE = (
    "These days are not read whole yet, so a table would lack worklogs. Open the report, wait until"
    " it is read, or choose one connection; then take it away."
)


@require_GET
@workplace_page(Right.LOG_TIME)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """Time by day, project and issue; one that waits to be read opens again once it is."""
    report = _report(request, member)
    if "HX-Request" in request.headers:
        is_reading = report.found.is_reading
        return HttpResponse(status=204) if is_reading else go(request.get_full_path())
    only = get_mine(member, report.connection_id) if report.connection_id is not None else None
    ask_to_refresh(member, report.found.first, report.found.last, only)
    today = today_of(member, timezone.now())
    month = Asked(View.MONTH, today)
    context = {
        "report": _report(request, member),
        "mine": list_personal(member),
        "only": only,
        "jumps": [
            ("This week", *Asked(View.WEEK, today).counted),
            ("Last week", *Asked(View.WEEK, today).before.counted),
            ("This month", *month.counted),
            ("Last month", *month.before.counted),
            ("This year", today.replace(month=1, day=1), today.replace(month=12, day=31)),
        ],
    }
    return show(request, member, "web/time/reports.html", context, here=Here("time"))


@require_GET
@workplace_page(Right.LOG_TIME)
def csv(request: HttpRequest, member: Member) -> HttpResponse:
    """Every worklog of the days, one a line."""
    report = _whole(request, member)
    return _download(as_csv(worklog_sheet(report)), CSV_TYPE, report, "csv")


@require_GET
@workplace_page(Right.LOG_TIME)
def workbook(request: HttpRequest, member: Member) -> HttpResponse:
    """The same as a workbook, with the sums."""
    report = _whole(request, member)
    return _download(as_workbook(sheets_of(report)), XLSX_TYPE, report, "xlsx")


def _report(request: HttpRequest, member: Member) -> Report:
    now = timezone.now()
    days = read_range(request.GET.dict(), today_of(member, now))
    number = request.GET.get("connection", "")
    only = int(number) if number.isascii() and number.isdigit() else None
    return report_of(member, days, only, now)


def _whole(request: HttpRequest, member: Member) -> Report:
    report = _report(request, member)
    if not report.found.is_complete:
        raise Outdated(NOT_WHOLE)
    return report


def _download(body: bytes, kind: str, report: Report, ending: str) -> HttpResponse:
    name = f"worklogs-{report.found.first}-to-{report.found.last}.{ending}"
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
