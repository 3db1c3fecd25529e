"""Entity properties of many issues at once, as tasks; and how a task went."""

from collections.abc import Iterable, Mapping

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.site import properties, tasks
from jirasim.site.errors import Refusal
from jirasim.site.issues import visible
from jirasim.site.model import Issue
from jirasim.site.permissions import may
from jirasim.site.product import on_cloud
from jirasim.site.state import Site
from jirasim.wire.entities import Json

MOST_AT_ISSUES = 10_000
MOST_KEYS = 10
MOST_MULTI = 100
ABSENT = object()
Parts = Mapping[str, object]


def set_list(call: Call) -> Answer:
    """POST /issue/properties: the same values on all issues, or on none."""
    body = call.object()
    values = _values(body.get("properties"))
    chosen = _writable(call, _ids(body.get("entitiesIds"), MOST_AT_ISSUES))
    return _stored(call, [(issue, values) for issue in chosen])


def set_multi(call: Call) -> Answer:
    """POST /issue/properties/multi: values of its own for each issue; a missing one is passed."""
    rows = call.object().get("issues")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_MULTI:
        raise Refusal(400, f"Between 1 and {MOST_MULTI} issues are needed.")
    changes: list[tuple[Issue, Parts]] = []
    for one in rows:
        row = one if isinstance(one, Mapping) else {}
        issue = call.site.state.issues.get(str(row.get("issueID")))
        values = _values(row.get("properties"))
        if issue is not None and _may_write(call, issue):
            changes.append((issue, values))
    return _stored(call, changes)


def set_filtered(call: Call) -> Answer:
    """PUT /issue/properties/{key}: one value on all issues that pass the filter."""
    body, key = call.object(), call.params["key"]
    if "expression" in body:
        raise Refusal(400, "Jira expressions cannot be evaluated here.")
    if "value" not in body:
        raise Refusal(400, "The 'value' of the property must be given.")
    properties.check(key, body["value"])
    chosen = _eligible(call, key, _part(body.get("filter")))
    return _stored(call, [(issue, {key: body["value"]}) for issue in chosen])


def delete_filtered(call: Call) -> Answer:
    """DELETE /issue/properties/{key}: from all issues that pass the filter."""
    key = call.params["key"]
    chosen = [one for one in _eligible(call, key, call.object()) if key in one.properties]
    for issue in chosen:
        properties.remove(call.site, call.user, issue, key)
    return _see_other(call, [one.id for one in chosen])


def task(call: Call) -> Answer:
    """GET /task/{task}: for who began it, and administrators."""
    found = call.site.state.tasks.get(call.params["task_id"])
    if found is None:
        raise Refusal(404, "The task with id '{}' does not exist.".format(call.params["task_id"]))
    if found.actor != call.user.account_id and not may(call.user, "ADMINISTER", None):
        raise Refusal(403, "You do not have permission to see this task.")
    running = tasks.is_running(call.site, found)
    begun = round(found.submitted.timestamp() * 1000)
    body: Json = {
        "self": f"{call.wire.api}/task/{found.id}",
        "id": found.id,
        "description": found.description,
        "status": "RUNNING" if running else "COMPLETE",
        "submittedBy": 10000 + [*call.site.state.users].index(found.actor),
        "progress": 0 if running else 100,
        "elapsedRuntime": 0,
        "submitted": begun,
        "started": begun,
        "lastUpdate": begun,
    }
    return Answer(body if running else {**body, "finished": begun})


def _stored(call: Call, changes: Iterable[tuple[Issue, Parts]]) -> Answer:
    done: list[str] = []
    for issue, values in changes:
        for key, value in values.items():
            now = call.site.state.issues[issue.id]
            properties.put(call.site, call.user, now, key, value)
        done.append(issue.id)
    return _see_other(call, done)


def _see_other(call: Call, done: list[str]) -> Answer:
    words = "Bulk operation on issue properties"
    made = tasks.keep(call.site, call.user, done, description=words)
    return Answer(None, 303, {"Location": f"{call.wire.api}/task/{made.id}"})


def _values(raw: object) -> Parts:
    values = _part(raw)
    if not 1 <= len(values) <= MOST_KEYS:
        raise Refusal(400, f"Between 1 and {MOST_KEYS} properties are needed.")
    for key, value in values.items():
        properties.check(key, value)
    return values


def _part(raw: object) -> Parts:
    return raw if isinstance(raw, Mapping) else {}


def _ids(raw: object, most: int) -> list[str]:
    if not isinstance(raw, list) or not 1 <= len(raw) <= most:
        raise Refusal(400, f"Between 1 and {most} issue ids are needed.")
    return list(dict.fromkeys(map(str, raw)))


def _writable(call: Call, ids: Iterable[str]) -> list[Issue]:
    """All of them, or Refusal 400."""
    found = []
    for one in ids:
        try:
            issue = visible(call.site, call.user, one)
        except Refusal as refusal:
            raise Refusal(400, *refusal.messages) from None
        if not _may_write(call, issue):
            raise Refusal(400, "You do not have permission to edit this issue.")
        found.append(issue)
    return found


def _eligible(call: Call, key: str, given: Parts) -> list[Issue]:
    """The issues that the caller may edit and that pass the filter."""
    has = given.get("hasProperty")
    if has is False and "currentValue" in given:
        raise Refusal(400, "'currentValue' cannot be given where 'hasProperty' is false.")
    ids = given.get("entityIds")
    asked = {str(one) for one in ids} if isinstance(ids, list) else None
    return [
        issue
        for issue in _all(call.site, asked)
        if _may_write(call, issue)
        and has in {None, key in issue.properties}
        and given.get("currentValue", ABSENT) in (ABSENT, issue.properties.get(key, None))
    ]


def _all(site: Site, asked: set[str] | None) -> list[Issue]:
    return [one for one in site.state.issues.values() if asked is None or one.id in asked]


def _may_write(call: Call, issue: Issue) -> bool:
    project = call.site.state.projects[issue.project_id]
    return may(call.user, "EDIT_ISSUES", project) and may(call.user, "BROWSE_PROJECTS", project)


ENDPOINTS = (
    Endpoint("POST", "/issue/properties", set_list, on=on_cloud),
    Endpoint("POST", "/issue/properties/multi", set_multi, on=on_cloud),
    Endpoint("PUT", "/issue/properties/{key}", set_filtered, on=on_cloud),
    Endpoint("DELETE", "/issue/properties/{key}", delete_filtered, on=on_cloud),
    Endpoint("GET", "/task/{task_id}", task, on=on_cloud),
)
