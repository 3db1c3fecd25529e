"""`/work-items/{id}/comments` and `/activity`: what was said and done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.naming import named
from duolog.api.once import create_once, etag
from duolog.api.openapi import IF_MATCH, ONCE
from duolog.api.shapes import (
    Body,
    Limit,
    Listing,
    Moment,
    Person,
    RowId,
    Shape,
    first_page,
    person,
    read_cursor,
    text_id,
)
from duolog.api.v1.work_items import expected_version, find_item
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.workplace import queries, services
from duolog.workplace.models import Activity, Cause, Comment

router = Router(tags=["Comments and activity"])


class CommentShape(Shape):
    """A comment; where no member wrote it, `author` is null and `author_name` says who did.

    `version` is also its ETag: another one after each edit.
    """

    id: str
    author: Person | None
    author_name: str
    body: str
    parent_id: str | None
    created_at: Moment
    edited_at: Moment | None
    version: str


class NewComment(Body):
    """A comment in Markdown, or an answer to another one."""

    body: str
    parent_id: RowId | None = None


class CommentChanges(Body):
    """The new text."""

    body: str


class ActivityShape(Shape):
    """One thing that happened, in the words a person reads."""

    id: str
    actor: Person | None
    actor_name: str
    cause: Cause
    verb: str
    field: str
    before: str
    after: str
    at: Moment


@router.get("/work-items/{item_id}/comments", response=Listing[CommentShape])
@states(Right.VIEW)
def list_comments(request: HttpRequest, item_id: str) -> Listing[CommentShape]:
    """All comments, in order of time."""
    comments = queries.list_comments(find_item(request, item_id))
    return Listing[CommentShape](items=[_comment(comment) for comment in comments])


@router.post("/work-items/{item_id}/comments", response={201: CommentShape}, openapi_extra=ONCE)
@states(Right.COMMENT)
def create_comment(request: HttpRequest, item_id: str, body: NewComment) -> HttpResponse:
    """Comment on an item."""
    actor, item = caller_of(request).actor, find_item(request, item_id)

    def create() -> CommentShape:
        with named({"parent_id": "parent"}):
            made = services.add_comment(item.pk, body.body, actor=actor, parent=body.parent_id)
        return _comment(made)

    return create_once(request, create)


@router.get("/work-items/{item_id}/comments/{int:comment_id}", response=CommentShape)
@states(Right.VIEW)
def read_comment(
    request: HttpRequest, response: HttpResponse, item_id: str, comment_id: int
) -> CommentShape:
    """One comment."""
    comment = queries.get_comment(find_item(request, item_id), comment_id)
    response["ETag"] = etag(comment.version)
    return _comment(comment)


@router.patch(
    "/work-items/{item_id}/comments/{int:comment_id}",
    response=CommentShape,
    openapi_extra=IF_MATCH,
)
@states(Right.MODERATE, own=Right.COMMENT)
def update_comment(
    request: HttpRequest,
    response: HttpResponse,
    item_id: str,
    comment_id: int,
    body: CommentChanges,
) -> CommentShape:
    """Give one's own comment another text; with `If-Match` only where nobody changed it meanwhile."""
    comment = queries.get_comment(find_item(request, item_id), comment_id)
    changed = services.edit_comment(
        comment.pk,
        body.body,
        actor=caller_of(request).actor,
        expected_version=expected_version(request, comment.version),
    )
    response["ETag"] = etag(changed.version)
    return _comment(changed)


@router.delete(
    "/work-items/{item_id}/comments/{int:comment_id}",
    response={204: None},
    openapi_extra=IF_MATCH,
)
@states(Right.MODERATE, own=Right.COMMENT)
def delete_comment(request: HttpRequest, item_id: str, comment_id: int) -> HttpResponse:
    """Take one's own comment away."""
    comment = queries.get_comment(find_item(request, item_id), comment_id)
    services.delete_comment(
        comment.pk,
        actor=caller_of(request).actor,
        expected_version=expected_version(request, comment.version),
    )
    return HttpResponse(status=204)


@router.get("/work-items/{item_id}/activity", response=Listing[ActivityShape])
@states(Right.VIEW)
def list_activity(
    request: HttpRequest, item_id: str, cursor: str = "", limit: Limit = 50
) -> Listing[ActivityShape]:
    """What happened to the item, newest first."""
    item, before = find_item(request, item_id), read_cursor(cursor)
    lines = queries.list_activity(item, before=before, limit=limit + 1)
    shown, next_cursor = first_page(lines, limit)
    return Listing[ActivityShape](
        items=[_activity(line) for line in shown], next_cursor=next_cursor
    )


def _comment(comment: Comment) -> CommentShape:
    return CommentShape(
        id=str(comment.pk),
        author=person(comment.author),
        author_name=comment.author.name if comment.author else comment.author_name,
        body=comment.body,
        parent_id=text_id(comment.parent_id),
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        version=comment.version,
    )


def _activity(line: Activity) -> ActivityShape:
    return ActivityShape(
        id=str(line.pk),
        actor=person(line.actor),
        actor_name=line.actor.name if line.actor else line.actor_name,
        cause=Cause(line.cause),
        verb=line.verb,
        field=line.field,
        before=line.before,
        after=line.after,
        at=line.at,
    )
