"""A project and Jira: choosing a space, what sending would mean, sending; how it stands since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from duolog.connections.queries import get_connection
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.overview import list_outside
from duolog.sync.progress import progress
from duolog.sync.project_binding import ProjectWish, bind_project, propose_project
from duolog.sync.scopes import binding_of_project
from duolog.web.asking import asks_jira
from duolog.web.binding_rules import Chosen
from duolog.web.narrowing import Narrowing
from duolog.web.pages import Here, show, workplace_page
from duolog.web.places_bound import place_of_project
from duolog.web.team_frame import FORM, number_in
from duolog.web.views.bindings import progress_context
from duolog.web.views.linking import connections_to_choose, narrowed
from duolog.workplace import queries
from duolog.workplace.models import Project, Team


@require_GET
@workplace_page(Right.BIND)
def page(request: HttpRequest, member: Member, project_id: int) -> HttpResponse:
    """The spaces to choose from, or what must come before; once sent, the project's own page."""
    project = queries.get_project(member.workplace, project_id)
    place = place_of_project(member.workplace.slug, project)
    if binding_of_project(project) is not None:
        return redirect(place.home)
    context = {
        **connections_to_choose(request, member),
        "may_connect": holds(member, Right.CONNECT),
    }
    return _show(request, member, project, "web/jira/project_choose.html", context)


@require_GET
@workplace_page(Right.BIND)
@asks_jira
def proposal(request: HttpRequest, member: Member, project_id: int) -> HttpResponse:
    """What sending the project to the chosen space would mean."""
    project = queries.get_project(member.workplace, project_id)
    space = request.GET.get("space", "")
    if not space or binding_of_project(project) is not None:
        return redirect("web:project-jira", member.workplace.slug, project_id)
    return _propose(request, member, project, space)


@require_POST
@workplace_page(Right.BIND)
@asks_jira
def send(request: HttpRequest, member: Member, project_id: int) -> HttpResponse:
    """Make the epic, and keep the project's items in step below it from now on."""
    project = queries.get_project(member.workplace, project_id)
    space = request.POST.get("space", "")
    connection = get_connection(member.workplace, number_in(request.POST.get("connection", "")))
    chosen = Chosen.of(request.POST)
    try:
        rules = narrowed(request, chosen.rules())
        team = _receiver(request, member)
        wish = ProjectWish(connection, space, rules, chosen.beginning(), team)
        bind_project(member, project, wish)
    except Invalid as invalid:
        if "project_id" not in invalid.errors:
            return _propose(request, member, project, space, errors=invalid.errors)
    else:
        messages.success(request, f"Sending to {space}")
    return redirect("web:project", member.workplace.slug, project_id)  # sent, perhaps before


def bound_context(member: Member, project: Project) -> dict[str, Any]:
    """For the project's own page: how it stands with Jira, and whether it may be sent there."""
    binding = binding_of_project(project)
    if binding is None:
        return {"binding": None, "may_bind": holds(member, Right.BIND)}
    return {
        **progress_context(member, binding, progress(binding)),
        "outside": list_outside(binding),
    }


def _receiver(request: HttpRequest, member: Member) -> Team | None:
    asked = request.POST.get("team", "")
    return queries.get_team(member.workplace, asked) if asked else None


def _propose(
    request: HttpRequest,
    member: Member,
    project: Project,
    space: str,
    *,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    given = request.POST or request.GET
    connection = get_connection(member.workplace, number_in(given.get("connection", "")))
    told = propose_project(member, project, connection, space)
    teams = queries.list_teams(member.workplace)
    context = {
        **FORM,
        **Narrowing.of(given).context(()),
        "connection": connection,
        "told": told,
        "proposal": told.proposal,
        "chosen": Chosen.of(given),
        "errors": errors or {},
        "teams": [(team.key_prefix, team.shown_name) for team in teams],
        "receiver": given.get("team") or told.team.key_prefix,
    }
    status = 422 if errors else 200
    template = "web/jira/project_propose.html"
    return _show(request, member, project, template, context, status=status)


def _show(
    request: HttpRequest,
    member: Member,
    project: Project,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    place = place_of_project(member.workplace.slug, project)
    whole = {"project": project, "place": place, **context}
    here = Here("project", project=project)
    return show(request, member, template, whole, here=here, status=status)
