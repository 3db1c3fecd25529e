"""What may be filled in when an issue is made: create metadata, old shape and new."""

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import window
from jirasim.http.rest.issues import words
from jirasim.site.errors import Refusal, project_unseen
from jirasim.site.model import IssueType, Project
from jirasim.site.permissions import may, visible_projects
from jirasim.site.product import Product, on_cloud, server_before, server_since
from jirasim.wire.entities import Json
from jirasim.wire.meta import create_form

LARGEST_PAGE = 200


def found(call: Call, name: str = "project") -> Project:
    """The project of the path.  Raises Refusal 404 when absent or hidden."""
    id_or_key = call.params[name]
    project = call.site.find_project(id_or_key)
    if project is None or not may(call.caller, "BROWSE_PROJECTS", project):
        raise project_unseen(id_or_key)
    return project


def _creating(call: Call) -> Project:
    """The project of the path, whose absence is 400 to Server."""
    try:
        return found(call)
    except Refusal as refusal:
        raise Refusal(404 if call.product.cloud else 400, *refusal.messages) from None


def types_of(call: Call, project: Project) -> list[IssueType]:
    """The issue types of a project, in its order."""
    return [call.site.state.issue_types[type_id] for type_id in project.issue_types]


def issue_types(call: Call) -> Answer:
    """GET …/createmeta/{project}/issuetypes."""
    project = _creating(call)
    offered = types_of(call, project) if may(call.caller, "CREATE_ISSUES", project) else []
    start, limit, shown = window(call, offered, size=50, ceiling=LARGEST_PAGE)
    rows = [_type(call, one) for one in shown]
    bean = {"maxResults": limit, "startAt": start, "total": len(offered)}
    return Answer({**bean, **_listed(call, "issueTypes", rows, start=start, total=len(offered))})


def type_fields(call: Call) -> Answer:
    """GET …/createmeta/{project}/issuetypes/{type}."""
    project, type_id = _creating(call), call.params["type_id"]
    if type_id not in project.issue_types:
        raise Refusal(400, f"The issue type with id '{type_id}' is not available in this project.")
    form = create_form(call.wire, project, type_id)
    rows = [{**field, "fieldId": name} for name, field in form.items()]
    start, limit, shown = window(call, rows, size=50, ceiling=LARGEST_PAGE)
    bean = {"maxResults": limit, "startAt": start, "total": len(rows)}
    return Answer({**bean, **_listed(call, "fields", list(shown), start=start, total=len(rows))})


def _listed(call: Call, name: str, rows: list[Json], *, start: int, total: int) -> Json:
    """Cloud calls the rows by their name; Server writes a page like others (jira.md 6.2)."""
    if call.product.cloud:
        return {name: rows}
    return {"isLast": start + len(rows) >= total, "values": rows}


def whole(call: Call) -> Answer:
    """GET /issue/createmeta: everything at once, deprecated but answered (jira.md 6.2)."""
    keys = {key.upper() for key in words(call.query.getlist("projectKeys"))}
    ids = set(words(call.query.getlist("projectIds")))
    shown = [
        project
        for project in visible_projects(call.site, call.caller)
        if may(call.caller, "CREATE_ISSUES", project)
        and (not (keys or ids) or project.key in keys or project.id in ids)
    ]
    return Answer({"expand": "projects", "projects": [_project(call, one) for one in shown]})


def _project(call: Call, project: Project) -> Json:
    names = set(words(call.query.getlist("issuetypeNames")))
    ids = set(words(call.query.getlist("issuetypeIds")))
    with_fields = "projects.issuetypes.fields" in call.query.get("expand", "")
    types = [
        _type_with_fields(call, project, one, with_fields=with_fields)
        for one in types_of(call, project)
        if not (names or ids) or one.name in names or one.id in ids
    ]
    shown = call.wire.entities.project(project)
    kept = {name: shown[name] for name in ("self", "id", "key", "name", "avatarUrls")}
    return {"expand": "issuetypes", **kept, "issuetypes": types}


def _type_with_fields(call: Call, project: Project, kind: IssueType, *, with_fields: bool) -> Json:
    body = _type(call, kind)
    if with_fields:
        body |= {"expand": "fields", "fields": create_form(call.wire, project, kind.id)}
    return body


def _type(call: Call, kind: IssueType) -> Json:
    body: Json = dict(call.wire.entities.issue_type(kind))
    return {**body, "untranslatedName": kind.name} if call.product.cloud else body


def new_form(product: Product) -> bool:
    """Where create metadata is read by project and type."""
    return on_cloud(product) or server_since(8, 4)(product)


ENDPOINTS = (
    Endpoint("GET", "/issue/createmeta", whole, anonymous=True, on=on_cloud),
    Endpoint("GET", "/issue/createmeta", whole, on=server_before(9)),
    Endpoint(
        "GET", "/issue/createmeta/{project}/issuetypes", issue_types, anonymous=True, on=new_form
    ),
    Endpoint(
        "GET",
        "/issue/createmeta/{project}/issuetypes/{type_id}",
        type_fields,
        anonymous=True,
        on=new_form,
    ),
)
