"""`/notifications`: the member's own notices."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.shapes import (
    Body,
    Limit,
    Listing,
    Moment,
    RowId,
    Shape,
    first_page,
    read_cursor,
)
from duolog.notifications import services
from duolog.notifications.models import Kind, Notice

router = Router(tags=["Notifications"])


class NoticeShape(Shape):
    """One line under the bell; `path` is the page it is about."""

    id: str
    kind: Kind
    actor: str
    text: str
    path: str
    at: Moment
    read_at: Moment | None


class Reading(Body):
    """Which notices were read; all of them where none is named."""

    ids: list[RowId] | None = None


class Unread(Shape):
    """How many notices are still unread."""

    unread: int


@router.get("/notifications", response=Listing[NoticeShape])
def list_notifications(
    request: HttpRequest, cursor: str = "", limit: Limit = 50
) -> Listing[NoticeShape]:
    """The notices of the calling member, newest first."""
    rows = services.list_notices(
        caller_of(request).member, before=read_cursor(cursor), limit=limit + 1
    )
    shown, next_cursor = first_page(rows, limit)
    return Listing[NoticeShape](items=[_notice(row) for row in shown], next_cursor=next_cursor)


@router.patch("/notifications", response=Unread)
def mark_read(request: HttpRequest, body: Reading) -> Unread:
    """Take notices as read."""
    member = caller_of(request).member
    services.mark_read(member, body.ids)
    return Unread(unread=services.unread_count(member))


def _notice(notice: Notice) -> NoticeShape:
    return NoticeShape(
        id=str(notice.pk),
        kind=Kind(notice.kind),
        actor=notice.actor,
        text=notice.text,
        path=notice.path,
        at=notice.at,
        read_at=notice.read_at,
    )
