"""The kinds of relations that a workplace adds, in its general settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.pages import workplace_page
from duolog.web.views.settings import show_general
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.services import (
    add_relation_kind,
    remove_relation_kind,
    rename_relation_kind,
)


@require_POST
@workplace_page(Right.MANAGE_PEOPLE)
def new_relation_kind(request: HttpRequest, member: Member) -> HttpResponse:
    """Add a kind of relation."""
    name, inverse_name = request.POST.get("name", ""), request.POST.get("inverse_name", "")
    try:
        add_relation_kind(member.workplace, name, inverse_name, actor=Actor.of(member))
    except Invalid as invalid:
        return show_general(request, member, {"problem": str(invalid)}, status=422)
    return _saved(request, member)


@require_POST
@workplace_page(Right.MANAGE_PEOPLE)
def relation_kind(request: HttpRequest, member: Member, kind_id: int) -> HttpResponse:
    """Rename a kind of relation, or remove it."""
    kind = queries.get_relation_kind(member.workplace, kind_id)
    actor = Actor.of(member)
    try:
        if request.POST.get("act") == "remove":
            remove_relation_kind(kind.pk, actor=actor)
        else:
            name, inverse_name = request.POST.get("name"), request.POST.get("inverse_name")
            rename_relation_kind(kind.pk, name=name, inverse_name=inverse_name, actor=actor)
    except Invalid as invalid:
        return show_general(request, member, {"problem": str(invalid)}, status=422)
    return _saved(request, member)


def _saved(request: HttpRequest, member: Member) -> HttpResponse:
    messages.success(request, "Saved")
    return redirect("web:settings", member.workplace.slug)
