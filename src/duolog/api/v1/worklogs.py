"""`/work-items/{id}/worklogs`: the time that was spent on an item."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AwareDatetime, Field, PlainSerializer, WithJsonSchema

from duolog.api.callers import caller_of
from duolog.api.naming import named
from duolog.api.once import create_once, etag
from duolog.api.openapi import IF_MATCH, ONCE
from duolog.api.shapes import Body, Listing, Moment, Person, Shape, person
from duolog.api.v1.work_items import expected_version, find_item
from duolog.core.durations import render_seconds
from duolog.people.errors import Invalid
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.worklogs.changes import NewWorklog as NewEntry
from duolog.worklogs.models import Worklog
from duolog.worklogs.queries import get_worklog, list_worklogs
from duolog.worklogs.services import delete_worklog, edit_worklog, log_time

router = Router(tags=["Time"])

Began = Annotated[
    AwareDatetime,
    PlainSerializer(lambda moment: moment.isoformat(), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""When work began, with the offset of whoever did it."""
Zone = Annotated[str, Field(max_length=64)]
TWICE = "Give the time as time_spent or as time_spent_seconds, not both."


class WorklogShape(Shape):
    """Time spent; where no member spent it, `author` is null and `author_name` says who did.

    `day` is the day it counts for in `zone`, in which it was told.
    """

    id: str
    author: Person | None
    author_name: str
    started: Began
    zone: str
    day: date
    time_spent_seconds: int
    time_spent: str
    comment: str
    version: int
    created_at: Moment
    updated_at: Moment


class NewWorklog(Body):
    """Time to log in whole minutes: by the second, or as people write it.

    `zone` is an IANA name; without it the offset of `started` says for which day it counts.
    """

    started: AwareDatetime
    time_spent_seconds: int | None = None
    time_spent: str | None = None
    comment: str = ""
    zone: Zone = ""


class WorklogChanges(Body):
    """What is to be another; the rest stays, to the second."""

    started: AwareDatetime | None = None
    time_spent_seconds: int | None = None
    time_spent: str | None = None
    comment: str | None = None
    zone: Zone | None = None


@router.get("/work-items/{item_id}/worklogs", response=Listing[WorklogShape])
@states(Right.VIEW)
def list_item_worklogs(request: HttpRequest, item_id: str) -> Listing[WorklogShape]:
    """All time that was spent on the item, in order of time."""
    entries = list_worklogs(find_item(request, item_id))
    return Listing[WorklogShape](items=[_worklog(entry) for entry in entries])


@router.post("/work-items/{item_id}/worklogs", response={201: WorklogShape}, openapi_extra=ONCE)
@states(Right.LOG_TIME)
def create_item_worklog(request: HttpRequest, item_id: str, body: NewWorklog) -> HttpResponse:
    """Log time of one's own on an item."""
    actor, item = caller_of(request).actor, find_item(request, item_id)
    spent = _spent(body)
    if spent is None:
        raise Invalid({"time_spent": "Say how long it took."})

    def create() -> WorklogShape:
        new = NewEntry(started=body.started, seconds=spent, comment=body.comment, zone=body.zone)
        with _named(body):
            return _worklog(log_time(item.pk, new, actor=actor))

    return create_once(request, create)


@router.get("/work-items/{item_id}/worklogs/{int:worklog_id}", response=WorklogShape)
@states(Right.VIEW)
def read_item_worklog(
    request: HttpRequest, response: HttpResponse, item_id: str, worklog_id: int
) -> WorklogShape:
    """One entry."""
    entry = get_worklog(find_item(request, item_id), worklog_id)
    response["ETag"] = etag(entry.version)
    return _worklog(entry)


@router.patch(
    "/work-items/{item_id}/worklogs/{int:worklog_id}",
    response=WorklogShape,
    openapi_extra=IF_MATCH,
)
@states(Right.LOG_TIME)
def update_item_worklog(
    request: HttpRequest,
    response: HttpResponse,
    item_id: str,
    worklog_id: int,
    body: WorklogChanges,
) -> WorklogShape:
    """Change what is named of one's own entry."""
    entry = get_worklog(find_item(request, item_id), worklog_id)
    changes: dict[str, object] = {
        "started": body.started,
        "seconds": _spent(body),
        "comment": body.comment,
        "zone": body.zone,
    }
    with _named(body):
        changed = edit_worklog(
            entry.pk,
            {name: value for name, value in changes.items() if value is not None},
            actor=caller_of(request).actor,
            expected_version=expected_version(request, entry.version),
        )
    response["ETag"] = etag(changed.version)
    return _worklog(changed)


@router.delete("/work-items/{item_id}/worklogs/{int:worklog_id}", response={204: None})
@states(Right.MODERATE, own=Right.LOG_TIME)
def delete_item_worklog(request: HttpRequest, item_id: str, worklog_id: int) -> HttpResponse:
    """Take one's own entry away; admins may take away anybody's."""
    entry = get_worklog(find_item(request, item_id), worklog_id)
    delete_worklog(entry.pk, actor=caller_of(request).actor)
    return HttpResponse(status=204)


def _spent(body: NewWorklog | WorklogChanges) -> int | str | None:
    if body.time_spent is not None and body.time_spent_seconds is not None:
        raise Invalid({"time_spent": TWICE})
    return body.time_spent if body.time_spent is not None else body.time_spent_seconds


def _named(body: NewWorklog | WorklogChanges) -> AbstractContextManager[None]:
    """Refusals of the time under the name by which it was given."""
    said = "time_spent_seconds" if body.time_spent is None else "time_spent"
    return named({said: "seconds"})


def _worklog(entry: Worklog) -> WorklogShape:
    return WorklogShape(
        id=str(entry.pk),
        author=person(entry.member),
        author_name=entry.author,
        started=entry.began_at,
        zone=entry.zone,
        day=entry.day,
        time_spent_seconds=entry.seconds,
        time_spent=render_seconds(entry.seconds),
        comment=entry.comment,
        version=entry.version,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
    )
