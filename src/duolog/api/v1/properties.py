"""`/properties`: the fields that a workplace invents for its work items."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from duolog.api.callers import caller_of
from duolog.api.once import create_once
from duolog.api.openapi import ONCE
from duolog.api.shapes import Body, Listing, Moment, Shape
from duolog.core.properties import PropertyKind
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.workplace import queries, services
from duolog.workplace.models import Property

router = Router(tags=["Properties"])


class PropertyOption(Shape):
    """What a select offers; the id stays when it is renamed."""

    id: str
    name: str


class PropertyShape(Shape):
    """A field of all work items of the workplace."""

    id: str
    name: str
    kind: PropertyKind
    options: list[PropertyOption]
    created_at: Moment
    archived_at: Moment | None


class OptionBody(Body):
    """An option of a select; without its id, one of that name, or a new one."""

    id: str = ""
    name: str


class NewProperty(Body):
    """A property to be made; its kind stays for ever."""

    name: str
    kind: PropertyKind
    options: tuple[OptionBody, ...] = ()


class PropertyChanges(Body):
    """What can be changed of a property; `options` lists all of them, in their new order."""

    name: str | None = None
    options: tuple[OptionBody, ...] | None = None


class PropertyQuery(Body):
    """Which properties a list holds."""

    archived: bool = Field(default=False, description="The archived ones instead.")


@router.get("/properties", response=Listing[PropertyShape])
@states(Right.VIEW)
def list_properties(request: HttpRequest, asked: Query[PropertyQuery]) -> Listing[PropertyShape]:
    """The properties of all work items, in the order they were made."""
    rows = queries.list_properties(caller_of(request).workplace, archived=asked.archived)
    return Listing[PropertyShape](items=[_shown(row) for row in rows])


@router.post("/properties", response={201: PropertyShape}, openapi_extra=ONCE)
@states(Right.MANAGE_PROPERTIES)
def create_property(request: HttpRequest, body: NewProperty) -> HttpResponse:
    """Make a property."""
    caller = caller_of(request)
    return create_once(
        request,
        lambda: _shown(
            services.create_property(
                caller.workplace, body.name, body.kind, _options(body.options), actor=caller.actor
            )
        ),
    )


@router.get("/properties/{int:property_id}", response=PropertyShape)
@states(Right.VIEW)
def read_property(request: HttpRequest, property_id: int) -> PropertyShape:
    """One property, archived or not."""
    return _shown(queries.get_property(caller_of(request).workplace, property_id))


@router.patch("/properties/{int:property_id}", response=PropertyShape)
@states(Right.MANAGE_PROPERTIES)
def update_property(request: HttpRequest, property_id: int, body: PropertyChanges) -> PropertyShape:
    """Rename a property, or list its options anew; one that items hold cannot be left out."""
    options = None if body.options is None else _options(body.options)
    return _shown(
        services.update_property(
            property_id, actor=caller_of(request).actor, name=body.name, options=options
        )
    )


@router.delete("/properties/{int:property_id}", response={204: None})
@states(Right.MANAGE_PROPERTIES)
def archive_property(request: HttpRequest, property_id: int) -> HttpResponse:
    """Take a property out of sight; what items hold of it is kept."""
    services.archive_property(property_id, actor=caller_of(request).actor)
    return HttpResponse(status=204)


@router.post("/properties/{int:property_id}/restore", response=PropertyShape)
@states(Right.MANAGE_PROPERTIES)
def restore_property(request: HttpRequest, property_id: int) -> PropertyShape:
    """Bring an archived property back, with all that items hold of it."""
    return _shown(services.restore_property(property_id, actor=caller_of(request).actor))


def _options(asked: tuple[OptionBody, ...]) -> list[dict[str, str]]:
    return [option.model_dump(exclude_defaults=True) for option in asked]


def _shown(row: Property) -> PropertyShape:
    return PropertyShape(
        id=str(row.pk),
        name=row.name,
        kind=PropertyKind(row.kind),
        options=[PropertyOption(**option) for option in row.options],
        created_at=row.created_at,
        archived_at=row.archived_at,
    )
