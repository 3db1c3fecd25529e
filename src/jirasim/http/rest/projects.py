"""Projects: lists, searches, one alone, and what is asked of one (admins: project_admin)."""

import json

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.http.rest.issues import words
from jirasim.http.rest.metadata import found, types_of
from jirasim.http.sorting import Keys, ordered
from jirasim.site import projects as rules
from jirasim.site.errors import Refusal
from jirasim.site.model import IssueType, Project
from jirasim.site.permissions import may, visible_projects
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json
from jirasim.wire.projects import issues_of, listed_project, whole_project
from jirasim.wire.wire import Wire

ACTIONS = {"create": "CREATE_ISSUES", "edit": "ADMINISTER_PROJECTS"}
MOST_RECENT = 20
MOST_FOUND = 100
LEVELS = {1: "Epic", 0: "Base", -1: "Subtask"}
KINDS = (
    ("business", "Business", "#FFFFFF"),
    ("software", "Software", "#AAAAAA"),
    ("service_desk", "Service Desk", "#AAAAAA"),
)


def all_projects(call: Call) -> Answer:
    """GET /project: a bare list."""
    shown = visible_projects(call.site, call.caller)
    if call.flag("includeArchived"):
        shown = (*shown, *_hidden(call, "archived"))
    recent = call.number("recent", 0)
    rows = shown if not recent else _recent(call)[:recent]
    wire = call.wire
    return Answer([_listed(call, one, wire) for one in rows])


def search_projects(call: Call) -> Answer:
    """GET /project/search: by text, keys, ids, type, category, state, and what one may do."""
    query = call.query
    text = query.get("query", "").casefold()
    keys, ids = set(words(query.getlist("keys"))), set(words(query.getlist("id")))
    kinds, category = set(words(query.getlist("typeKey"))), query.get("categoryId")
    action = ACTIONS.get(query.get("action", "view"), "BROWSE_PROJECTS")
    rows = [
        project
        for project in _in_state(call, set(words(query.getlist("status"))) or {"live"})
        if (not project.details.live or may(call.caller, action, project))
        and (not keys or project.key in keys)
        and (not ids or project.id in ids)
        and (not kinds or project.details.type_key in kinds)
        and category in {None, project.details.category_id}
        and (text in project.name.casefold() or text in project.key.casefold())
    ]
    wire = call.wire
    shown = ordered(call, rows, _sorts(call))

    def write(project: Project) -> Json:
        return _listed(call, project, wire)

    return Answer(page(call, shown, write, path="/project/search", ceiling=MOST_FOUND))


def recent_projects(call: Call) -> Answer:
    """GET /project/recent: those whose issues changed last, since nobody's looks are kept."""
    wire = call.wire
    return Answer([_listed(call, one, wire) for one in _recent(call)[:MOST_RECENT]])


def get(call: Call) -> Answer:
    """GET /project/{project}: with lead, types and roles."""
    project = found(call)
    return Answer({**whole_project(call.wire, project), **_properties(call, project)})


def kinds(call: Call) -> Answer:
    """GET /project/type."""
    del call
    return Answer([_kind(*one) for one in KINDS])


def kind(call: Call) -> Answer:
    """GET /project/type/{key}."""
    wanted = call.params["key"]
    for one in KINDS:
        if one[0] == wanted:
            return Answer(_kind(*one))
    raise Refusal(404, f"The project type with key '{wanted}' was not found.")


def _kind(key: str, name: str, color: str) -> Json:
    return {
        "key": key,
        "formattedKey": name,
        "descriptionI18nKey": f"jira.project.type.{key}.description",
        "icon": "",
        "color": color,
    }


def hierarchy(call: Call) -> Answer:
    """GET /project/{project}/hierarchy: the issue types by level."""
    project = found(call)
    types = types_of(call, project)
    levels = sorted({one.hierarchy_level for one in types}, key=lambda level: (level < 0, level))
    rows = [
        {
            "level": level,
            "name": LEVELS[level],
            "issueTypes": [_in_level(call, one) for one in types if one.hierarchy_level == level],
        }
        for level in levels
    ]
    return Answer({"projectId": int(project.id), "hierarchy": rows})


def _in_level(call: Call, kind: IssueType) -> Json:
    avatar = call.wire.entities.issue_type(kind)["avatarId"]
    return {"id": int(kind.id), "name": kind.name, "avatarId": avatar}


def validate_key(call: Call) -> Answer:
    """GET /projectvalidate/key: complaints about a key, or none."""
    wrong = rules.key_complaint(call.query.get("key", ""), call.site.state.projects.values())
    return Answer({"errorMessages": [], "errors": {} if wrong is None else {"projectKey": wrong}})


def valid_key(call: Call) -> Answer:
    """GET /projectvalidate/validProjectKey: a key like the one asked for that is free."""
    projects = call.site.state.projects.values()
    wanted = "".join(one for one in call.query.get("key", "").upper() if one.isalnum())[:10]
    tries = (wanted, *(f"{wanted[:8]}{number}" for number in range(1, 100)))
    free = (one for one in tries if rules.key_complaint(one, projects) is None)
    return Answer(json.dumps(next(free, "")).encode(), headers=JSON)


def valid_name(call: Call) -> Answer:
    """GET /projectvalidate/validProjectName: a name like the one asked for that is free."""
    projects = call.site.state.projects.values()
    wanted = call.query.get("name", "")
    tries = (wanted, *(f"{wanted} {number}" for number in range(1, 100)))
    free = (one for one in tries if rules.name_complaint(one, projects) is None)
    return Answer(json.dumps(next(free, "")).encode(), headers=JSON)


JSON = {"Content-Type": "application/json;charset=UTF-8"}


def _listed(call: Call, project: Project, wire: Wire) -> Json:
    """As this request wants to see it in a list."""
    body = listed_project(wire, project, _expand(call))
    return {**body, **_properties(call, project)}


def _properties(call: Call, project: Project) -> Json:
    """The properties of the project that the request names, on Cloud."""
    if not call.product.cloud:
        return {}
    wanted, held = words(call.query.getlist("properties")), project.details.properties
    return {"properties": {key: held[key] for key in wanted if key in held}}


def _expand(call: Call) -> frozenset[str]:
    return frozenset(words(call.query.getlist("expand")))


def _in_state(call: Call, wanted: set[str]) -> list[Project]:
    live = visible_projects(call.site, call.caller) if "live" in wanted else ()
    return [
        *live,
        *(one for word in ("archived", "deleted") if word in wanted for one in _hidden(call, word)),
    ]


def _hidden(call: Call, word: str) -> list[Project]:
    """Archived or deleted projects, which only administrators see."""
    if not may(call.caller, "ADMINISTER", None):
        return []
    return [
        one
        for one in call.site.state.projects.values()
        if (one.details.deleted_at if word == "deleted" else one.details.archived_at) is not None
    ]


def _recent(call: Call) -> list[Project]:
    latest: dict[str, float] = {}
    for issue in call.site.state.issues.values():
        when = issue.updated.timestamp()
        latest[issue.project_id] = max(latest.get(issue.project_id, 0), when)
    shown = visible_projects(call.site, call.caller)
    return sorted(shown, key=lambda one: -latest.get(one.id, 0))


def _sorts(call: Call) -> Keys:
    state, wire = call.site.state, call.wire
    return {
        "key": lambda one: one.key,
        "name": lambda one: one.name.casefold(),
        "category": lambda one: one.details.category_id or "",
        "owner": lambda one: state.users[one.lead].display_name,
        "issueCount": lambda one: len(issues_of(wire, one)),
        "lastIssueUpdatedDate": lambda one: max(
            (issue.updated.timestamp() for issue in issues_of(wire, one)), default=0
        ),
        "archivedDate": lambda one: str(one.details.archived_at or ""),
        "deletedDate": lambda one: str(one.details.deleted_at or ""),
    }


def statuses(call: Call) -> Answer:
    """GET /project/{project}/statuses: per issue type."""
    project, wire = found(call), call.wire
    return Answer(
        [
            {
                "self": f"{wire.api}/issuetype/{kind.id}",
                "id": kind.id,
                "name": kind.name,
                "subtask": kind.subtask,
                "statuses": [wire.status(one) for one in project.workflow_of(kind.id).statuses],
            }
            for kind in types_of(call, project)
        ]
    )


ENDPOINTS = (
    Endpoint("GET", "/project", all_projects, anonymous=True),
    Endpoint("GET", "/project/search", search_projects, anonymous=True, on=on_cloud),
    Endpoint("GET", "/project/recent", recent_projects, anonymous=True, on=on_cloud),
    Endpoint("GET", "/project/type", kinds, anonymous=True),
    Endpoint("GET", "/project/type/accessible", kinds, anonymous=True, on=on_cloud),
    Endpoint("GET", "/project/type/{key}", kind, anonymous=True),
    Endpoint("GET", "/project/type/{key}/accessible", kind, anonymous=True),
    Endpoint("GET", "/projectvalidate/key", validate_key),
    Endpoint("GET", "/projectvalidate/validProjectKey", valid_key, on=on_cloud),
    Endpoint("GET", "/projectvalidate/validProjectName", valid_name, on=on_cloud),
    Endpoint("GET", "/project/{project}", get, anonymous=True),
    Endpoint("GET", "/project/{project}/statuses", statuses, anonymous=True),
    Endpoint("GET", "/project/{project}/hierarchy", hierarchy, on=on_cloud),
)
