"""`/work-items/{id}/relations` and `/web-links`: how an item stands to others, and to the web."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.naming import named
from duolog.api.once import create_once
from duolog.api.openapi import ONCE
from duolog.api.shapes import Body, Listing, Moment, RowId, Shape
from duolog.api.v1.work_item_shapes import ItemStatus
from duolog.api.v1.work_items import find_item
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.workplace import queries, services
from duolog.workplace.models import Stage, WebLink
from duolog.workplace.queries import Related

router = Router(tags=["Relations and web links"])


class OtherItem(Shape):
    """The item at the other end."""

    id: str
    key: str
    title: str
    status: ItemStatus


class RelationShape(Shape):
    """How this item stands to another; `type`, and in `words`, is read from this item's end."""

    id: str
    type: str
    words: str
    work_item_id: str
    work_item: OtherItem
    created_at: Moment


class NewRelation(Body):
    """This item so stands to that one.

    `type` is `blocks`, `is_blocked_by`, `relates_to`, `duplicates`, `is_duplicated_by`, or what
    `/relation-kinds` lists.
    """

    type: str
    work_item_id: RowId


class WebLinkShape(Shape):
    """An address of the web that belongs to the item."""

    id: str
    url: str
    title: str
    created_at: Moment


class NewWebLink(Body):
    """An http or https address; without a title it is named by its own words."""

    url: str
    title: str = ""


@router.get("/work-items/{item_id}/relations", response=Listing[RelationShape])
@states(Right.VIEW)
def list_relations(request: HttpRequest, item_id: str) -> Listing[RelationShape]:
    """All relations, by kind, as this item tells them; items in the trash are left out."""
    related = queries.list_related(find_item(request, item_id))
    return Listing[RelationShape](items=[_relation(each) for each in related])


@router.post("/work-items/{item_id}/relations", response={201: RelationShape}, openapi_extra=ONCE)
@states(Right.EDIT_ITEMS)
def create_relation(request: HttpRequest, item_id: str, body: NewRelation) -> HttpResponse:
    """Relate an item to another; a relation that is there already is answered as it is."""
    caller, item = caller_of(request), find_item(request, item_id)

    def create() -> RelationShape:
        reading = queries.get_reading(caller.workplace, body.type)
        with named({"work_item_id": "work_item"}):
            made = services.add_relation(item.pk, reading, body.work_item_id, actor=caller.actor)
        return _relation(queries.get_relation(item, made.pk))

    return create_once(request, create)


@router.get("/work-items/{item_id}/relations/{int:relation_id}", response=RelationShape)
@states(Right.VIEW)
def read_relation(request: HttpRequest, item_id: str, relation_id: int) -> RelationShape:
    """One relation."""
    return _relation(queries.get_relation(find_item(request, item_id), relation_id))


@router.delete("/work-items/{item_id}/relations/{int:relation_id}", response={204: None})
@states(Right.EDIT_ITEMS)
def delete_relation(request: HttpRequest, item_id: str, relation_id: int) -> HttpResponse:
    """Take a relation away from both of its items."""
    related = queries.get_relation(find_item(request, item_id), relation_id)
    services.remove_relation(related.relation.pk, actor=caller_of(request).actor)
    return HttpResponse(status=204)


@router.get("/work-items/{item_id}/web-links", response=Listing[WebLinkShape])
@states(Right.VIEW)
def list_web_links(request: HttpRequest, item_id: str) -> Listing[WebLinkShape]:
    """All web links, in order of time."""
    links = queries.list_web_links(find_item(request, item_id))
    return Listing[WebLinkShape](items=[_web_link(each) for each in links])


@router.post("/work-items/{item_id}/web-links", response={201: WebLinkShape}, openapi_extra=ONCE)
@states(Right.EDIT_ITEMS)
def create_web_link(request: HttpRequest, item_id: str, body: NewWebLink) -> HttpResponse:
    """Add an address; one that is there already takes the title, if one is given."""
    actor, item = caller_of(request).actor, find_item(request, item_id)
    return create_once(
        request,
        lambda: _web_link(services.add_web_link(item.pk, body.url, body.title, actor=actor)),
    )


@router.delete("/work-items/{item_id}/web-links/{int:web_link_id}", response={204: None})
@states(Right.EDIT_ITEMS)
def delete_web_link(request: HttpRequest, item_id: str, web_link_id: int) -> HttpResponse:
    """Take an address off the item."""
    link = queries.get_web_link(find_item(request, item_id), web_link_id)
    services.remove_web_link(link.pk, actor=caller_of(request).actor)
    return HttpResponse(status=204)


def _relation(related: Related) -> RelationShape:
    other = related.other
    return RelationShape(
        id=str(related.relation.pk),
        type=related.reading.value,
        words=related.reading.words,
        work_item_id=str(other.pk),
        work_item=OtherItem(
            id=str(other.pk),
            key=other.key,
            title=other.title,
            status=ItemStatus(
                id=str(other.status_id), name=other.status.name, stage=Stage(other.status.stage)
            ),
        ),
        created_at=related.relation.created_at,
    )


def _web_link(link: WebLink) -> WebLinkShape:
    return WebLinkShape(id=str(link.pk), url=link.url, title=link.title, created_at=link.created_at)
