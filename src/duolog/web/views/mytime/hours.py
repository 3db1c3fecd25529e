"""Settings of one's own time: hours per weekday, holidays, and by which clocks days begin."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from duolog.core.durations import render_seconds
from duolog.people.accounts import choose_zone
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.mytime.page import today_of
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.worklogs.days_off import holidays_between, list_countries, list_parts
from duolog.worklogs.own.zones import zone_of
from duolog.worklogs.targets import WEEKDAYS, hours_of, set_hours


@require_http_methods(["GET", "POST"])
@workplace_page(Right.LOG_TIME)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """The hours, the holidays and the zone."""
    if request.method == "GET":
        return _show(request, member, {})
    form = request.POST
    try:
        choose_zone(member.user, form.get("zone", ""))
        lengths = [form.get(day.lower(), "") for day in WEEKDAYS]
        set_hours(member, lengths, form.get("part", "") or form.get("country", ""))
    except Invalid as invalid:
        given = {"given": form.dict(), "errors": invalid.errors}
        return _show(request, member, given, status=422)
    messages.success(request, "Saved")
    return redirect("web:working-hours", member.workplace.slug)


@require_GET
@workplace_page(Right.LOG_TIME)
def parts(request: HttpRequest, member: Member) -> HttpResponse:
    """The parts of the country that was chosen."""
    context = _region(request.GET.get("country", ""))
    return show_part(request, member, "web/time/region_parts.html", context)


def _show(
    request: HttpRequest, member: Member, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    hours, given = hours_of(member), context.get("given", {})
    errors = context.get("errors", {})
    region = given.get("part", "") or given.get("country", hours.region)
    today = today_of(member, timezone.now())
    whole = {
        "days": [
            {
                "name": name,
                "value": given.get(name.lower(), render_seconds(seconds) if seconds else ""),
                "error": errors.get(name.lower(), ""),
            }
            for name, seconds in zip(WEEKDAYS, hours.week.seconds, strict=True)
        ],
        "week_seconds": hours.week.whole,
        "countries": list_countries(),
        "zones": _zones(),
        "zone": given.get("zone", member.user.zone),
        "used_zone": zone_of(member),
        "errors": errors,
        "next_holidays": list(
            holidays_between(hours.region, today, today + timedelta(days=365)).items()
        )[:4],
        **_region(region if "region" not in errors else ""),
    }
    here = Here("settings", "hours")
    return show(request, member, "web/time/hours.html", whole, here=here, status=status)


@cache
def _zones() -> tuple[str, ...]:
    """The zones that are named after places; looking them up reads hundreds of files."""
    return tuple(sorted(each for each in available_timezones() if "/" in each))


def _region(region: str) -> dict[str, Any]:
    country = region.partition("-")[0]
    known = country in {each.code for each in list_countries()}
    return {
        "country": country,
        "part": region if "-" in region else "",
        "parts": list_parts(country) if known else (),
    }
