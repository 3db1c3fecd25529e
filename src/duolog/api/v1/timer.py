"""`/timer`: the one timer that the caller may have running."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.once import create_once_in_jira
from duolog.api.openapi import ONCE
from duolog.api.v1.own_worklog_shapes import (
    NewTimer,
    StoppedShape,
    TimerShape,
    show_stopped,
    show_timer,
)
from duolog.people.errors import NotFound
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.worklogs.models import WorklogState
from duolog.worklogs.own import services
from duolog.worklogs.own.timers import NONE_RUNS

router = Router(tags=["My time"])


@router.get("/timer", response=TimerShape)
@states(Right.LOG_TIME)
def read_timer(request: HttpRequest) -> TimerShape:
    """The running timer; 404 where none runs."""
    timer = services.find_timer(caller_of(request).member)
    if timer is None:
        raise NotFound(NONE_RUNS)
    return show_timer(timer)


@router.post("/timer", response={201: TimerShape}, openapi_extra=ONCE)
@states(Right.LOG_TIME)
def start_timer(request: HttpRequest, body: NewTimer) -> HttpResponse:
    """Begin to measure work on an issue; 409 says what runs already."""
    member = caller_of(request).member

    def create() -> TimerShape:
        timer = services.start_timer(member, body.connection_id, body.issue, body.comment)
        return show_timer(timer)

    return create_once_in_jira(request, create)


@router.delete("/timer", response={200: StoppedShape, 202: StoppedShape})
@states(Right.LOG_TIME)
def stop_timer(request: HttpRequest) -> HttpResponse:
    """Stop it and log the time, rounded up to whole minutes."""
    member = caller_of(request).member
    stopped = services.stop_timer(member)
    (row,) = services.settled([stopped.worklog])
    told = show_stopped(stopped, row, member)
    status = 202 if told.state == WorklogState.PENDING else 200
    return JsonResponse(told.model_dump(mode="json"), status=status)


@router.post("/timer/discard", response={204: None})
@states(Right.LOG_TIME)
def discard_timer(request: HttpRequest) -> HttpResponse:
    """Stop it and log nothing."""
    services.discard_timer(caller_of(request).member)
    return HttpResponse(status=204)
