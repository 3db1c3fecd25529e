"""The page of one work item, and its parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duolog.core.durations import UnreadableDuration, parse_minutes
from duolog.core.worklogs import total
from duolog.people.errors import Invalid, NotFound, Stale
from duolog.people.models import Member
from duolog.people.queries import list_members
from duolog.people.rights import Right, holds
from duolog.sync.link.kept_back import readers_of
from duolog.sync.link.outside import outside_of
from duolog.sync.models import Link
from duolog.sync.shown.filed import standings_of
from duolog.sync.shown.queries import binding_of
from duolog.sync.shown.standing import standing_of
from duolog.web.answers import with_toast
from duolog.web.items.cards import cards_of, places_of
from duolog.web.items.properties import OWN, Property, offered, properties_of
from duolog.web.items.stream import VIEWS, stream_of
from duolog.web.items.times import Times, times_of
from duolog.web.pages import Here, show, show_part, workplace_page
from duolog.web.views.links import card_of, journal_of
from duolog.worklogs.queries import list_worklogs, time_of
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.files import FILE_MAX
from duolog.workplace.mentions import with_typed_mentions
from duolog.workplace.models import WorkItem
from duolog.workplace.name_lists import split_names
from duolog.workplace.services import update_item

PARTS: Final = (
    "note", "title", "description", "attachments", "relations", "children", "time", "activity",
    "properties", "badge", "jira",
)  # fmt: skip
SETTABLE: Final = frozenset(
    {
        "status", "priority", "assignee", "reporter", "type", "due_on", "start_on", "project",
        "labels", "components", "fix_versions", "parent", "estimate", "remaining",
    }
)  # fmt: skip


@require_GET
@workplace_page(Right.VIEW)
def page(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """All of one item."""
    context = context_of(request, member, key)
    if context["item"].key != key.upper():
        return redirect("web:item", member.workplace.slug, context["item"].key)
    here = Here(nav="team", team=context["item"].team)
    return show(request, member, "web/item/page.html", context, here=here)


@require_GET
@workplace_page(Right.VIEW)
def parts(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """The parts of an open page, as they are now."""
    return draw_parts(request, member, key, PARTS)


@require_GET
@workplace_page(Right.VIEW)
def part(request: HttpRequest, member: Member, key: str, name: str) -> HttpResponse:
    """One part."""
    if name not in PARTS:
        raise NotFound("An item has no such part.")
    return draw_parts(request, member, key, [name])


@require_POST
@workplace_page(Right.EDIT_ITEMS)
def set_properties(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """Store the one property that was changed, but over nothing that the page did not show."""
    asked = {
        name: value
        for name, value in request.POST.items()
        if isinstance(value, str) and (name in SETTABLE or name.startswith(OWN))
    }
    return _set(request, member, key, asked)


def _set(request: HttpRequest, member: Member, key: str, asked: dict[str, str]) -> HttpResponse:
    item = queries.get_item(member.workplace, key)
    shown = {each.name: each for each in _properties(member, item)}
    was = {name: request.POST.get("was", shown[name].value) for name in asked.keys() & shown.keys()}
    meant = {name: shown[name].meant(asked[name], was[name]) for name in was}
    if None in meant.values():
        noted = [
            each.refusing(asked[each.name]) if each.name in meant else each
            for each in shown.values()
        ]
        return draw_parts(request, member, key, ("properties",), status=409, properties=noted)
    changes = read_properties(member, asked | {k: v for k, v in meant.items() if v is not None})
    try:
        update_item(item.pk, changes, actor=Actor.of(member), expected_version=item.version)
    except Stale:
        return _set(request, member, key, asked)
    return draw_parts(
        request, member, key, ("properties", "activity", "title", "badge", "jira", "note")
    )


@require_http_methods(["GET", "POST"])
@workplace_page(Right.EDIT_ITEMS)
def edit_title(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """Write the title."""
    item = queries.get_item(member.workplace, key)
    return _edit(request, member, item, "title")


@require_http_methods(["GET", "POST"])
@workplace_page(Right.EDIT_ITEMS)
def edit_description(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """Write the description."""
    item = queries.get_item(member.workplace, key)
    return _edit(request, member, item, "description")


def _edit(request: HttpRequest, member: Member, item: WorkItem, field: str) -> HttpResponse:
    """A text that two people may write at once: what the form began with must still be there."""
    present: str = getattr(item, field)
    context: dict[str, Any] = {"item": item, "was": present, "given": present}
    template = f"web/item/{field}_form.html"
    if request.method == "GET":
        return show_part(request, member, template, context)
    given = _lines(request.POST.get(field, ""))
    context["given"] = given
    if _lines(request.POST.get("was", "")) not in {_lines(present), given}:
        return show_part(
            request, member, template, {**context, "is_stale": True, "theirs": present}, status=409
        )
    text = given if field == "title" else with_typed_mentions(member.workplace, given)
    try:
        update_item(item.pk, {field: text}, actor=Actor.of(member), expected_version=item.version)
    except Stale:
        return _edit(request, member, queries.get_item(member.workplace, item.pk), field)
    except Invalid as invalid:
        context["error"] = invalid.errors.get(field, str(invalid))
        return show_part(request, member, template, context, status=422)
    return with_toast(
        draw_parts(request, member, item.key, (field, "activity", "properties")), "Saved"
    )


def draw_parts(
    request: HttpRequest,
    member: Member,
    key: str,
    names: Iterable[str],
    *,
    status: int = 200,
    **otherwise: object,
) -> HttpResponse:
    """The named parts, each at the top level with its id, but for what is named otherwise."""
    templates = [f"web/item/{name}.html" for name in names]
    context = {**context_of(request, member, key), "part_names": templates, **otherwise}
    return show_part(request, member, "web/item/parts.html", context, status=status)


def context_of(request: HttpRequest, member: Member, key: str) -> dict[str, Any]:
    """What the page and its parts draw."""
    detail = queries.item_detail(member.workplace, key)
    item = detail.item
    may_edit = holds(member, Right.EDIT_ITEMS, team=item.team)
    view = request.GET.get("show", "all")
    standings = standings_of(item)
    files = cards_of(item, queries.list_attachments(item), member, standings.here)
    card = card_of(member, item)
    return {
        "item": item,
        **card,
        "is_bound": binding_of(item.team) is not None,
        "journal": journal_of(item) if view == "sync" else None,
        "children": detail.children,
        "files": files,
        "files_in_jira": standings.only_there,
        "places": places_of(member.workplace.slug, item, files),
        "file_max": FILE_MAX,
        "related": queries.list_related(item),
        "outside_links": outside_of(item),
        "web_links": queries.list_web_links(item),
        "times": _times(member, item, card.get("link")),
        "may_log": holds(member, Right.LOG_TIME, team=item.team),
        "stream": stream_of(detail, member, view, readers_of(item)),
        "stream_view": view,
        "stream_views": VIEWS,
        "properties": _properties(member, item),
        "may_edit": may_edit,
        "may_comment": holds(member, Right.COMMENT, team=item.team),
        "item_address": request.build_absolute_uri(f"/w/{member.workplace.slug}/items/{item.key}"),
    }


def _properties(member: Member, item: WorkItem) -> tuple[Property, ...]:
    choices = offered(
        item.team.statuses.all(),
        list_members(member.workplace),
        [each.project for each in queries.list_projects(member.workplace)],
        queries.list_properties(member.workplace),
    )
    return properties_of(item, choices, timezone.now().date())


def _times(member: Member, item: WorkItem, link: Link | None) -> Times:
    worklogs = list_worklogs(item)
    plan = time_of(item, total(worklogs))
    return times_of(item, worklogs, plan, standing_of(link, worklogs), member)


def read_properties(member: Member, asked: dict[str, str]) -> dict[str, object]:
    """What people typed as the services take it: names apart, a parent by its key, seconds."""
    changes: dict[str, object] = {k: v for k, v in asked.items() if not k.startswith(OWN)}
    for name in changes.keys() & {"estimate", "remaining"}:
        changes[f"{name}_seconds"] = _seconds(name, str(changes.pop(name)))
    for name in changes.keys() & {"labels", "components", "fix_versions"}:
        changes[name] = split_names(asked[name])
    if asked.get("parent", "").strip():
        changes["parent"] = queries.get_item(member.workplace, asked["parent"].strip()).pk
    own = {k.removeprefix(OWN): value for k, value in asked.items() if k.startswith(OWN)}
    return {**changes, "properties": own} if own else changes


def _seconds(name: str, text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return parse_minutes(text) * 60
    except UnreadableDuration as unreadable:
        raise Invalid({name: str(unreadable)}) from unreadable


def _lines(text: str) -> str:
    """Forms send CRLF; texts are stored with LF."""
    return text.replace("\r\n", "\n")
