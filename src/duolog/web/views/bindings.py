"""Team settings, Jira integration: choosing a space, linking, and what can be done with a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duolog.connections.queries import get_connection, list_connections
from duolog.core.errors import SyncError
from duolog.people.errors import Invalid, NotFound
from duolog.people.models import Member
from duolog.people.queries import list_members
from duolog.people.rights import Right, holds, require
from duolog.sync import services
from duolog.sync.mapping import Choice, ProjectMeta, fields_from_json
from duolog.sync.models import Binding
from duolog.sync.overview import count_links, last_change_at
from duolog.sync.proposal import Proposal
from duolog.sync.queries import Progress, binding_of, progress
from duolog.sync.services import Wish
from duolog.sync.spaces import list_accounts, list_spaces
from duolog.web.answers import go
from duolog.web.asking import asks_jira
from duolog.web.binding_rules import (
    CONFLICTS,
    DELETES,
    DIRECTIONS,
    STARTS,
    Chosen,
    what_linking_does,
)
from duolog.web.mapping_tables import Here as Ours
from duolog.web.mapping_tables import read_tables, tables_of
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.workplace import queries
from duolog.workplace.models import Team

STOP_POLLING: Final = 286
SAID: Final[Mapping[str, str]] = {
    "pause": "Paused. Changes on both sides are kept for later",
    "resume": "Going on",
    "sweep": "Comparing both sides",
}
FORM: Final = {
    "directions": DIRECTIONS,
    "starts": STARTS,
    "conflict_choices": CONFLICTS,
    "delete_choices": DELETES,
}


@require_GET
@workplace_page
def page(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """The team's binding; else a space to choose."""
    team = queries.get_team(member.workplace, prefix)
    binding = binding_of(team)
    if binding is not None:
        return _bound(request, member, binding)
    return _choose(request, member, team)


@require_GET
@workplace_page
@asks_jira
def proposal(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """What linking the team with the chosen space would mean."""
    team = queries.get_team(member.workplace, prefix)
    space = request.GET.get("space", "")
    if not space or binding_of(team) is not None:
        return redirect("web:team-jira", member.workplace.slug, prefix)
    return _propose(request, member, team, space)


@require_GET
@workplace_page
@asks_jira
def spaces(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """The spaces that match what is typed."""
    team = queries.get_team(member.workplace, prefix)
    connection = get_connection(member.workplace, _number(request.GET.get("connection", "")))
    query = request.GET.get("q", "")
    context: dict[str, Any] = {"q": query, "connection": connection}
    try:
        context["spaces"] = list_spaces(member, team, connection, query)
    except SyncError as error:
        context["problem"] = error
    return show_part(request, member, "web/jira/spaces.html", context)


@require_GET
@workplace_page
def summary(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """What linking would do with the options as they are chosen now."""
    queries.get_team(member.workplace, prefix)
    items, issues = (_number(request.GET.get(name, "")) for name in ("items", "issues"))
    words = what_linking_does(Chosen.of(request.GET), items=items, issues=issues)
    return show_part(request, member, "web/jira/summary.html", {"words": words})


@require_POST
@workplace_page
@asks_jira
def link(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """Keep the team in step with the space from now on."""
    team = queries.get_team(member.workplace, prefix)
    space = request.POST.get("space", "")
    connection = get_connection(member.workplace, _number(request.POST.get("connection", "")))
    chosen = Chosen.of(request.POST)
    try:
        wish = Wish(
            connection,
            space,
            chosen.rules(),
            chosen.beginning(),
            read_tables(request.POST, {}),
        )
        services.bind_team(member, team, wish)
    except Invalid as invalid:
        return _propose(request, member, team, space, errors=invalid.errors)
    messages.success(request, f"Linked with {space}")
    return redirect("web:team-jira", member.workplace.slug, team.key_prefix)


@require_GET
@workplace_page
def progress_card(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """How far it is; 286 ends the asking."""
    binding = _binding(member, prefix)
    told = progress(binding)
    status = 200 if told.is_running else STOP_POLLING
    context = _progress_context(member, binding, told)
    return show_part(request, member, "web/jira/progress.html", context, status=status)


@require_POST
@workplace_page
def rules(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """Other rules from now on."""
    binding = _binding(member, prefix)
    chosen = Chosen.of({**vars_of(binding), **request.POST.dict()})
    services.change_rules(member, binding, chosen.rules())
    messages.success(request, "Saved. Every link is looked at again under these rules")
    return redirect("web:team-jira", member.workplace.slug, prefix)


@require_http_methods(["GET", "POST"])
@workplace_page
@asks_jira
def mapping(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """Which value stands for which; people are asked for in Jira."""
    binding = _binding(member, prefix)
    require(member, Right.BIND, team=binding.team)
    if request.method == "GET":
        return _mapping(request, member, binding, binding.mapping, {})
    tables = read_tables(request.POST, binding.mapping)
    try:
        services.change_mapping(member, binding, tables)
    except Invalid as invalid:
        return _mapping(request, member, binding, tables, invalid.errors)
    messages.success(request, "Saved. What was held is tried again")
    return redirect("web:team-jira", member.workplace.slug, prefix)


@require_POST
@workplace_page
def act(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """Pause, go on, or compare both sides now."""
    binding = _binding(member, prefix)
    wanted = request.POST.get("act", "")
    acts = {"pause": services.pause, "resume": services.resume, "sweep": services.sweep_now}
    if wanted not in acts:
        raise Invalid({"act": "Choose what is to be done."})
    acts[wanted](member, binding)
    messages.success(request, SAID[wanted])
    return redirect("web:team-jira", member.workplace.slug, prefix)


@require_http_methods(["GET", "POST"])
@workplace_page
def unlink(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """The dialog that says what stops and stays; then the end of the binding."""
    binding = _binding(member, prefix)
    require(member, Right.BIND, team=binding.team)
    if request.method == "GET":
        context = {"team": binding.team, "binding": binding, "links": count_links(binding)}
        return show_part(request, member, "web/jira/unlink.html", context)
    services.unbind(member, binding)
    messages.success(request, f"Unlinked from {binding.jira_project_key}")
    return go(reverse("web:team-jira", args=[member.workplace.slug, prefix]))


def vars_of(binding: Binding) -> dict[str, str]:
    """The present rules, under the names the form sends."""
    chosen = Chosen.of_binding(binding)
    return {
        "direction": chosen.direction,
        "conflict_policy": chosen.conflict_policy,
        "on_delete_here": chosen.on_delete_here,
        "on_delete_jira": chosen.on_delete_jira,
    }


def _binding(member: Member, prefix: str) -> Binding:
    binding = binding_of(queries.get_team(member.workplace, prefix))
    if binding is None:
        raise NotFound("This team is not linked with Jira.")
    return binding


def _choose(request: HttpRequest, member: Member, team: Team) -> HttpResponse:
    connections = list_connections(member.workplace)
    context = {
        "team": team,
        "connections": connections,
        "chosen_connection": _number(request.GET.get("connection", ""))
        or (connections[0].pk if connections else 0),
        "may_bind": holds(member, Right.BIND, team=team),
        "may_connect": holds(member, Right.CONNECT),
    }
    return _show(request, member, team, "web/jira/team_choose.html", context)


def _propose(
    request: HttpRequest,
    member: Member,
    team: Team,
    space: str,
    *,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    given = request.POST or request.GET
    connection = get_connection(member.workplace, _number(given.get("connection", "")))
    found = services.propose_binding(member, team, connection, space)
    chosen = Chosen.of(given)
    context = {
        **FORM,
        "team": team,
        "connection": connection,
        "proposal": found,
        "chosen": chosen,
        "errors": errors or {},
        "tables": _proposed_tables(member, team, found, request),
        "words": what_linking_does(chosen, items=found.items_here, issues=found.issues_there),
    }
    status = 422 if errors else 200
    return _show(request, member, team, "web/jira/team_propose.html", context, status=status)


def _proposed_tables(
    member: Member, team: Team, found: Proposal, request: HttpRequest
) -> tuple[Any, ...]:
    fields = found.fields
    if request.method == "POST":
        fields = fields_from_json(read_tables(request.POST, {}), found.meta)
    return tables_of(fields, found.meta, _ours(member, team), found.accounts)


def _ours(member: Member, team: Team) -> Ours:
    return Ours(
        statuses=[Choice(str(each.pk), each.name) for each in team.statuses.all()],
        members=[Choice(str(each.pk), each.name) for each in list_members(member.workplace)],
    )


def _mapping(
    request: HttpRequest,
    member: Member,
    binding: Binding,
    stored: Mapping[str, Any],
    errors: Mapping[str, str],
) -> HttpResponse:
    meta = ProjectMeta.from_json(binding.project_meta)
    accounts = list_accounts(binding.connection, binding.jira_project_key)
    fields = fields_from_json(stored, meta)
    context = {
        "team": binding.team,
        "binding": binding,
        "tables": tables_of(fields, meta, _ours(member, binding.team), accounts),
        "errors": errors,
    }
    status = 422 if errors else 200
    return _show(
        request, member, binding.team, "web/jira/team_mapping.html", context, status=status
    )


def _bound(request: HttpRequest, member: Member, binding: Binding) -> HttpResponse:
    context = {
        **FORM,
        **_progress_context(member, binding, progress(binding)),
        "team": binding.team,
        "chosen": Chosen.of_binding(binding),
        "links": count_links(binding),
    }
    return _show(request, member, binding.team, "web/jira/team_bound.html", context)


def _progress_context(member: Member, binding: Binding, told: Progress) -> dict[str, Any]:
    url = reverse("web:team-progress", args=[member.workplace.slug, binding.team.key_prefix])
    return {
        "binding": binding,
        "progress": told,
        "progress_url": url,
        "minutes_left": (told.seconds_left or 0) // 60,
        "last_change": last_change_at(binding),
        "may_bind": holds(member, Right.BIND, team=binding.team),
    }


def _show(
    request: HttpRequest,
    member: Member,
    team: Team,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    here = Here("settings", "team", settings_team=team)
    return show(request, member, template, context, here=here, status=status)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
