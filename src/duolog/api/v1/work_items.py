"""`/work-items`: items, listed, read and written."""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from duolog.api.callers import caller_of
from duolog.api.naming import named, renamed
from duolog.api.once import create_once, etag
from duolog.api.openapi import IF_MATCH, ONCE
from duolog.api.shapes import Listing
from duolog.api.v1.work_item_shapes import (
    NAMES,
    ItemChanges,
    ItemQuery,
    NewWorkItem,
    WorkItemShape,
    show_item,
)
from duolog.people.errors import Invalid, NotFound
from duolog.people.models import Workplace
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.sync.shown.queries import badge_of, badges
from duolog.workplace import queries, services
from duolog.workplace.models import Team, WorkItem

router = Router(tags=["Work items"])

V = TypeVar("V", int, str)
_NO_VERSION: Final = -1

_NAME: Final = re.compile(r"(?P<id>[0-9]{1,18})|[A-Za-z][A-Za-z0-9]{1,9}-[0-9]{1,9}")
_TAG: Final = re.compile(r'"([^"]*)"')


@router.get("/work-items", response=Listing[WorkItemShape])
@states(Right.VIEW)
def list_work_items(request: HttpRequest, asked: Query[ItemQuery]) -> Listing[WorkItemShape]:
    """Items in the order of their rank; with `updated_since` in that of their last change."""
    page = queries.list_items(
        caller_of(request).workplace,
        queries.ItemFilter(
            team=asked.team,
            project=asked.project,
            text=asked.q,
            updated_since=asked.updated_since,
        ),
        sort=queries.Sort.UPDATED if asked.updated_since else queries.Sort.RANK,
        page=(asked.cursor, asked.limit),
    )
    queries.load_whole(page.items)
    found = badges(item.pk for item in page.items)
    return Listing[WorkItemShape](
        items=[show_item(item, found.get(item.pk)) for item in page.items],
        next_cursor=page.next_cursor or None,
    )


@router.post("/work-items", response={201: WorkItemShape}, openapi_extra=ONCE)
@states(Right.EDIT_ITEMS)
def create_work_item(request: HttpRequest, body: NewWorkItem) -> HttpResponse:
    """Make an item in a team; its key is the team's next one."""
    caller = caller_of(request)

    def create() -> WorkItemShape:
        team = _team(caller.workplace, body.team_id)
        with named(NAMES):
            item = services.create_item(team, _new(body), actor=caller.actor)
        return _shown(caller.workplace, item.pk)

    return create_once(request, create)


def _team(workplace: Workplace, team_id: int | None) -> Team:
    """The team that is named, or the one that holds everything."""
    if team_id is not None:
        return queries.get_team(workplace, team_id)
    hidden = queries.find_hidden_team(workplace)
    if hidden is None:
        raise Invalid({"team_id": "Name the team of the item."})
    return hidden


@router.get("/work-items/{item_id}", response=WorkItemShape)
@states(Right.VIEW)
def read_work_item(request: HttpRequest, response: HttpResponse, item_id: str) -> WorkItemShape:
    """One item, by its id or its key."""
    item = find_item(request, item_id)
    response["ETag"] = etag(item.version)
    return show_item(item, badge_of(item))


@router.patch("/work-items/{item_id}", response=WorkItemShape, openapi_extra=IF_MATCH)
@states(Right.EDIT_ITEMS)
def update_work_item(
    request: HttpRequest, response: HttpResponse, item_id: str, body: ItemChanges
) -> WorkItemShape:
    """Change what is named; with `If-Match` only where nobody changed the item meanwhile."""
    caller, item = caller_of(request), find_item(request, item_id)
    version = expected_version(request, item.version)
    with named(NAMES):
        if body.team_id is None:
            services.update_item(
                item.pk, _fields(body), actor=caller.actor, expected_version=version
            )
        else:
            services.move_to_team(
                item.pk,
                queries.get_team(caller.workplace, body.team_id),
                _fields(body),
                actor=caller.actor,
                expected_version=version,
            )
    shown = _shown(caller.workplace, item.pk)
    response["ETag"] = etag(shown.version)
    return shown


@router.delete("/work-items/{item_id}", response={204: None}, openapi_extra=IF_MATCH)
@states(Right.EDIT_ITEMS)
def delete_work_item(request: HttpRequest, item_id: str) -> HttpResponse:
    """Put an item into the trash, from which it can be restored for 30 days."""
    item = find_item(request, item_id)
    services.delete_item(
        item.pk,
        actor=caller_of(request).actor,
        expected_version=expected_version(request, item.version),
    )
    return HttpResponse(status=204)


@router.post("/work-items/{item_id}/restore", response=WorkItemShape)
@states(Right.EDIT_ITEMS)
def restore_work_item(request: HttpRequest, item_id: str) -> WorkItemShape:
    """Take an item out of the trash."""
    caller = caller_of(request)
    item = queries.get_item(caller.workplace, read_name(item_id), in_trash=True)
    services.restore_item(item.pk, actor=caller.actor)
    return _shown(caller.workplace, item.pk)


def find_item(request: HttpRequest, name: str) -> WorkItem:
    """The item of the caller's workplace with this id or key, or `NotFound`."""
    return queries.get_item(caller_of(request).workplace, read_name(name))


def read_name(name: str) -> int | str:
    """An id or a key, or `NotFound` for what can be neither."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise NotFound("There is no such work item. Name it by its id or key, such as PLAT-1.")
    return int(match["id"]) if match["id"] else name


def _shown(workplace: Workplace, item_id: int) -> WorkItemShape:
    item = queries.get_item(workplace, item_id)
    return show_item(item, badge_of(item))


def _fields(body: ItemChanges) -> dict[str, object]:
    """What was named, under the names of the services; a status id goes before its name."""
    given = body.model_dump(exclude_unset=True, exclude={"team_id"})
    if given.get("status_id") is None:
        given.pop("status_id", None)
    else:
        given.pop("status", None)
    return renamed(given, NAMES)


def _new(body: NewWorkItem) -> services.NewItem:
    given: dict[str, Any] = {k: v for k, v in _fields(body).items() if v is not None}
    return services.NewItem(**given)


def expected_version(request: HttpRequest, present: V) -> V | None:
    """The version that `If-Match` asks for, one that nothing has where that is another.

    None where it asks for nothing.
    """
    asked = request.headers.get("If-Match", "").strip()
    if asked in {"", "*"}:
        return None
    return present if str(present) in _TAG.findall(asked) else type(present)(_NO_VERSION)
