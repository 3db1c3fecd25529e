"""`/relation-kinds`: the kinds of relations that the workplace added to those all workplaces have."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.once import create_once
from duolog.api.openapi import ONCE
from duolog.api.shapes import Body, Listing, Shape
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.workplace import queries, services
from duolog.workplace.models import RelationKind

router = Router(tags=["Relations and web links"])


class RelationKindShape(Shape):
    """A kind of relation.

    `type` and `inverse_type` are what `/relations` takes and answers as `type`; they stay when
    the names change.
    """

    id: str
    name: str
    inverse_name: str
    type: str
    inverse_type: str


class NewRelationKind(Body):
    """What the first item is told to do, and the other; without the latter both are told alike."""

    name: str
    inverse_name: str = ""


class RelationKindChanges(Body):
    """What can be changed of a kind of relation."""

    name: str | None = None
    inverse_name: str | None = None


@router.get("/relation-kinds", response=Listing[RelationKindShape])
@states(Right.VIEW)
def list_relation_kinds(request: HttpRequest) -> Listing[RelationKindShape]:
    """The kinds of relations that the workplace added, by name."""
    kinds = queries.list_relation_kinds(caller_of(request).workplace)
    return Listing[RelationKindShape](items=[_kind(each) for each in kinds])


@router.post("/relation-kinds", response={201: RelationKindShape}, openapi_extra=ONCE)
@states(Right.MANAGE_PEOPLE)
def create_relation_kind(request: HttpRequest, body: NewRelationKind) -> HttpResponse:
    """Add a kind of relation, such as *causes* and *is caused by*."""
    caller = caller_of(request)
    return create_once(
        request,
        lambda: _kind(
            services.add_relation_kind(
                caller.workplace, body.name, body.inverse_name, actor=caller.actor
            )
        ),
    )


@router.patch("/relation-kinds/{int:kind_id}", response=RelationKindShape)
@states(Right.MANAGE_PEOPLE)
def update_relation_kind(
    request: HttpRequest, kind_id: int, body: RelationKindChanges
) -> RelationKindShape:
    """Have people read other words for it."""
    return _kind(
        services.rename_relation_kind(
            kind_id,
            name=body.name,
            inverse_name=body.inverse_name,
            actor=caller_of(request).actor,
        )
    )


@router.delete("/relation-kinds/{int:kind_id}", response={204: None})
@states(Right.MANAGE_PEOPLE)
def remove_relation_kind(request: HttpRequest, kind_id: int) -> HttpResponse:
    """Take away a kind by which no items are related any more."""
    services.remove_relation_kind(kind_id, actor=caller_of(request).actor)
    return HttpResponse(status=204)


def _kind(kind: RelationKind) -> RelationKindShape:
    return RelationKindShape(
        id=str(kind.pk),
        name=kind.name,
        inverse_name=kind.inverse_name,
        type=kind.value,
        inverse_type=kind.inverse_value,
    )
