"""`/worklogs`: the caller's own time in Jira, over all their personal connections."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from duolog.api.callers import caller_of
from duolog.api.naming import named
from duolog.api.once import act_of, create_once_in_jira, etag
from duolog.api.openapi import IF_MATCH, ONCE
from duolog.api.shapes import Body, RowId
from duolog.api.v1.own_worklog_shapes import (
    CopyBody,
    EstimateBody,
    Following,
    MoveBody,
    NewOwnWorklog,
    OwnWorklogChanges,
    OwnWorklogs,
    OwnWorklogShape,
    SeveralWorklogs,
    SplitBody,
    show_hidden,
    show_own,
    show_read,
    spent_surely,
)
from duolog.api.v1.work_items import expected_version
from duolog.connections.queries import get_mine, list_personal
from duolog.core.worklogs import UnknownZone, day_of, read_zone
from duolog.jira.client.worklogs import Adjusting
from duolog.people.errors import Invalid, Outdated
from duolog.people.models import Member
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.work.clock import present
from duolog.worklogs.changes import is_too_far
from duolog.worklogs.models import OwnWorklog, WorklogState
from duolog.worklogs.own import services
from duolog.worklogs.own.queries import get_own_worklog, own_range
from duolog.worklogs.own.refreshing import ask_to_refresh
from duolog.worklogs.own.waiting import wait_for_reading
from duolog.worklogs.own.zones import zone_of

router = Router(tags=["My time"])

LONGEST_RANGE = timedelta(days=400)


class RangeQuery(Body):
    """Which days, by whose clocks, over which connection; this week where none is named.

    Jira is asked for news first, unless `refresh` is false; what is not read within three seconds
    is told by `complete`.
    """

    first: Annotated[date | None, Field(alias="from")] = None
    last: Annotated[date | None, Field(alias="to")] = None
    zone: Annotated[str, Field(max_length=64)] = ""
    connection: RowId | None = None
    refresh: bool = True


class HowQuery(Body):
    """What becomes of the remaining estimate of a worklog that is deleted."""

    estimate: Adjusting = Adjusting.AUTO
    value: str | None = None
    notify: bool = False


@router.get("/worklogs", response=OwnWorklogs)
@states(Right.LOG_TIME)
def list_own_worklogs(request: HttpRequest, asked: Query[RangeQuery]) -> OwnWorklogs:
    """The caller's own worklogs of some days, over all their connections or one of them."""
    member = caller_of(request).member
    zone = _zone(asked.zone) or zone_of(member)
    first, last = _days(asked, zone)
    over = get_mine(member, asked.connection) if asked.connection else None
    if asked.refresh:
        ask_to_refresh(member, first, last, over, at_once=True, zone=zone)
        wait_for_reading([over] if over else list_personal(member))
    found = own_range(member, first, last, over, zone=zone)
    return OwnWorklogs(
        items=show_own(found.worklogs, member, zone),
        first=first,
        last=last,
        zone=zone,
        time_spent_seconds=found.seconds,
        complete=found.is_complete,
        connections=[show_read(each) for each in found.connections],
        hidden=show_hidden(found),
    )


@router.post("/worklogs", response={201: OwnWorklogShape, 202: OwnWorklogShape}, openapi_extra=ONCE)
@states(Right.LOG_TIME)
def create_own_worklog(request: HttpRequest, body: NewOwnWorklog) -> HttpResponse:
    """Log time in Jira.  202 where Jira has not answered within three seconds: it goes on."""
    member = caller_of(request).member
    spent = spent_surely(body.time_spent, body.time_spent_seconds)
    how = replace(body.how(), act=act_of(request))

    def create() -> OwnWorklogShape:
        new = services.NewOwn(started=body.started, seconds=spent, comment=body.comment)
        with named({_said(body): "seconds"}):
            row = services.log(member, body.connection_id, body.issue, new, how)
        return _told(member, [row])[0]

    return _accepted(create_once_in_jira(request, create))


@router.get("/worklogs/{int:own_worklog}", response=OwnWorklogShape)
@states(Right.LOG_TIME)
def read_own_worklog(
    request: HttpRequest, response: HttpResponse, own_worklog: int
) -> OwnWorklogShape:
    """One of the caller's own, as we know it."""
    member = caller_of(request).member
    (shown,) = show_own([get_own_worklog(member, own_worklog)], member)
    response["ETag"] = etag(shown.version)
    return shown


@router.patch(
    "/worklogs/{int:own_worklog}",
    response={200: OwnWorklogShape, 202: OwnWorklogShape},
    openapi_extra=IF_MATCH,
)
@states(Right.LOG_TIME)
def update_own_worklog(
    request: HttpRequest, own_worklog: int, body: OwnWorklogChanges
) -> HttpResponse:
    """Change what is named, and send Jira nothing else."""
    member = caller_of(request).member
    present_version = get_own_worklog(member, own_worklog).version
    with named({_said(body): "seconds"}):
        row = services.edit(
            member,
            own_worklog,
            body.changes(),
            body.how(),
            expected_version=expected_version(request, present_version),
        )
    return _answer(member, [row])


@router.delete("/worklogs/{int:own_worklog}", response={204: None, 202: OwnWorklogShape})
@states(Right.LOG_TIME)
def delete_own_worklog(
    request: HttpRequest, own_worklog: int, asked: Query[HowQuery]
) -> HttpResponse:
    """Delete one of the caller's own in Jira; `undo` makes it again as it was."""
    member = caller_of(request).member
    estimate = EstimateBody(mode=asked.estimate, value=asked.value)
    how = Following(estimate=estimate, notify=asked.notify).how()
    (row,) = services.settled([services.delete(member, own_worklog, how)])
    _must_not_have_failed([row])
    if row.pk and row.state == WorklogState.PENDING:
        return JsonResponse(_json(show_own([row], member)[0]), status=202)
    return HttpResponse(status=204)


@router.post(
    "/worklogs/{int:own_worklog}/move", response={200: OwnWorklogShape, 202: OwnWorklogShape}
)
@states(Right.LOG_TIME)
def move_own_worklog(request: HttpRequest, own_worklog: int, body: MoveBody) -> HttpResponse:
    """Bring a worklog to another issue with all that it says."""
    member = caller_of(request).member
    return _answer(member, [services.move(member, own_worklog, body.issue, body.how())])


@router.post(
    "/worklogs/{int:own_worklog}/split",
    response={201: SeveralWorklogs, 202: SeveralWorklogs},
    openapi_extra=ONCE,
)
@states(Right.LOG_TIME)
def split_own_worklog(request: HttpRequest, own_worklog: int, body: SplitBody) -> HttpResponse:
    """Take some of its time for another worklog, which follows on it."""
    member, how = caller_of(request).member, replace(body.how(), act=act_of(request))
    spent = spent_surely(body.time_spent, body.time_spent_seconds)

    def create() -> SeveralWorklogs:
        with named({_said(body): "seconds"}):
            rows = services.split(
                member,
                own_worklog,
                spent,
                issue=body.issue,
                comment=body.comment,
                how=how,
            )
        return SeveralWorklogs(items=_told(member, rows))

    return _accepted(create_once_in_jira(request, create))


@router.post(
    "/worklogs/copy", response={201: SeveralWorklogs, 202: SeveralWorklogs}, openapi_extra=ONCE
)
@states(Right.LOG_TIME)
def copy_own_worklogs(request: HttpRequest, body: CopyBody) -> HttpResponse:
    """Log again on another day, or in another week, what was logged on one and is not there yet."""
    member = caller_of(request).member
    copy = services.copy_week if body.week else services.copy_day
    how = services.How(act=act_of(request))

    def create() -> SeveralWorklogs:
        rows = copy(member, body.day, body.to, body.connection_id, how)
        return SeveralWorklogs(items=_told(member, rows))

    return _accepted(create_once_in_jira(request, create))


@router.post(
    "/worklogs/{int:own_worklog}/undo", response={200: SeveralWorklogs, 202: SeveralWorklogs}
)
@states(Right.LOG_TIME)
def undo_own_worklog(request: HttpRequest, own_worklog: int) -> HttpResponse:
    """Undo the last thing done to it here, with what was done along; 409 where it moved since."""
    member = caller_of(request).member
    return _several(member, services.undo(member, own_worklog))


@router.post(
    "/worklogs/{int:own_worklog}/retry", response={200: OwnWorklogShape, 202: OwnWorklogShape}
)
@states(Right.LOG_TIME)
def retry_own_worklog(request: HttpRequest, own_worklog: int) -> HttpResponse:
    """Send again what failed, as it was typed."""
    member = caller_of(request).member
    return _answer(member, [services.retry(member, own_worklog)])


@router.post("/worklogs/{int:own_worklog}/discard", response={204: None})
@states(Right.LOG_TIME)
def discard_own_worklog(request: HttpRequest, own_worklog: int) -> HttpResponse:
    """Give up what failed: the worklog is again what it is in Jira, or no more."""
    services.discard(caller_of(request).member, own_worklog)
    return HttpResponse(status=204)


def _days(asked: RangeQuery, zone: str) -> tuple[date, date]:
    today = day_of(present(), read_zone(zone))
    first = asked.first or asked.last or today - timedelta(days=today.weekday())
    last = asked.last or (asked.first or first + timedelta(days=6))
    if last < first:
        raise Invalid({"to": "The last day comes before the first."})
    if is_too_far(first) or is_too_far(last):
        raise Invalid({"from": "Ask for days between 1970 and 2200."})
    if last - first > LONGEST_RANGE:
        raise Invalid({"to": f"Ask for at most {LONGEST_RANGE.days} days at once."})
    return first, last


def _zone(name: str) -> str:
    try:
        if name:
            read_zone(name)
    except UnknownZone as unknown:
        raise Invalid({"zone": str(unknown)}) from unknown
    return name


def _said(body: NewOwnWorklog | OwnWorklogChanges | SplitBody) -> str:
    """Under which name the time was given."""
    return "time_spent_seconds" if body.time_spent is None else "time_spent"


def _told(member: Member, rows: Sequence[OwnWorklog]) -> list[OwnWorklogShape]:
    """The worklogs once Jira answered, or as they are after three seconds."""
    return show_own(services.settled(rows), member)


def _answer(member: Member, rows: Sequence[OwnWorklog]) -> HttpResponse:
    settled = services.settled(rows)
    (shown,) = show_own(settled, member)
    status = 202 if shown.state == WorklogState.PENDING else 200
    return JsonResponse(_json(shown), status=status, headers={"ETag": etag(shown.version)})


def _several(member: Member, rows: Sequence[OwnWorklog]) -> HttpResponse:
    settled = services.settled(rows)
    _must_not_have_failed(settled)
    told = SeveralWorklogs(items=show_own(settled, member))
    is_pending = any(each.state == WorklogState.PENDING for each in told.items)
    return JsonResponse(_json(told), status=202 if is_pending else 200)


def _must_not_have_failed(rows: Sequence[OwnWorklog]) -> None:
    """Raise Outdated with what Jira said, where a worklog stays as it was."""
    for row in rows:
        if row.problem:
            raise Outdated(f"{row.problem} {row.hint}".strip())


def _accepted(answer: HttpResponse) -> HttpResponse:
    """202 where part of what was made is still on its way."""
    told = json.loads(answer.content)
    if any(each["state"] == WorklogState.PENDING for each in told.get("items", [told])):
        answer.status_code = 202
    return answer


def _json(shape: BaseModel) -> object:
    return shape.model_dump(mode="json")
