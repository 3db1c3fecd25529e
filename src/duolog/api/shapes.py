"""What all resources share: ids, moments, lists, people.  No resource of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from django.db.models import Model
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from duolog.people.errors import NotFound
from duolog.people.models import Member

ID_MAX = 2**63 - 1


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("no such moment in UTC") from None


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Moment = Annotated[
    datetime,
    PlainSerializer(_iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time that is told: ISO 8601, UTC."""
Since = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A time that is asked for, with its offset."""
RowId = Annotated[
    int,
    Field(ge=1, le=ID_MAX),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,17}$"}),
]
"""An id as it is told, a string of digits; a number is taken too."""
Limit = Annotated[int, Field(ge=1, le=100)]
"""How many rows a page has at most."""


class Shape(BaseModel):
    """What goes out."""

    model_config = ConfigDict(frozen=True)


class Body(BaseModel):
    """What comes in; a field nobody reads is refused, since it may be a misspelt one."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Row = TypeVar("Row", bound=Shape)
Stored = TypeVar("Stored", bound=Model)


class Listing(Shape, Generic[Row]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[Row]
    next_cursor: str | None = None


class Person(Shape):
    """A member as work items name them."""

    id: str
    name: str
    email: str


def person(member: Member | None) -> Person | None:
    """The member, or null."""
    if member is None:
        return None
    return Person(id=str(member.pk), name=member.user.name, email=member.user.email)


def first_page(rows: Sequence[Stored], limit: int) -> tuple[Sequence[Stored], str | None]:
    """The rows to show, of which one more was read, and the cursor after them."""
    shown = rows[:limit]
    return shown, str(shown[-1].pk) if len(rows) > limit else None


def text_id(pk: int | None) -> str | None:
    """An id as it is told, or null."""
    return None if pk is None else str(pk)


def read_cursor(cursor: str) -> int | None:
    """The id after which a list by id goes on; nothing begins it.  Raises NotFound."""
    if not cursor:
        return None
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 18:
        raise NotFound("This cursor belongs to no page of this list.")
    return int(cursor)
