"""Team settings, Jira integration: choosing a space, what it would mean, linking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from duolog.connections.queries import get_connection, list_connections
from duolog.core.errors import SyncError
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.binding import services
from duolog.sync.binding.proposal import Proposal
from duolog.sync.binding.rules import Rules
from duolog.sync.binding.services import Wish
from duolog.sync.binding.spaces import list_spaces
from duolog.sync.mapping import fields_from_json
from duolog.sync.shown.queries import binding_of
from duolog.web.asking import asks_jira
from duolog.web.pages import show_part, workplace_page
from duolog.web.sync.binding_rules import Chosen, what_linking_does
from duolog.web.sync.findings import Examined
from duolog.web.sync.mapping_tables import read_tables, tables_of
from duolog.web.sync.narrowing import Narrowing
from duolog.web.sync.places_bound import place_of_team
from duolog.web.sync.screen_table import ScreenTable, screen_table
from duolog.web.sync.team_frame import FORM, number_in, ours, show_for_team, statuses_to_choose
from duolog.workplace import queries
from duolog.workplace.models import Team


@require_GET
@workplace_page(Right.BIND)
@asks_jira
def proposal(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """What linking the team with the chosen space would mean."""
    team = queries.get_team(member.workplace, prefix)
    space = request.GET.get("space", "")
    if not space or binding_of(team) is not None:
        return redirect("web:team-jira", member.workplace.slug, prefix)
    return _propose(request, member, team, space)


@require_GET
@workplace_page(Right.BIND)
@asks_jira
def spaces(
    request: HttpRequest, member: Member, prefix: str = "", project_id: int = 0
) -> HttpResponse:
    """The spaces that match what is typed, for a team or a project."""
    team = None if project_id else queries.get_team(member.workplace, prefix)
    connection = get_connection(member.workplace, number_in(request.GET.get("connection", "")))
    query = request.GET.get("q", "")
    context: dict[str, Any] = {"q": query, "connection": connection}
    try:
        context["spaces"] = list_spaces(member, team, connection, query)
    except SyncError as error:
        context["problem"] = error
    return show_part(request, member, "web/jira/spaces.html", context)


@require_GET
@workplace_page(Right.BIND)
def summary(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """What linking would do with the options as they are chosen now."""
    queries.get_team(member.workplace, prefix)
    items, issues = (number_in(request.GET.get(name, "")) for name in ("items", "issues"))
    words = what_linking_does(Chosen.of(request.GET), items=items, issues=issues)
    return show_part(request, member, "web/jira/summary.html", {"words": words})


@require_POST
@workplace_page(Right.BIND)
@asks_jira
def link(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """Keep the team in step with the space from now on."""
    team = queries.get_team(member.workplace, prefix)
    space = request.POST.get("space", "")
    connection = get_connection(member.workplace, number_in(request.POST.get("connection", "")))
    chosen = Chosen.of(request.POST)
    try:
        wish = Wish(
            connection,
            space,
            narrowed(request.POST, chosen.rules()),
            chosen.beginning(),
            read_tables(request.POST, {}),
            chosen.beginning_there(),
            preview="preview" in request.POST,
        )
        binding = services.bind_team(member, team, wish)
    except Invalid as invalid:
        if "team_id" in invalid.errors:  # linked by now, perhaps by this very form
            return redirect("web:team-jira", member.workplace.slug, team.key_prefix)
        return _propose(request, member, team, space, errors=invalid.errors)
    if wish.preview:
        return redirect("web:preview-binding", member.workplace.slug, binding.pk)
    messages.success(request, f"Linked with {space}")
    return redirect("web:team-jira", member.workplace.slug, team.key_prefix)


def choose(request: HttpRequest, member: Member, team: Team) -> HttpResponse:
    """The spaces to choose from, or what must come before."""
    context = {
        "team": team,
        "place": place_of_team(member.workplace.slug, team),
        **connections_to_choose(request, member),
        "may_bind": holds(member, Right.BIND, team=team),
        "may_connect": holds(member, Right.CONNECT),
    }
    return show_for_team(request, member, team, "web/jira/team_choose.html", context)


def connections_to_choose(request: HttpRequest, member: Member) -> dict[str, Any]:
    """For `web/jira/choose_space.html`: the first connection unless one was chosen."""
    connections = list_connections(member.workplace)
    chosen = number_in(request.GET.get("connection", ""))
    return {
        "connections": connections,
        "chosen_connection": chosen or (connections[0].pk if connections else 0),
    }


def narrowed(form: QueryDict, rules: Rules) -> Rules:
    """The rules as the form narrows them, where it draws that at all.  Raises Invalid."""
    return Narrowing.of(form).applied(rules) if "narrow" in form else rules


def _propose(
    request: HttpRequest,
    member: Member,
    team: Team,
    space: str,
    *,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    given = request.POST or request.GET
    connection = get_connection(member.workplace, number_in(given.get("connection", "")))
    found = services.propose_binding(member, team, connection, space)
    chosen = Chosen.of(given)
    context = {
        **FORM,
        **Narrowing.of(given).context(statuses_to_choose([team])),
        "team": team,
        "connection": connection,
        "proposal": found,
        "examined": Examined.of(found.findings),
        "chosen": chosen,
        "errors": errors or {},
        "tables": _proposed_tables(member, team, found, request),
        "screens": _proposed_screens(found, request),
        "words": what_linking_does(chosen, items=found.items_here, issues=found.issues_there),
    }
    status = 422 if errors else 200
    return show_for_team(
        request, member, team, "web/jira/team_propose.html", context, status=status
    )


def _proposed_tables(
    member: Member, team: Team, found: Proposal, request: HttpRequest
) -> tuple[Any, ...]:
    fields = found.fields
    if request.method == "POST":
        fields = fields_from_json(read_tables(request.POST, {}), found.meta)
    return tables_of(fields, found.meta, ours(member, team), found.accounts)


def _proposed_screens(found: Proposal, request: HttpRequest) -> ScreenTable:
    said = read_tables(request.POST, {})["screens"]["out"] if request.method == "POST" else {}
    return screen_table(found.screens, said, found.accounts)
