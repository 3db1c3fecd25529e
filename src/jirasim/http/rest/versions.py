"""Versions of projects over REST."""

from collections.abc import Mapping

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.http.rest.metadata import found
from jirasim.http.sorting import ordered
from jirasim.site import parts, releases
from jirasim.site.edits import INVALID_PAYLOAD
from jirasim.site.errors import Refusal
from jirasim.site.parts import Version
from jirasim.site.permissions import visible_projects
from jirasim.site.product import on_server
from jirasim.wire.entities import Json
from jirasim.wire.parts import fix_statuses, whole_version

SORTS = {
    "name": lambda one: one.name.casefold(),
    "description": lambda one: one.description.casefold(),
    "sequence": lambda one: one.sequence,
    "startDate": lambda one: str(one.start or "9999"),
    "releaseDate": lambda one: str(one.release or "9999"),
}
HEIRS = {"fixVersions": "moveFixIssuesTo", "versions": "moveAffectedIssuesTo"}


def create(call: Call) -> Answer:
    """POST /version."""
    made = releases.create(call.site, call.user, call.object())
    return Answer(_written(call, made), 201)


def get(call: Call) -> Answer:
    """GET /version/{id}."""
    return Answer(_written(call, _found(call)))


def edit(call: Call) -> Answer:
    """PUT /version/{id}."""
    after = releases.edit(call.site, call.user, _found(call), call.object())
    return Answer(_written(call, after))


def delete(call: Call) -> Answer:
    """DELETE /version/{id}, and what issues get instead."""
    heirs = {field: call.query.get(name) or None for field, name in HEIRS.items()}
    releases.delete(call.site, call.user, _found(call), heirs)
    return NO_CONTENT


def swap(call: Call) -> Answer:
    """POST /version/{id}/removeAndSwap: the same, also for custom fields."""
    body = call.object()
    heirs = {field: body.get(name) for field, name in HEIRS.items()}
    rows = body.get("customFieldReplacementList")
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, Mapping):
            raise Refusal(400, INVALID_PAYLOAD)
        heirs[f"customfield_{row.get('customFieldId')}"] = row.get("moveTo")
    named = {name: None if heir is None else str(heir) for name, heir in heirs.items()}
    releases.delete(call.site, call.user, _found(call), named)
    return NO_CONTENT


def merge(call: Call) -> Answer:
    """PUT /version/{id}/mergeto/{other}."""
    heir = releases.find(call.site, call.caller, call.params["other"])
    releases.merge(call.site, call.user, _found(call), heir)
    return NO_CONTENT


def move(call: Call) -> Answer:
    """POST /version/{id}/move."""
    moved = releases.move(call.site, call.user, _found(call), call.object())
    return Answer(_written(call, moved))


def counts(call: Call) -> Answer:
    """GET /version/{id}/relatedIssueCounts."""
    version = _found(call)
    fixed, affected = (
        len(releases.holders(call.site, version, name)) for name in ("fixVersions", "versions")
    )
    uses = releases.custom_uses(call.site, version)
    fields = call.site.state.fields
    rows = [
        {
            "customFieldId": int(fields[name].number),
            "fieldName": fields[name].name,
            "issueCountWithVersionInCustomField": number,
        }
        for name, number in uses.items()
    ]
    body: Json = {
        "self": f"{call.wire.api}/version/{version.id}",
        "issuesFixedCount": fixed,
        "issuesAffectedCount": affected,
        "issueCountWithCustomFieldsShowingVersion": sum(uses.values()),
        "customFieldUsage" if call.product.cloud else "customFieldNames": rows,
    }
    return Answer(body)


def unresolved(call: Call) -> Answer:
    """GET /version/{id}/unresolvedIssueCount."""
    version = _found(call)
    mine = releases.holders(call.site, version, "fixVersions")
    open_ones = sum(one.resolution_id is None for one in mine)
    link = f"{call.wire.api}/version/{version.id}"
    body: Json = {"self": link, "issuesUnresolvedCount": open_ones}
    return Answer(body | {"issuesCount": len(mine)} if call.product.cloud else body)


def of_project(call: Call) -> Answer:
    """GET /project/{project}/versions: all of them, in order."""
    mine = parts.versions_of(call.site.state.versions, found(call).id)
    return Answer([_written(call, one) for one in mine])


def page_of_project(call: Call) -> Answer:
    """GET /project/{project}/version: in pages, by text and status."""
    project = found(call)
    wanted = [one for one in call.query.get("status", "").lower().split(",") if one]
    text = call.query.get("query", "").casefold()
    rows = [
        one
        for one in parts.versions_of(call.site.state.versions, project.id)
        if text in f"{one.name} {one.description}".casefold()
        and (not wanted or _status(one) in wanted)
    ]
    path = f"/project/{project.key}/version"
    return Answer(
        page(call, ordered(call, rows, SORTS), lambda one: _written(call, one), path=path)
    )


def everywhere(call: Call) -> Answer:
    """GET /version on Server: by text and projects."""
    wanted = {one for one in call.query.get("projectIds", "").split(",") if one}
    text = call.query.get("query", "").casefold()
    table = call.site.state.versions
    rows = [
        one
        for project in visible_projects(call.site, call.caller)
        for one in parts.versions_of(table, project.id)
        if (not wanted or project.id in wanted) and text in one.name.casefold()
    ]
    return Answer(page(call, rows, lambda one: _written(call, one), path="/version", size=100))


def _status(version: Version) -> str:
    if version.archived:
        return "archived"
    return "released" if version.released else "unreleased"


def _written(call: Call, version: Version) -> Json:
    """The version; with `expand=issuesstatus` also how far its issues are (Cloud)."""
    body = whole_version(call.wire, version)
    if call.product.cloud and "issuesstatus" in call.query.get("expand", ""):
        body["issuesStatusForFixVersion"] = fix_statuses(call.wire, version)
    return body


def _found(call: Call) -> Version:
    return releases.find(call.site, call.caller, call.params["id"])


ENDPOINTS = (
    Endpoint("GET", "/version", everywhere, on=on_server, anonymous=True),
    Endpoint("POST", "/version", create),
    Endpoint("GET", "/version/{id}", get, anonymous=True),
    Endpoint("PUT", "/version/{id}", edit),
    Endpoint("DELETE", "/version/{id}", delete),
    Endpoint("PUT", "/version/{id}/mergeto/{other}", merge),
    Endpoint("POST", "/version/{id}/move", move),
    Endpoint("POST", "/version/{id}/removeAndSwap", swap),
    Endpoint("GET", "/version/{id}/relatedIssueCounts", counts, anonymous=True),
    Endpoint("GET", "/version/{id}/unresolvedIssueCount", unresolved, anonymous=True),
    Endpoint("GET", "/project/{project}/versions", of_project, anonymous=True),
    Endpoint("GET", "/project/{project}/version", page_of_project, anonymous=True),
)
