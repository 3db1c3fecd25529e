"""Settings: the member's own profile, and the workplace's general ones."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from duolog.people.accounts import rename_user
from duolog.people.errors import Invalid
from duolog.people.models import Member, Workplace
from duolog.people.once import SentOtherwise
from duolog.people.rights import Right, holds
from duolog.people.services import (
    ask_admins_for_second_factor,
    create_another_workplace,
    rename_workplace,
)
from duolog.people.zones import choose_zone, list_zones
from duolog.web.once import ALREADY, made_once
from duolog.web.pages import Here, show, workplace_page
from duolog.worklogs.own.zones import usual_zone
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.models import Stage
from duolog.workplace.services import turn_teams_off, turn_teams_on

THEMES = (("light", "Light", "sun"), ("dark", "Dark", "moon"), ("auto", "Match system", "monitor"))


@require_http_methods(["GET", "POST"])
@workplace_page(Right.VIEW)
def profile(request: HttpRequest, member: Member) -> HttpResponse:
    """The person's name and clocks, and how this device shows things."""
    context: dict[str, Any] = {
        "name": member.user.name,
        "zone": member.user.zone,
        "zones": list_zones(),
        "usual_zone": usual_zone(member),
        "themes": THEMES,
        "theme": request.COOKIES.get("theme", "auto"),
        "keys": request.COOKIES.get("keys", "on"),
    }
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("name", "zone")}
        try:
            with transaction.atomic():
                rename_user(member.user, given["name"])
                choose_zone(member.user, given["zone"])
        except Invalid as invalid:
            context |= {**given, "errors": invalid.errors}
            return _settings(request, member, "profile", context, status=422)
        messages.success(request, "Saved")
        return redirect("web:profile", member.workplace.slug)
    return _settings(request, member, "profile", context)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.VIEW, to_write=Right.MANAGE_PEOPLE)
def general(request: HttpRequest, member: Member) -> HttpResponse:
    """The workplace's name, whether it has teams, and what it asks of its admins."""
    if request.method == "GET":
        return show_general(request, member, {})
    try:
        _change_workplace(request, member)
    except Invalid as invalid:
        given = {"name": request.POST.get("name", member.workplace.name), "errors": invalid.errors}
        return show_general(request, member, given, status=422)
    messages.success(request, "Saved")
    return redirect("web:settings", member.workplace.slug)


def show_general(
    request: HttpRequest, member: Member, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The general settings; where teams are turned off, with the statuses of all items."""
    team = queries.find_hidden_team(member.workplace)
    whole: dict[str, Any] = {
        "name": member.workplace.name,
        "address": _address_of(member.workplace),
        "may_manage": holds(member, Right.MANAGE_PEOPLE),
        "relation_kinds": queries.list_relation_kinds(member.workplace),
    }
    if team is not None:
        whole |= {
            "team": team,
            "statuses": team.statuses.all(),
            "stages": Stage.choices,
            "may_set_statuses": holds(member, Right.MANAGE_TEAM, team=team),
        }
    return _settings(request, member, "workplace", whole | context, status=status)


def _address_of(workplace: Workplace) -> str:
    here = f"{django_settings.PUBLIC_URL}/w/{workplace.slug}/"
    domain = django_settings.WORKPLACE_DOMAIN
    scheme = django_settings.PUBLIC_URL.partition("://")[0]
    return f"{here} · {scheme}://{workplace.slug}.{domain}" if domain else here


def _change_workplace(request: HttpRequest, member: Member) -> None:
    act = request.POST.get("act", "name")
    if act == "second-factor":
        asked = request.POST.get("admins_need_second_factor") == "on"
        ask_admins_for_second_factor(member, asked=asked)
    elif act == "teams":
        turn = turn_teams_on if request.POST.get("teams") == "on" else turn_teams_off
        turn(member.workplace, actor=Actor.of(member))
    else:
        rename_workplace(member, name=request.POST.get("name", ""))


@require_http_methods(["GET", "POST"])
@workplace_page(Right.CREATE_WORKPLACE)
def new_workplace(request: HttpRequest, member: Member) -> HttpResponse:
    """Make another workplace, which begins with its owner alone."""
    context: dict[str, Any] = {}
    name = request.POST.get("name", "")
    if request.method == "POST":
        try:
            made = made_once(
                member, request.POST, lambda: create_another_workplace(member, name=name).slug
            )
        except Invalid as invalid:
            context = {"name": name, "errors": invalid.errors}
        except SentOtherwise as other:
            already = ALREADY.format(f"The workplace /w/{other.made}/", "one")
            context = {"name": name, "errors": {"name": already}}
        else:
            return redirect("web:workplace", made)
    status = 422 if context else 200
    here = Here("settings", "workplace")
    return show(request, member, "web/new_workplace.html", context, here=here, status=status)


def _settings(
    request: HttpRequest, member: Member, page: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    template = "web/workplace_settings.html" if page == "workplace" else f"web/{page}.html"
    return show(request, member, template, context, here=Here("settings", page), status=status)
