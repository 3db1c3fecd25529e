"""What issues are made of: types, statuses, priorities, resolutions."""

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.http.rest.issues import words
from jirasim.http.rest.metadata import types_of
from jirasim.site.catalog import CATEGORIES
from jirasim.site.errors import Refusal
from jirasim.site.model import IssueType, Priority, Status
from jirasim.site.permissions import may, visible_projects
from jirasim.site.product import on_cloud, on_server
from jirasim.wire.entities import Json

CATEGORY_NAMES = {"new": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}
LARGEST_STATUS_PAGE = 200
SERVER_PAGE = 100


def issue_types(call: Call) -> Answer:
    """GET /issuetype: those of the projects that the caller sees."""
    used = {
        one for project in visible_projects(call.site, call.caller) for one in project.issue_types
    }
    kinds = [one for one in call.site.state.issue_types.values() if one.id in used]
    return Answer(
        [{**call.wire.entities.issue_type(one), **untranslated(call, one)} for one in kinds]
    )


def untranslated(call: Call, named: IssueType | Status) -> Json:
    """The name before translation, which Cloud tells in lists (recorded)."""
    return {"untranslatedName": named.name} if call.product.cloud else {}


def issue_types_page(call: Call) -> Answer:
    """GET /issuetype/page: by name and project."""
    query, ids = call.query.get("query", "").casefold(), set(call.query.getlist("projectIds"))
    used = {
        one
        for project in visible_projects(call.site, call.caller)
        if not ids or project.id in ids
        for one in project.issue_types
    }
    kinds = [
        one
        for one in call.site.state.issue_types.values()
        if one.id in used and query in one.name.casefold()
    ]
    write = call.wire.entities.issue_type
    return Answer(page(call, kinds, write, path="/issuetype/page", size=SERVER_PAGE))


def issue_type(call: Call) -> Answer:
    """GET /issuetype/{type_id}."""
    kind = call.site.state.issue_types.get(call.params["type_id"])
    if kind is None:
        raise Refusal(
            404, "The issue type with id '{}' does not exist".format(call.params["type_id"])
        )
    return Answer(call.wire.entities.issue_type(kind))


def project_types(call: Call) -> Answer:
    """GET /issuetype/project?projectId=…"""
    project = call.site.find_project(call.query.get("projectId", ""))
    if project is None or not may(call.caller, "BROWSE_PROJECTS", project):
        raise Refusal(404, "The project was not found, or you may not see it.")
    level = call.query.get("level")
    kinds = [one for one in types_of(call, project) if level in {None, str(one.hierarchy_level)}]
    return Answer([call.wire.entities.issue_type(one) for one in kinds])


def all_statuses(call: Call) -> Answer:
    """GET /status."""
    shown = _visible_statuses(call)
    return Answer([{**call.wire.entities.status(one), **untranslated(call, one)} for one in shown])


def status(call: Call) -> Answer:
    """GET /status/{name}: by id or name."""
    wanted = call.params["name"]
    for one in _visible_statuses(call):
        if wanted == one.id or wanted.casefold() == one.name.casefold():
            return Answer(call.wire.entities.status(one))
    raise Refusal(404, f"The status with id or name '{wanted}' does not exist.")


def statuses_page(call: Call) -> Answer:
    """GET /status/page: by name, project and issue type."""
    query = call.query
    name, kinds = query.get("query", "").casefold(), set(words(query.getlist("issueTypeIds")))
    ids = set(words(query.getlist("projectIds")))
    used = {
        status_id
        for project in visible_projects(call.site, call.caller)
        if not ids or project.id in ids
        for kind in project.issue_types
        if not kinds or kind in kinds
        for status_id in project.workflow_of(kind).statuses
    }
    every = call.site.state.statuses.values()
    rows = [one for one in every if one.id in used and name in one.name.casefold()]
    write = call.wire.entities.status
    return Answer(page(call, rows, write, path="/status/page", size=SERVER_PAGE))


def search_statuses(call: Call) -> Answer:
    """GET /statuses/search: the newer form, by project, text and category."""
    query = call.query
    project = call.site.find_project(query.get("projectId", ""))
    ids = set(project.statuses) if project is not None else None
    text, category = query.get("searchString", "").casefold(), query.get("statusCategory")
    rows = [
        one
        for one in _visible_statuses(call)
        if (ids is None or one.id in ids)
        and text in one.name.casefold()
        and category in {None, CATEGORY_NAMES.get(one.category.key)}
    ]
    body = page(call, rows, new_status, path="/statuses/search", size=LARGEST_STATUS_PAGE)
    return Answer(body)


def _visible_statuses(call: Call) -> list[Status]:
    used = {
        status_id
        for project in visible_projects(call.site, call.caller)
        for status_id in project.statuses
    }
    return [one for one in call.site.state.statuses.values() if one.id in used]


def new_status(status: Status) -> Json:
    """A status in the newer form."""
    scope: Json = {"type": "GLOBAL"}
    if status.project_id is not None:
        scope = {"type": "PROJECT", "project": {"id": status.project_id}}
    return {
        "id": status.id,
        "name": status.name,
        "statusCategory": CATEGORY_NAMES[status.category.key],
        "scope": scope,
        "description": status.description,
    }


def categories(call: Call) -> Answer:
    """GET /statuscategory."""
    return Answer([call.wire.entities.category(one) for one in CATEGORIES])


def category(call: Call) -> Answer:
    """GET /statuscategory/{category}: by id or key."""
    wanted = call.params["category"]
    for one in CATEGORIES:
        if wanted in {str(one.id), one.key}:
            return Answer(call.wire.entities.category(one))
    raise Refusal(404, f"The status category with id or key '{wanted}' does not exist.")


def priorities(call: Call) -> Answer:
    """GET /priority."""
    return Answer([_priority(call, one) for one in _ranked(call)])


def priority(call: Call) -> Answer:
    """GET /priority/{priority_id}."""
    found_one = call.site.state.priorities.get(call.params["priority_id"])
    if found_one is None:
        raise Refusal(404, "The priority was not found.")
    return Answer(_priority(call, found_one))


def priorities_page(call: Call) -> Answer:
    """GET /priority/page: by name."""
    query = call.query.get("query", "").casefold()
    rows = [one for one in _ranked(call) if query in one.name.casefold()]
    return Answer(
        page(call, rows, lambda one: _priority(call, one), path="/priority/page", size=SERVER_PAGE)
    )


def search_priorities(call: Call) -> Answer:
    """GET /priority/search: by id or name, or the default alone."""
    ids = set(words(call.query.getlist("id")))
    name = call.query.get("priorityName", "").casefold()
    rows = [
        one for one in _ranked(call) if (not ids or one.id in ids) and name in one.name.casefold()
    ]
    if call.flag("onlyDefault"):
        rows = [one for one in rows if one.id == call.site.state.default_priority]
    return Answer(page(call, rows, lambda one: _priority(call, one), path="/priority/search"))


def _priority(call: Call, priority: Priority) -> Json:
    default = priority.id == call.site.state.default_priority
    return {**call.wire.entities.whole_priority(priority), "isDefault": default}


def _ranked(call: Call) -> list[Priority]:
    return sorted(call.site.state.priorities.values(), key=lambda one: one.rank)


def resolutions(call: Call) -> Answer:
    """GET /resolution."""
    return Answer(
        [call.wire.entities.resolution(one) for one in call.site.state.resolutions.values()]
    )


ENDPOINTS = (
    Endpoint("GET", "/issuetype", issue_types, anonymous=True),
    Endpoint("GET", "/issuetype/project", project_types, anonymous=True, on=on_cloud),
    Endpoint("GET", "/issuetype/page", issue_types_page, anonymous=True, on=on_server),
    Endpoint("GET", "/issuetype/{type_id}", issue_type, anonymous=True),
    Endpoint("GET", "/status", all_statuses, anonymous=True),
    Endpoint("GET", "/status/page", statuses_page, anonymous=True, on=on_server),
    Endpoint("GET", "/status/{name}", status, anonymous=True),
    Endpoint("GET", "/statuses/search", search_statuses, on=on_cloud),
    Endpoint("GET", "/statuscategory", categories, anonymous=True),
    Endpoint("GET", "/statuscategory/{category}", category, anonymous=True),
    Endpoint("GET", "/priority", priorities, anonymous=True),
    Endpoint("GET", "/priority/search", search_priorities, on=on_cloud),
    Endpoint("GET", "/priority/page", priorities_page, on=on_server),
    Endpoint("GET", "/priority/{priority_id}", priority, anonymous=True),
    Endpoint("GET", "/resolution", resolutions, anonymous=True),
)
