"""`/links`: one item and its issue."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import JsonValue

from duolog.api.callers import caller_of
from duolog.api.shapes import (
    Limit,
    Listing,
    Moment,
    Shape,
    first_page,
    read_cursor,
    text_id,
)
from duolog.api.v1.journal import JournalShape, show_entry
from duolog.api.v1.work_item_shapes import LinkState
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.sync.binding import services
from duolog.sync.models import Link
from duolog.sync.shown import queries
from duolog.sync.shown.journal import history

router = Router(tags=["Links"])


class LinkShape(Shape):
    """One work item and one issue; `differences` are slots that one side may not take over."""

    id: str
    binding_id: str
    work_item_id: str | None
    issue_id: str | None
    issue_key: str | None
    issue_url: str | None
    state: LinkState
    reason: str
    differences: list[dict[str, JsonValue]]
    synced_at: Moment | None
    created_at: Moment
    ended_at: Moment | None


@router.get("/links/{int:link_id}", response=LinkShape)
@states(Right.VIEW)
def read_link(request: HttpRequest, link_id: int) -> LinkShape:
    """One link, ended or not."""
    return _link(_find(request, link_id))


@router.get("/links/{int:link_id}/journal", response=Listing[JournalShape])
@states(Right.VIEW)
def read_link_journal(
    request: HttpRequest, link_id: int, cursor: str = "", limit: Limit = 50
) -> Listing[JournalShape]:
    """What the sync wrote of one link, newest first."""
    before = read_cursor(cursor)
    rows = history(_find(request, link_id), before=before, limit=limit + 1)
    shown, next_cursor = first_page(rows, limit)
    return Listing[JournalShape](items=[show_entry(row) for row in shown], next_cursor=next_cursor)


@router.post("/links/{int:link_id}/unlink", response=LinkShape)
@states(Right.BIND)
def unlink(request: HttpRequest, link_id: int) -> LinkShape:
    """End a link; item and issue stay, each on its own, and are not linked again."""
    services.unlink(caller_of(request).member, _find(request, link_id))
    return _link(_find(request, link_id))


@router.post("/links/{int:link_id}/sync", response={202: LinkShape})
@states(Right.SETTLE)
def look_now(request: HttpRequest, link_id: int) -> Status[LinkShape]:
    """Look at both sides now, in the background."""
    services.look_now(caller_of(request).member, _find(request, link_id))
    return Status(202, _link(_find(request, link_id)))


def _find(request: HttpRequest, link_id: int) -> Link:
    return queries.get_link(caller_of(request).workplace, link_id)


def _link(link: Link) -> LinkShape:
    badge = queries.badge_of_link(link)
    return LinkShape.model_validate(
        {
            "id": str(link.pk),
            "binding_id": str(link.binding_id),
            "work_item_id": text_id(link.work_item_id),
            "issue_id": badge.issue_id or None,
            "issue_key": badge.issue_key or None,
            "issue_url": badge.issue_url or None,
            "state": badge.state,
            "reason": badge.reason,
            "differences": link.differences,
            "synced_at": badge.synced_at,
            "created_at": link.created_at,
            "ended_at": link.ended_at,
        }
    )
