"""`/audit`: the record of administrative acts."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from duolog.api.callers import caller_of
from duolog.api.shapes import (
    ID_MAX,
    Limit,
    Listing,
    Moment,
    Person,
    Shape,
    first_page,
    person,
    read_cursor,
)
from duolog.people.audit import AuditFilter, list_audit
from duolog.people.models import AuditEntry
from duolog.people.needs import states
from duolog.people.rights import Right

router = Router(tags=["People"])


class AuditShape(Shape):
    """One act; `by` is null where the command line of the installation did it."""

    id: str
    by: Person | None
    act: str
    subject: str
    at: Moment


@router.get("/audit", response=Listing[AuditShape])
@states(Right.AUDIT)
def read_audit(
    request: HttpRequest,
    act: Annotated[str, Field(max_length=60)] = "",
    member_id: Annotated[int | None, Field(ge=0, le=ID_MAX)] = None,
    cursor: str = "",
    limit: Limit = 50,
) -> Listing[AuditShape]:
    """Who administered what, newest first; `member_id` 0 asks for acts of the command line."""
    rows = list_audit(
        caller_of(request).workplace,
        AuditFilter(act=act, member_id=member_id),
        before=read_cursor(cursor),
        limit=limit + 1,
    )
    shown, next_cursor = first_page(rows, limit)
    return Listing[AuditShape](items=[_entry(row) for row in shown], next_cursor=next_cursor)


def _entry(row: AuditEntry) -> AuditShape:
    return AuditShape(
        id=str(row.pk), by=person(row.member), act=row.act, subject=row.subject, at=row.at
    )
