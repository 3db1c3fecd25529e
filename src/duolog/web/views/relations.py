"""Relating an item to others, and to addresses of the web."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right
from duolog.web.answers import done, with_toast
from duolog.web.pages import show_part, workplace_page
from duolog.web.views.item import draw_parts
from duolog.workplace import queries
from duolog.workplace.actors import Actor
from duolog.workplace.models import Reading, WorkItem
from duolog.workplace.services import (
    add_relation,
    add_web_link,
    remove_relation,
    remove_web_link,
)

CHANGED = ("relations", "activity", "properties")
MOST_FOUND = 8


@require_http_methods(["GET", "POST"])
@workplace_page(Right.EDIT_ITEMS)
def relate(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """The dialog that picks another item, and the relating."""
    item = queries.get_item(member.workplace, key)
    if request.method == "GET":
        return _picker(request, member, item)
    try:
        other = queries.get_item(member.workplace, request.POST.get("work_item", ""))
        reading = queries.get_reading(member.workplace, request.POST.get("type", ""))
        add_relation(item.pk, reading, other.pk, actor=Actor.of(member))
    except Invalid as invalid:
        return _picker(request, member, item, str(invalid))
    return _closed("The items are linked")


@require_GET
@workplace_page(Right.EDIT_ITEMS)
def find(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """The items that the picker offers."""
    item = queries.get_item(member.workplace, key)
    text = request.GET.get("q", "").strip()
    found = queries.find(member.workplace, text, MOST_FOUND + 1) if text else ()
    others = [other for other in found if other.pk != item.pk][:MOST_FOUND]
    context = {"item": item, "q": text, "others": others}
    return show_part(request, member, "web/item/relation_found.html", context)


@require_POST
@workplace_page(Right.EDIT_ITEMS)
def remove(request: HttpRequest, member: Member, key: str, relation_id: int) -> HttpResponse:
    """End the relation."""
    item = queries.get_item(member.workplace, key)
    related = queries.get_relation(item, relation_id)
    remove_relation(related.relation.pk, actor=Actor.of(member))
    answer = draw_parts(request, member, key, CHANGED)
    return with_toast(answer, f"{related.other.key} is no longer linked")


@require_http_methods(["GET", "POST"])
@workplace_page(Right.EDIT_ITEMS)
def add_address(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """The dialog that takes an address of the web, and the adding."""
    item = queries.get_item(member.workplace, key)
    template = "web/item/web_link_form.html"
    if request.method == "GET":
        return show_part(request, member, template, {"item": item})
    url, title = request.POST.get("url", ""), request.POST.get("title", "")
    try:
        add_web_link(item.pk, url, title, actor=Actor.of(member))
    except Invalid as invalid:
        given = {"url": url, "title": title}
        context = {"item": item, "given": given, "errors": invalid.errors}
        return show_part(request, member, template, context, status=422)
    return _closed("The address is added")


@require_POST
@workplace_page(Right.EDIT_ITEMS)
def remove_address(
    request: HttpRequest, member: Member, key: str, web_link_id: int
) -> HttpResponse:
    """Take the address off the item."""
    item = queries.get_item(member.workplace, key)
    link = queries.get_web_link(item, web_link_id)
    remove_web_link(link.pk, actor=Actor.of(member))
    return with_toast(draw_parts(request, member, key, CHANGED), f"{link.title} is removed")


def _picker(request: HttpRequest, member: Member, item: WorkItem, error: str = "") -> HttpResponse:
    chosen = request.POST.get("type", Reading.RELATES_TO.value)
    offered = queries.list_readings(member.workplace)
    choices = [(each.value, each.words.capitalize()) for each in offered]
    context = {"item": item, "choices": choices, "chosen": chosen, "error": error}
    status = 422 if error else 200
    return show_part(request, member, "web/item/relation_form.html", context, status=status)


def _closed(said: str) -> HttpResponse:
    answer = done(said)
    trigger_client_event(answer, "close-dialog", {})
    return answer
