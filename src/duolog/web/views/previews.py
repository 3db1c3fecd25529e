"""What a binding would do, before it does it: looked at page by page, approved, or left out."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from duolog.people.errors import Invalid, Outdated
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.sync.basis.scopes import count_by_teams
from duolog.sync.binding import approval
from duolog.sync.binding.preview import begin_preview
from duolog.sync.models import Act, Preview
from duolog.sync.shown.previews import (
    count_entries,
    find_preview,
    get_preview,
    get_preview_entry,
    is_outdated,
    list_entries,
)
from duolog.sync.shown.queries import get_binding
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.sync.places_bound import place_of
from duolog.web.sync.preview_rows import ACTS, preview_rows
from duolog.web.sync.team_frame import number_in

ROWS: Final = 50
STOP_POLLING: Final = 286


@require_GET
@workplace_page(Right.BIND)
def page(request: HttpRequest, member: Member, binding_id: int) -> HttpResponse:
    """A page of the preview, narrowed to one act where asked for."""
    binding = get_binding(member.workplace, binding_id)
    preview = find_preview(binding)
    context: dict[str, Any] = {
        "binding": binding,
        "preview": preview,
        "place": place_of(member.workplace.slug, binding),
        "progress_url": _here(member, binding_id),
        "by_teams": count_by_teams(binding),
    }
    if preview is not None:
        context |= _listed(request, member, preview)
    if "HX-Request" in request.headers:
        is_moving = preview is not None and preview.state in ("making", "running")
        status = 200 if is_moving else STOP_POLLING
        return show_part(request, member, "web/jira/preview_body.html", context, status=status)
    if binding.project is not None:
        here, template = Here("project", project=binding.project), "web/jira/project_preview.html"
    else:
        here = Here("settings", "team", settings_team=binding.team)
        template = "web/jira/preview.html"
    return show(request, member, template, context, here=here)


@require_POST
@workplace_page(Right.BIND)
def begin(_request: HttpRequest, member: Member, binding_id: int) -> HttpResponse:
    """Look anew at all that the binding would do."""
    begin_preview(member, get_binding(member.workplace, binding_id))
    return redirect("web:preview-binding", member.workplace.slug, binding_id)


@require_POST
@workplace_page(Right.BIND)
def approve(request: HttpRequest, member: Member, binding_id: int) -> HttpResponse:
    """Carry out what is approved; what moved since is offered again, with the reason."""
    preview = get_preview(get_binding(member.workplace, binding_id))
    choice = request.POST.get("choice", "")
    if choice not in ("all", "none"):
        raise Invalid({"choice": "Approve what is listed, or nothing of it."})
    try:
        _must_be_seen(preview, request.POST.get("preview", ""))
        approval.approve(member, preview, None if choice == "all" else [])
    except Outdated as moved:
        messages.error(request, str(moved))
    else:
        messages.success(request, "Approved. It is carried out now, and nothing else")
    return redirect("web:preview-binding", member.workplace.slug, binding_id)


def _must_be_seen(preview: Preview, seen: str) -> None:
    if seen and number_in(seen) != preview.pk:
        raise Outdated("There is a newer preview. Look at this one before you approve.")


@require_POST
@workplace_page(Right.BIND)
def aside(request: HttpRequest, member: Member, preview_entry_id: int) -> HttpResponse:
    """Set one entry aside, so that approving leaves it out, or take it back; the counts follow."""
    entry = get_preview_entry(member.workplace, preview_entry_id)
    to_set = request.POST.get("aside", "yes") == "yes"
    approval.set_aside(member, entry.preview, [entry.pk], aside=to_set)
    entry.refresh_from_db()
    preview = entry.preview
    (row,) = preview_rows([entry], preview.binding)
    context = {
        "row": row,
        "preview": preview,
        "binding": preview.binding,
        "counts": count_entries(preview),
    }
    return show_part(request, member, "web/jira/preview_aside.html", context)


@require_POST
@workplace_page(Right.BIND)
def take_in(request: HttpRequest, member: Member, preview_entry_id: int) -> HttpResponse:
    """Approve one entry that was left out; it is carried out if it is still as it was."""
    entry = get_preview_entry(member.workplace, preview_entry_id)
    try:
        approval.approve(member, entry.preview, [entry.pk])
    except Outdated as moved:
        messages.error(request, str(moved))
    else:
        messages.success(request, "Approved. It is carried out now")
    return redirect("web:preview-binding", member.workplace.slug, entry.preview.binding_id)


def _listed(request: HttpRequest, member: Member, preview: Preview) -> dict[str, Any]:
    act = request.GET.get("act", "")
    act = act if act in Act.values else ""
    after = number_in(request.GET.get("after", ""))
    entries = list_entries(preview, act=act, after=after, limit=ROWS + 1)
    shown = entries[:ROWS]
    more = urlencode({**({"act": act} if act else {}), "after": shown[-1].pk}) if shown else ""
    here = _here(member, preview.binding_id)
    counts = count_entries(preview)
    return {
        "rows": preview_rows(shown, preview.binding),
        "counts": counts,
        "acts": [(name, words, counts.acts.get(name, 0)) for name, words in ACTS.items()],
        "act": act,
        "is_outdated": is_outdated(preview),
        "more_url": f"{here}?{more}" if len(entries) > ROWS else "",
    }


def _here(member: Member, binding_id: int) -> str:
    return reverse("web:preview-binding", args=[member.workplace.slug, binding_id])
