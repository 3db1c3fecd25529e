"""Making teams, and a team's settings: name, statuses, people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duolog.people.errors import Invalid, NotFound
from duolog.people.models import Member
from duolog.people.queries import list_members
from duolog.people.rights import Right, holds
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.sync.team_frame import number_in
from duolog.web.views.settings import show_general
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.models import Stage, Status, Team
from duolog.workplace.services import (
    add_status,
    add_team_member,
    change_stage,
    create_team,
    remove_status,
    remove_team_member,
    rename_status,
    rename_team,
    reorder_statuses,
)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.CREATE_TEAM)
def new(request: HttpRequest, member: Member) -> HttpResponse:
    """Make a team."""
    here = Here("settings", "workplace")
    given = {name: request.POST.get(name, "") for name in ("name", "key_prefix")}
    if request.method == "GET":
        return show(request, member, "web/new_team.html", {"given": given}, here=here)
    try:
        made = create_team(
            member.workplace,
            name=given["name"],
            key_prefix=given["key_prefix"],
            actor=Actor.of(member),
        )
    except Invalid as invalid:
        context = {"given": given, "errors": invalid.errors}
        return show(request, member, "web/new_team.html", context, here=here, status=422)
    return redirect("web:team", member.workplace.slug, made.key_prefix)


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """The team's settings; those of a hidden team are the workplace's."""
    team = queries.get_team(member.workplace, prefix)
    if team.is_hidden:
        return redirect("web:settings", member.workplace.slug)
    return _page(request, member, team)


@require_POST
@workplace_page(Right.MANAGE_TEAM)
def rename(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """Give the team another name."""
    team = queries.get_team(member.workplace, prefix)
    try:
        rename_team(team.pk, request.POST.get("name", ""), actor=Actor.of(member))
    except Invalid as invalid:
        return _page(request, member, team, problem=str(invalid))
    return _saved(request, member, team)


@require_POST
@workplace_page(Right.MANAGE_TEAM)
def new_status(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """Add a status at the end."""
    team = queries.get_team(member.workplace, prefix)
    try:
        add_status(
            team.pk,
            name=request.POST.get("name", ""),
            stage=_stage(request.POST.get("stage", "")),
            actor=Actor.of(member),
        )
    except Invalid as invalid:
        return _page(request, member, team, problem=str(invalid))
    return _saved(request, member, team)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.MANAGE_TEAM)
def status(request: HttpRequest, member: Member, prefix: str, status_id: int) -> HttpResponse:
    """Change, move or remove a status; asked for by GET, the dialog that removes it."""
    team = queries.get_team(member.workplace, prefix)
    statuses = tuple(team.statuses.all())
    found = next((each for each in statuses if each.pk == status_id), None)
    if found is None:
        raise NotFound("There is no such status.")
    if request.method == "GET":
        heirs = tuple((str(each.pk), each.name) for each in statuses if each != found)
        context = {"team": team, "status": found, "heirs": heirs}
        return show_part(request, member, "web/remove_status.html", context)
    try:
        _change_status(request, Actor.of(member), found, statuses)
    except Invalid as invalid:
        return _page(request, member, team, problem=str(invalid))
    return _saved(request, member, team)


@require_POST
@workplace_page(Right.MANAGE_TEAM)
def team_member(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """Have somebody in the team, as its admin or not, or out of it."""
    team = queries.get_team(member.workplace, prefix)
    actor = Actor.of(member)
    who = number_in(request.POST.get("member", ""))
    try:
        if request.POST.get("act") == "remove":
            remove_team_member(team.pk, who, actor=actor)
        else:
            is_admin = request.POST.get("act") == "admin"
            add_team_member(team.pk, who, actor=actor, is_admin=is_admin)
    except Invalid as invalid:
        return _page(request, member, team, problem=str(invalid))
    return _saved(request, member, team)


def _change_status(
    request: HttpRequest, actor: Actor, status: Status, statuses: tuple[Status, ...]
) -> None:
    act = request.POST.get("act", "save")
    if act in {"up", "down"}:
        order = _moved([each.pk for each in statuses], status.pk, -1 if act == "up" else 1)
        reorder_statuses(status.team_id, order, actor=actor)
    elif act == "remove":
        remove_status(status.pk, to=number_in(request.POST.get("to", "")), actor=actor)
    else:
        rename_status(status.pk, request.POST.get("name", ""), actor=actor)
        change_stage(status.pk, _stage(request.POST.get("stage", "")), actor=actor)


def _moved(order: list[int], which: int, by: int) -> list[int]:
    place = order.index(which)
    target = min(max(place + by, 0), len(order) - 1)
    order.insert(target, order.pop(place))
    return order


def _stage(text: str) -> Stage:
    try:
        return Stage(text)
    except ValueError:
        raise Invalid({"stage": "Choose one of the stages."}) from None


def _saved(request: HttpRequest, member: Member, team: Team) -> HttpResponse:
    messages.success(request, "Saved")
    return redirect("web:team-settings", member.workplace.slug, team.key_prefix)


def _page(request: HttpRequest, member: Member, team: Team, *, problem: str = "") -> HttpResponse:
    if team.is_hidden:
        return show_general(request, member, {"problem": problem}, status=422)
    memberships = queries.list_team_members(team)
    inside = {each.member_id for each in memberships}
    context: dict[str, Any] = {
        "team": team,
        "statuses": team.statuses.all(),
        "stages": Stage.choices,
        "memberships": memberships,
        "others": [each for each in list_members(member.workplace) if each.pk not in inside],
        "may_manage": holds(member, Right.MANAGE_TEAM, team=team),
        "may_bind": holds(member, Right.BIND),
        "problem": problem,
    }
    here = Here("settings", "team", settings_team=team)
    code = 422 if problem else 200
    return show(request, member, "web/team_settings.html", context, here=here, status=code)
