"""Team settings, Jira integration: how a linked team stands, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duolog.core.errors import SyncError
from duolog.core.fields import FieldMap
from duolog.people.errors import Invalid, NotFound, Outdated
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.sync.basis.own_properties import list_offers, with_likely_options
from duolog.sync.basis.scopes import binding_of_project, teams_of
from duolog.sync.basis.screen_fields import list_screen_fields
from duolog.sync.binding import services
from duolog.sync.binding.examining import check_binding
from duolog.sync.binding.proposal import suggest_for
from duolog.sync.binding.renewal import renew_now
from duolog.sync.binding.rules import Rules
from duolog.sync.binding.spaces import list_accounts
from duolog.sync.binding.stopping import stop
from duolog.sync.mapping import Choice, ProjectMeta, fields_from_json, fields_to_json
from duolog.sync.models import Binding
from duolog.sync.shown.overview import count_links, last_change_at
from duolog.sync.shown.progress import Progress, progress
from duolog.sync.shown.queries import binding_of, epic_url
from duolog.web.answers import go, leave
from duolog.web.asking import asks_jira, said
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.seen import Shown, caught_up, overtaken, told, values_of, was_of, with_seen
from duolog.web.sync.binding_rules import Chosen
from duolog.web.sync.findings import Examined
from duolog.web.sync.mapping_shown import Drawn
from duolog.web.sync.mapping_tables import (
    PREFIX,
    filled_in,
    read_tables,
    stored_in,
    tables_of,
)
from duolog.web.sync.narrowing import Narrowing
from duolog.web.sync.places_bound import place_of
from duolog.web.sync.rules_shown import apart, drawn, in_one, shown_rules
from duolog.web.sync.screen_table import screen_table
from duolog.web.sync.team_frame import (
    FORM,
    further_teams,
    likely_tables,
    ours,
    show_for_team,
    statuses_to_choose,
)
from duolog.web.views.linking import choose, narrowed
from duolog.workplace import queries

STOP_POLLING: Final = 286
SAID: Final[Mapping[str, str]] = {
    "pause": "Paused. Changes on both sides are kept for later",
    "resume": "Going on",
    "sweep": "Comparing both sides",
    "stop": "Stopped. What was not sent yet stays here",
}


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member, prefix: str) -> HttpResponse:
    """The team's binding; else a space to choose."""
    team = queries.get_team(member.workplace, prefix)
    binding = binding_of(team)
    if binding is not None:
        return show_bound(request, member, binding)
    return choose(request, member, team)


@require_GET
@workplace_page(Right.VIEW)
def progress_card(
    request: HttpRequest, member: Member, prefix: str = "", project_id: int = 0
) -> HttpResponse:
    """How far it is; 286 ends the asking."""
    binding = _binding(member, prefix, project_id)
    told = progress(binding)
    status = 200 if told.is_running else STOP_POLLING
    context = progress_context(member, binding, told)
    return show_part(request, member, "web/jira/progress.html", context, status=status)


@require_POST
@workplace_page(Right.BIND)
def rules(
    request: HttpRequest, member: Member, prefix: str = "", project_id: int = 0
) -> HttpResponse:
    """Other rules from now on."""
    return _save_rules(request, member, _binding(member, prefix, project_id))


def _save_rules(request: HttpRequest, member: Member, binding: Binding) -> HttpResponse:
    """What was changed in the form, but over nothing that it did not show."""
    now, form = drawn(request.POST, _shown_rules(binding)), in_one(request.POST)
    meant = apart(caught_up(form, values_of(now)))
    if moved := told(form, now):
        return show_bound(request, member, binding, form=meant, moved=moved)
    try:
        _change_rules(member, binding, meant)
    except Outdated:
        binding.refresh_from_db()
        return _save_rules(request, member, binding)
    except Invalid as invalid:
        if "jql" not in invalid.errors:
            raise
        return show_bound(request, member, binding, form=meant, errors=invalid.errors)
    messages.success(request, "Saved. Every link is looked at again under these rules")
    return redirect(place_of(member.workplace.slug, binding).jira)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.BIND)
@asks_jira
def mapping(
    request: HttpRequest, member: Member, prefix: str = "", project_id: int = 0
) -> HttpResponse:
    """Which value stands for which; people are asked for in Jira."""
    binding = _binding(member, prefix, project_id)
    if request.method == "GET":
        return _mapping(request, member, binding, binding.mapping)
    return _save_mapping(request, member, binding)


def _save_mapping(request: HttpRequest, member: Member, binding: Binding) -> HttpResponse:
    """What was changed in the form, but over nothing that it did not show."""
    form = with_seen(request.POST, f"{PREFIX}|")
    shown = values_of(_drawn(member, binding, binding.mapping).shown())
    now = {name: shown.get(name, it) for name, it in stored_in(form, binding.mapping).items()}
    tables = with_likely_options(binding, read_tables(caught_up(form, now), binding.mapping))
    if overtaken(form, now):
        return _mapping(request, member, binding, tables, form=form)
    if "suggest" in form:
        return _mapping(request, member, binding, tables)
    try:
        services.change_mapping(member, binding, tables, seen=binding.mapping)
    except Outdated:
        binding.refresh_from_db()
        return _save_mapping(request, member, binding)
    except Invalid as invalid:
        return _mapping(request, member, binding, tables, errors=invalid.errors)
    messages.success(request, "Saved. What was held is tried again")
    return redirect(place_of(member.workplace.slug, binding).home)


@require_POST
@workplace_page(Right.BIND)
@asks_jira
def renew_mapping(
    request: HttpRequest, member: Member, prefix: str = "", project_id: int = 0
) -> HttpResponse:
    """Have Jira say anew which types, statuses and fields the space offers."""
    binding = renew_now(member, _binding(member, prefix, project_id))
    messages.success(
        request, "Read anew. " + (binding.gaps[0] if binding.gaps else "The mapping lacks nothing")
    )
    return redirect(place_of(member.workplace.slug, binding).mapping)


@require_GET
@workplace_page(Right.BIND)
@asks_jira
def check(
    request: HttpRequest, member: Member, prefix: str = "", project_id: int = 0
) -> HttpResponse:
    """What stands in the way, by Jira as it is now."""
    binding = _binding(member, prefix, project_id)
    context = {"examined": Examined.of(check_binding(member, binding))}
    return show_part(request, member, "web/jira/findings.html", context)


@require_POST
@workplace_page(Right.BIND)
def act(
    request: HttpRequest, member: Member, prefix: str = "", project_id: int = 0
) -> HttpResponse:
    """Pause, go on, or compare both sides now."""
    binding = _binding(member, prefix, project_id)
    wanted = request.POST.get("act", "")
    acts = {
        "pause": services.pause,
        "resume": services.resume,
        "sweep": services.sweep_now,
        "stop": stop,
    }
    if wanted not in acts:
        raise Invalid({"act": "Choose what is to be done."})
    acts[wanted](member, binding)
    messages.success(request, SAID[wanted])
    return leave(request, place_of(member.workplace.slug, binding).home)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.BIND)
def unlink(
    request: HttpRequest, member: Member, prefix: str = "", project_id: int = 0
) -> HttpResponse:
    """The dialog that says what stops and stays; then the end of the binding."""
    binding = _binding(member, prefix, project_id)
    if request.method == "GET":
        context = {
            "place": place_of(member.workplace.slug, binding),
            "binding": binding,
            "links": count_links(binding),
        }
        return show_part(request, member, "web/jira/unlink.html", context)
    services.unbind(member, binding)
    messages.success(request, f"Unlinked from {binding.jira_project_key}")
    return go(place_of(member.workplace.slug, binding).home)


def _present_rules(binding: Binding) -> dict[str, str]:
    """The present rules, under the names the form sends."""
    chosen = Chosen.of_binding(binding)
    return {
        "direction": chosen.direction,
        "conflict_policy": chosen.conflict_policy,
        "on_delete_here": chosen.on_delete_here,
        "on_delete_jira": chosen.on_delete_jira,
    }


def _binding(member: Member, prefix: str, project_id: int = 0) -> Binding:
    if project_id:
        binding = binding_of_project(queries.get_project(member.workplace, project_id))
    else:
        binding = binding_of(queries.get_team(member.workplace, prefix))
    if binding is None:
        raise NotFound(f"This {'project' if project_id else 'team'} is not linked with Jira.")
    return binding


def _mapping(
    request: HttpRequest,
    member: Member,
    binding: Binding,
    stored: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    form: QueryDict | None = None,
) -> HttpResponse:
    """The tables as stored, or as they were sent; what was overtaken of a form is told."""
    fill_in = form is None and "suggest" in request.POST
    meta = ProjectMeta.from_json(binding.project_meta)
    accounts, problem = _accounts(binding)
    suggested = suggest_for(binding.team, meta, accounts)
    if fill_in:
        others = teams_of(binding)[1:]
        stored = filled_in(stored, fields_to_json(suggested) | likely_tables(others, meta))
    page = _drawn(member, binding, stored, accounts, suggested)
    now = _drawn(member, binding, binding.mapping, accounts).shown()
    context = {
        "problem": problem,
        "filled_in": fill_in,
        "team": binding.team,
        "place": place_of(member.workplace.slug, binding),
        "binding": binding,
        "tables": page.tables,
        "unmapped": [it for it in page.tables if it.missing and it.kind != "users"],
        "can_suggest": page.can_suggest,
        "offers": page.offers,
        "screens": page.screens,
        "errors": errors or {},
        "was": was_of(now),
        "moved": () if form is None else told(form, now),
    }
    status = 409 if form is not None else 422 if errors else 200
    if binding.project is not None:
        here, template = Here("project", project=binding.project), "web/jira/project_mapping.html"
        return show(request, member, template, context, here=here, status=status)
    template = "web/jira/team_mapping.html"
    return show_for_team(request, member, binding.team, template, context, status=status)


def _drawn(
    member: Member,
    binding: Binding,
    stored: Mapping[str, Any],
    accounts: Sequence[Choice] = (),
    suggested: FieldMap | None = None,
) -> Drawn:
    meta = ProjectMeta.from_json(binding.project_meta)
    fields = fields_from_json(stored, meta)
    mine = ours(member, binding.team, further_teams(teams_of(binding)[1:], stored, meta))
    return Drawn(
        tables_of(fields, meta, mine, accounts, suggested=suggested),
        screen_table(list_screen_fields(binding), fields.screens.outbound, accounts),
        list_offers(binding, stored),
    )


def _accounts(binding: Binding) -> tuple[Sequence[Choice], str]:
    """The people of the space; none, and why, where Jira does not answer."""
    try:
        return list_accounts(binding.connection, binding.jira_project_key), ""
    except SyncError as error:
        return (), said(error)


def _change_rules(member: Member, binding: Binding, form: QueryDict) -> None:
    """Have the binding go by the rules of the form.  Raises Invalid, Outdated, SyncError."""
    chosen, kept = Chosen.of({**_present_rules(binding), **form.dict()}), Rules.of(binding)
    services.change_rules(member, binding, narrowed(form, chosen.rules(kept)), seen=kept)


def _shown_rules(binding: Binding) -> dict[str, Shown]:
    narrow = Narrowing.of_rules(Rules.of(binding))
    return shown_rules(Chosen.of_binding(binding), narrow, statuses_to_choose(teams_of(binding)))


def show_bound(
    request: HttpRequest,
    member: Member,
    binding: Binding,
    *,
    form: QueryDict | None = None,
    errors: Mapping[str, str] | None = None,
    moved: Sequence[str] = (),
) -> HttpResponse:
    """How a team or project stands with Jira, its rules or what a form made of them, and acts."""
    form = QueryDict() if form is None else form
    is_narrowing = "narrow" in form
    narrow = Narrowing.of(form) if is_narrowing else Narrowing.of_rules(Rules.of(binding))
    context = {
        **FORM,
        **narrow.context(statuses_to_choose(teams_of(binding))),
        "errors": errors or {},
        "moved": moved,
        "seen": values_of(_shown_rules(binding)),
        **progress_context(member, binding, progress(binding)),
        "team": binding.team,
        "chosen": Chosen.of({**_present_rules(binding), **form.dict()}),
        "links": count_links(binding),
    }
    status = 409 if moved else 422 if errors else 200
    if binding.project is not None:
        here, template = Here("project", project=binding.project), "web/jira/project_jira.html"
        return show(request, member, template, context, here=here, status=status)
    return show_for_team(
        request, member, binding.team, "web/jira/team_bound.html", context, status=status
    )


def progress_context(member: Member, binding: Binding, told: Progress) -> dict[str, Any]:
    """For `web/jira/progress.html`."""
    place = place_of(member.workplace.slug, binding)
    return {
        "binding": binding,
        "progress": told,
        "place": place,
        "progress_url": place.progress,
        "epic_url": epic_url(binding),
        "minutes_left": (told.seconds_left or 0) // 60,
        "last_change": last_change_at(binding),
        "may_bind": holds(member, Right.BIND, team=binding.team),
    }
