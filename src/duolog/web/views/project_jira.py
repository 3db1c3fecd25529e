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
from duolog.sync.basis.scopes import binding_of_project
from duolog.sync.binding.projects import (
    ProjectProposal,
    ProjectWish,
    bind_project,
    propose_project,
)
from duolog.sync.binding.proposal import Proposal
from duolog.sync.mapping import fields_from_json, table_of_team
from duolog.sync.shown.overview import list_outside
from duolog.sync.shown.progress import progress
from duolog.web.asking import asks_jira
from duolog.web.pages import Here, show, workplace_page
from duolog.web.sync.binding_rules import Chosen
from duolog.web.sync.findings import Examined
from duolog.web.sync.mapping_tables import PREFIX, Table, read_tables, tables_of
from duolog.web.sync.narrowing import Narrowing
from duolog.web.sync.places_bound import place_of_project
from duolog.web.sync.screen_table import ScreenTable, screen_table
from duolog.web.sync.team_frame import FORM, further_teams, number_in, ours, statuses_to_choose
from duolog.web.views.bindings import progress_context, show_bound
from duolog.web.views.linking import connections_to_choose, narrowed
from duolog.workplace import queries
from duolog.workplace.models import Project, Team


@require_GET
@workplace_page(Right.BIND)
def page(request: HttpRequest, member: Member, project_id: int) -> HttpResponse:
    """The spaces to choose from, or what must come before; once sent, how it stands, its rules."""
    project = queries.get_project(member.workplace, project_id)
    binding = binding_of_project(project)
    if binding is not None:
        return show_bound(request, member, binding)
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
        rules = narrowed(request.POST, chosen.rules())
        team = _receiver(request, member)
        wish = ProjectWish(
            connection,
            space,
            rules,
            chosen.beginning(),
            team,
            _tables_asked(request) if _has_tables(request) else None,
            preview="preview" in request.POST,
        )
        binding = bind_project(member, project, wish)
    except Invalid as invalid:
        if "project_id" not in invalid.errors:
            return _propose(request, member, project, space, errors=invalid.errors)
    else:
        if wish.preview:
            return redirect("web:preview-binding", member.workplace.slug, binding.pk)
        messages.success(request, f"Sending to {space}")
    return redirect("web:project", member.workplace.slug, project_id)  # sent, perhaps before


def _tables_asked(request: HttpRequest) -> dict[str, dict[str, dict[str, str]]]:
    """The tables of the form, that of statuses under the team for which it was drawn."""
    tables = read_tables(request.POST, {})
    tables[table_of_team(number_in(request.POST.get("drawn_for", "")))] = tables.pop("statuses")
    return tables


def _has_tables(request: HttpRequest) -> bool:
    """Whether the form drew the mapping; what was sent without it goes by what suggests itself."""
    return any(name.startswith(f"{PREFIX}|") for name in request.POST)


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
        **Narrowing.of(given).context(statuses_to_choose(told.teams)),
        "connection": connection,
        "told": told,
        "proposal": told.proposal,
        "examined": Examined.of(told.proposal.findings),
        "left_out": told.left_out_words,
        "tables": _tables(request, member, told),
        "screens": _screens(request, told.proposal),
        "chosen": Chosen.of(given),
        "errors": errors or {},
        "teams": [(team.key_prefix, team.shown_name) for team in teams],
        "receiver": given.get("team") or told.team.key_prefix,
    }
    status = 422 if errors else 200
    template = "web/jira/project_propose.html"
    return _show(request, member, project, template, context, status=status)


def _tables(request: HttpRequest, member: Member, told: ProjectProposal) -> tuple[Table, ...]:
    meta = told.proposal.meta
    stored = read_tables(request.POST, {}) if _has_tables(request) else None
    fields = told.proposal.fields if stored is None else fields_from_json(stored, meta)
    others = further_teams(told.teams[1:], stored or {}, meta)
    return tables_of(fields, meta, ours(member, told.team, others), told.proposal.accounts)


def _screens(request: HttpRequest, found: Proposal) -> ScreenTable:
    said = read_tables(request.POST, {})["screens"]["out"] if request.method == "POST" else {}
    return screen_table(found.screens, said, found.accounts)


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
