"""Priorities, resolutions, statuses and issue types, as administrators make and change them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.http.rest.catalog import CATEGORY_NAMES, SERVER_PAGE, new_status
from jirasim.http.rest.issues import words
from jirasim.site import catalog, issues
from jirasim.site.errors import Refusal
from jirasim.site.events import (
    ISSUE_TYPE_CREATED,
    ISSUE_TYPE_DELETED,
    ISSUE_TYPE_UPDATED,
    Event,
)
from jirasim.site.model import IssueType, Priority, Resolution, Status, StatusCategory
from jirasim.site.owners import Json, check_administrator, text_of
from jirasim.site.permissions import is_administrator
from jirasim.site.product import on_cloud, on_server

LONGEST_NAME = 60
Thing = TypeVar("Thing")
Named = Mapping[str, Priority] | Mapping[str, Resolution] | Mapping[str, IssueType]


def create_priority(call: Call) -> Answer:
    """POST /priority: the least urgent of all."""
    check_administrator(call.user)
    body, table = call.object(), call.site.state.priorities
    name = _name(body, table, None)
    rank = max((one.rank for one in table.values()), default=-1) + 1
    color = text_of(body, "statusColor", "#999999")
    number = call.site.next_id("priority")
    table[number] = Priority(number, name, rank, text_of(body, "description"), color)
    return Answer({"id": number}, 201)


def edit_priority(call: Call) -> Answer:
    """PUT /priority/{id}."""
    check_administrator(call.user)
    body, table = call.object(), call.site.state.priorities
    before = _one(table, call.params["id"], "priority")
    table[before.id] = replace(
        before,
        name=_name(body, table, before.id, before.name),
        description=text_of(body, "description", before.description),
        color=text_of(body, "statusColor", before.color),
    )
    return NO_CONTENT


def default_priority(call: Call) -> Answer:
    """PUT /priority/default: what new issues get."""
    check_administrator(call.user)
    wanted = str(call.object().get("id") or "")
    call.site.state.default_priority = _one(call.site.state.priorities, wanted, "priority").id
    return NO_CONTENT


def move_priorities(call: Call) -> Answer:
    """PUT /priority/move: behind another one, or to the first or last place."""
    check_administrator(call.user)
    body, table = call.object(), call.site.state.priorities
    given = body.get("ids")
    moved = [_one(table, str(one), "priority") for one in given] if isinstance(given, list) else []
    rest = [one for one in sorted(table.values(), key=lambda one: one.rank) if one not in moved]
    behind = [one.id for one in rest].index(str(body["after"])) + 1 if "after" in body else 0
    place = len(rest) if body.get("position") == "Last" else behind
    for rank, one in enumerate((*rest[:place], *moved, *rest[place:])):
        table[one.id] = replace(one, rank=rank)
    return NO_CONTENT


def create_resolution(call: Call) -> Answer:
    """POST /resolution."""
    check_administrator(call.user)
    body, table = call.object(), call.site.state.resolutions
    name = _name(body, table, None)
    number = call.site.next_id("resolution", first=10100)
    table[number] = Resolution(number, name, text_of(body, "description"))
    return Answer({"id": number}, 201)


def edit_resolution(call: Call) -> Answer:
    """PUT /resolution/{id}."""
    check_administrator(call.user)
    body, table = call.object(), call.site.state.resolutions
    before = _one(table, call.params["id"], "resolution")
    name = _name(body, table, before.id, before.name)
    described = text_of(body, "description", before.description)
    table[before.id] = replace(before, name=name, description=described)
    return NO_CONTENT


def resolution(call: Call) -> Answer:
    """GET /resolution/{id}."""
    known = _one(call.site.state.resolutions, call.params["id"], "resolution")
    return Answer(call.wire.entities.resolution(known))


def search_resolutions(call: Call) -> Answer:
    """GET /resolution/search."""
    ids = set(words(call.query.getlist("id")))
    rows = [one for one in call.site.state.resolutions.values() if not ids or one.id in ids]
    return Answer(page(call, rows, call.wire.entities.resolution, path="/resolution/search"))


def resolutions_page(call: Call) -> Answer:
    """GET /resolution/page: by name."""
    name = call.query.get("query", "").casefold()
    rows = [one for one in call.site.state.resolutions.values() if name in one.name.casefold()]
    write = call.wire.entities.resolution
    return Answer(page(call, rows, write, path="/resolution/page", size=SERVER_PAGE))


def statuses(call: Call) -> Answer:
    """GET /statuses?id=…"""
    ids = words(call.query.getlist("id"))
    table = call.site.state.statuses
    return Answer([new_status(table[one]) for one in ids if one in table])


def create_statuses(call: Call) -> Answer:
    """POST /statuses: several at once; no workflow has them yet."""
    _check_workflows(call)
    scope = call.object().get("scope")
    project = scope.get("project") if isinstance(scope, Mapping) else None
    home = str(project.get("id")) if isinstance(project, Mapping) else None
    made = [
        Status(
            call.site.next_id("status", first=10100),
            _status_name(call, row, None),
            _category(row),
            text_of(row, "description"),
            home,
        )
        for row in _rows(call, "statuses")
    ]
    call.site.state.statuses.update({one.id: one for one in made})
    return Answer([new_status(one) for one in made])


def edit_statuses(call: Call) -> Answer:
    """PUT /statuses."""
    _check_workflows(call)
    table = call.site.state.statuses
    for row in _rows(call, "statuses"):
        before = _one(table, str(row.get("id")), "status", status=400)
        table[before.id] = replace(
            before,
            name=_status_name(call, row, before),
            category=_category(row) if "statusCategory" in row else before.category,
            description=text_of(row, "description", before.description),
        )
    return NO_CONTENT


def delete_statuses(call: Call) -> Answer:
    """DELETE /statuses?id=…: those that no workflow uses."""
    _check_workflows(call)
    used = {one for project in call.site.state.projects.values() for one in project.statuses}
    ids = words(call.query.getlist("id"))
    if used.intersection(ids):
        raise Refusal(400, "A status that is used in a workflow cannot be deleted.")
    for one in ids:
        _one(call.site.state.statuses, one, "status", status=400)
        del call.site.state.statuses[one]
    return NO_CONTENT


def create_type(call: Call) -> Answer:
    """POST /issuetype: no project has it yet."""
    check_administrator(call.user)
    body, table = call.object(), call.site.state.issue_types
    name = _name(body, table, None, status=409)
    level = -1 if body.get("type") == "subtask" else body.get("hierarchyLevel", 0)
    if level not in {-1, 0}:
        raise Refusal(400, "The hierarchy level of an issue type is 0 or -1.")
    number = call.site.next_id("issue type", first=10100)
    made = IssueType(number, name, int(str(level)), text_of(body, "description"))
    table[number] = made
    _announce(call, ISSUE_TYPE_CREATED, made)
    return Answer(call.wire.entities.issue_type(made), 201)


def edit_type(call: Call) -> Answer:
    """PUT /issuetype/{id}."""
    check_administrator(call.user)
    body, table = call.object(), call.site.state.issue_types
    before = _one(table, call.params["id"], "issue type")
    after = replace(
        before,
        name=_name(body, table, before.id, before.name, status=409),
        description=text_of(body, "description", before.description),
    )
    table[after.id] = after
    _announce(call, ISSUE_TYPE_UPDATED, after)
    return Answer(call.wire.entities.issue_type(after))


def delete_type(call: Call) -> Answer:
    """DELETE /issuetype/{id}: its issues get the alternative, without which it must be unused."""
    check_administrator(call.user)
    table = call.site.state.issue_types
    gone, other = (
        _one(table, call.params["id"], "issue type"),
        call.query.get("alternativeIssueTypeId"),
    )
    mine = [one for one in call.site.state.issues.values() if one.type_id == gone.id]
    if mine and other not in table:
        raise Refusal(404, "The issue type is in use, and no alternative issue type was given.")
    if mine and (other == gone.id or table[str(other)].subtask != gone.subtask):
        raise Refusal(409, "The alternative issue type is not valid.")
    for issue in mine:
        issues.change(call.site, call.user, issue, {"issuetype": other})
    for project in list(call.site.state.projects.values()):
        left = tuple(one for one in project.issue_types if one != gone.id)
        call.site.state.projects[project.id] = replace(project, issue_types=left)
    del table[gone.id]
    _announce(call, ISSUE_TYPE_DELETED, gone)
    return NO_CONTENT


def alternatives(call: Call) -> Answer:
    """GET /issuetype/{id}/alternatives: the others of its level."""
    table = call.site.state.issue_types
    one = _one(table, call.params["id"], "issue type")
    rows = [
        other
        for other in table.values()
        if other.subtask == one.subtask
        and other.id != one.id
        and other.project_id == one.project_id
    ]
    return Answer([call.wire.entities.issue_type(other) for other in rows])


def _announce(call: Call, kind: str, subject: IssueType) -> None:
    event = Event(kind, call.site.now(), call.user.account_id, subject=subject)
    call.site.publish(event)


def _one(table: Mapping[str, Thing], wanted: str, what: str, *, status: int = 404) -> Thing:
    if wanted not in table:
        raise Refusal(status, f"The {what} with id '{wanted}' was not found.")
    return table[wanted]


def _name(body: Json, table: Named, own: str | None, kept: str = "", *, status: int = 400) -> str:
    name = text_of(body, "name", kept)
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(400, fields={"name": "The name must have 1 to 60 characters."})
    for key, one in table.items():
        if key != own and one.name.casefold() == name.casefold():
            raise Refusal(status, fields={"name": f"The name '{name}' is already in use."})
    return name


def _check_workflows(call: Call) -> None:
    """Statuses are refused with 401 to those who may not change them, as the document says."""
    if not is_administrator(call.user):
        raise Refusal(401, "You do not have permission to manage statuses.")


def _rows(call: Call, name: str) -> list[Json]:
    rows = call.object().get(name)
    if not isinstance(rows, list) or not all(isinstance(one, Mapping) for one in rows):
        raise Refusal(400, f"The {name} must be a list of objects.")
    return rows


def _category(row: Json) -> StatusCategory:
    for one in catalog.CATEGORIES:
        if CATEGORY_NAMES.get(one.key) == row.get("statusCategory"):
            return one
    raise Refusal(400, "The status category must be TODO, IN_PROGRESS or DONE.")


def _status_name(call: Call, row: Json, before: Status | None) -> str:
    name = text_of(row, "name", "" if before is None else before.name)
    if not name:
        raise Refusal(400, "The name of a status must not be empty.")
    if any(
        one.name == name and one != before and one.project_id is None
        for one in call.site.state.statuses.values()
    ):
        raise Refusal(400, f"A status with the name '{name}' already exists.")
    return name


ENDPOINTS = (
    Endpoint("POST", "/priority", create_priority, on=on_cloud),
    Endpoint("PUT", "/priority/default", default_priority, on=on_cloud),
    Endpoint("PUT", "/priority/move", move_priorities, on=on_cloud),
    Endpoint("PUT", "/priority/{id}", edit_priority, on=on_cloud),
    Endpoint("POST", "/resolution", create_resolution, on=on_cloud),
    Endpoint("GET", "/resolution/search", search_resolutions, on=on_cloud),
    Endpoint("GET", "/resolution/page", resolutions_page, anonymous=True, on=on_server),
    Endpoint("GET", "/resolution/{id}", resolution, anonymous=True),
    Endpoint("PUT", "/resolution/{id}", edit_resolution, on=on_cloud),
    Endpoint("GET", "/statuses", statuses, on=on_cloud),
    Endpoint("POST", "/statuses", create_statuses, on=on_cloud),
    Endpoint("PUT", "/statuses", edit_statuses, on=on_cloud),
    Endpoint("DELETE", "/statuses", delete_statuses, on=on_cloud),
    Endpoint("POST", "/issuetype", create_type),
    Endpoint("PUT", "/issuetype/{id}", edit_type),
    Endpoint("DELETE", "/issuetype/{id}", delete_type),
    Endpoint("GET", "/issuetype/{id}/alternatives", alternatives),
)
