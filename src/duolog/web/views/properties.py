"""Settings: the properties that the workplace invents for its work items."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from duolog.core.properties import PropertyKind
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, holds
from duolog.web.pages import Here, show, workplace_page
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.models.properties import KINDS
from duolog.workplace.name_lists import split_names
from duolog.workplace.services import (
    archive_property,
    create_property,
    restore_property,
    update_property,
)


@require_http_methods(["GET", "POST"])
@workplace_page(Right.VIEW, to_write=Right.MANAGE_PROPERTIES)
def page(request: HttpRequest, member: Member) -> HttpResponse:
    """All properties; a new one is made here too."""
    if request.method == "GET":
        return _page(request, member)
    given = {name: request.POST.get(name, "") for name in ("name", "kind", "options")}
    options = split_names(given["options"])
    try:
        create_property(
            member.workplace, given["name"], given["kind"], options, actor=Actor.of(member)
        )
    except Invalid as invalid:
        return _page(request, member, {"given": given, "errors": invalid.errors})
    return _saved(request, member)


@require_POST
@workplace_page(Right.MANAGE_PROPERTIES)
def change(request: HttpRequest, member: Member, property_id: int) -> HttpResponse:
    """Rename a property, list its options anew, archive it, or bring it back."""
    actor = Actor.of(member)
    row = queries.get_property(member.workplace, property_id)
    try:
        match request.POST.get("act", "save"):
            case "archive":
                archive_property(row.pk, actor=actor)
            case "restore":
                restore_property(row.pk, actor=actor)
            case _:
                options = _options(request) if PropertyKind(row.kind).has_options else None
                update_property(
                    row.pk, actor=actor, name=request.POST.get("name", ""), options=options
                )
    except Invalid as invalid:
        return _page(request, member, {"problem": f"{row.name}: {invalid}"})
    return _saved(request, member)


def _options(request: HttpRequest) -> list[dict[str, str]]:
    """The options as the form names them; one whose name was emptied is taken away."""
    ids, names = request.POST.getlist("option-id"), request.POST.getlist("option")
    kept = [
        {"id": key, "name": name} for key, name in zip_longest(ids, names, fillvalue="") if name
    ]
    return [*kept, *({"name": name} for name in split_names(request.POST.get("more", "")))]


def _saved(request: HttpRequest, member: Member) -> HttpResponse:
    messages.success(request, "Saved")
    return redirect("web:properties", member.workplace.slug)


def _page(
    request: HttpRequest, member: Member, context: dict[str, Any] | None = None
) -> HttpResponse:
    whole = {
        "properties": queries.list_properties(member.workplace),
        "archived": queries.list_properties(member.workplace, archived=True),
        "kinds": KINDS,
        "may_manage": holds(member, Right.MANAGE_PROPERTIES),
        **(context or {}),
    }
    status = 422 if context else 200
    here = Here("settings", "properties")
    return show(request, member, "web/properties.html", whole, here=here, status=status)
