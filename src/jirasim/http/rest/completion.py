"""What an editor of JQL may complete: fields, functions, reserved words, values."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.jql.behaviour import Behaviour, Choice, Days, Moment, Number
from jirasim.jql.dates import OWN_UNIT
from jirasim.jql.evaluate import HISTORY, supported
from jirasim.jql.fields import find_field
from jirasim.jql.order import UNSORTABLE
from jirasim.jql.structure import encoded_value
from jirasim.jql.words import KEYWORDS, RESERVED
from jirasim.site.errors import Refusal
from jirasim.site.fields import Field
from jirasim.site.filters import visible
from jirasim.site.permissions import visible_projects
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json

MOST = 15
DATE = "java.util.Date"
ISSUE = "com.atlassian.jira.issue.Issue"
PROJECT = "com.atlassian.jira.project.Project"
TYPE = "com.atlassian.jira.issue.issuetype.IssueType"
USER = "com.atlassian.jira.user.ApplicationUser"
SERVER_USER = "com.atlassian.crowd.embedded.api.User"
VERSION = "com.atlassian.jira.project.version.Version"
TYPES = {
    "user": USER,
    "status": "com.atlassian.jira.issue.status.Status",
    "priority": "com.atlassian.jira.issue.priority.Priority",
    "resolution": "com.atlassian.jira.issue.resolution.Resolution",
    "project": PROJECT,
    "issuetype": TYPE,
    "issuelink": ISSUE,
    "version": VERSION,
    "option": "com.atlassian.jira.issue.customfields.option.Option",
}
BESIDES_FIELDS = {
    "worklogAuthor": "user",
    "worklogDate": "date",
    "worklogComment": "string",
    "watcher": "user",
    "voter": "user",
    "watchers": "number",
    "votes": "number",
    "attachments": "string",
    "issueLinkType": "string",
    "timeSpent": "number",
    "originalEstimate": "number",
    "remainingEstimate": "number",
    "workRatio": "number",
    "lastViewed": "date",
    "text": "string",
}
EDGES = tuple(f"{edge}Of{period}" for edge in ("start", "end") for period in OWN_UNIT)
ONE_VALUE: dict[str, str] = {
    "currentUser": USER,
    **dict.fromkeys(("now", "currentLogin", "lastLogin"), DATE),
    **dict.fromkeys(EDGES, DATE),
}
LISTS = {
    "membersOf": USER,
    "linkedIssues": ISSUE,
    "issueHistory": ISSUE,
    "issuesWithRemoteLinksByGlobalId": ISSUE,
    "watchedIssues": ISSUE,
    "votedIssues": ISSUE,
    "updatedBy": ISSUE,
    "standardIssueTypes": TYPE,
    "subtaskIssueTypes": TYPE,
    "projectsLeadByUser": PROJECT,
    "projectsWhereUserHasPermission": PROJECT,
    "projectsWhereUserHasRole": PROJECT,
    "releasedVersions": VERSION,
    "unreleasedVersions": VERSION,
    "latestReleasedVersion": VERSION,
    "earliestUnreleasedVersion": VERSION,
}


def completion(call: Call) -> Answer:
    """GET and POST /jql/autocompletedata."""
    fields = [*_own_fields(call), *_besides(call)]
    functions = [
        *(_function(call, name, kind) for name, kind in ONE_VALUE.items()),
        *({**_function(call, name, kind), "isList": "true"} for name, kind in LISTS.items()),
    ]
    return Answer(
        {
            "visibleFieldNames": sorted(fields, key=lambda one: str(one["displayName"]).lower()),
            "visibleFunctionNames": sorted(functions, key=lambda one: str(one["value"]).lower()),
            "jqlReservedWords": sorted({*RESERVED, *KEYWORDS} - {"cf"}),
        }
    )


def _own_fields(call: Call) -> Iterator[Json]:
    for field in call.site.state.fields.values():
        names = (field.name,) if field.custom else field.clauses
        for name in names if field.searchable and not field.trashed else ():
            behaviour = find_field(name, call.site.state)
            if behaviour is not None:
                yield _field(call, name, behaviour, field.kind, field)


def _besides(call: Call) -> Iterator[Json]:
    for name, kind in BESIDES_FIELDS.items():
        behaviour = find_field(name, call.site.state)
        if behaviour is not None:
            yield _field(call, name, behaviour, kind)


def _field(
    call: Call, name: str, behaviour: Behaviour, kind: str, field: Field | None = None
) -> Json:
    operators = [one.value for one in supported(behaviour)]
    if isinstance(behaviour, Choice) and behaviour.history is not None:
        operators += [*(one.value for one in HISTORY), "changed"]
    body: Json = {
        "value": encoded_value(name),
        "displayName": name,
        "orderable": "false" if name.lower() in UNSORTABLE else "true",
        "searchable": "true",
        "operators": sorted(operators),
        "types": [_type(call, behaviour, kind)],
    }
    if isinstance(behaviour, Choice) and not behaviour.only_emptiness:
        body["auto"] = "true"
    if field is None or field.custom is None:
        return body
    number = f"cf[{field.number}]"
    return {**body, "displayName": f"{name} - {number}", "cfid": number}


def _type(call: Call, behaviour: Behaviour, kind: str) -> str:
    match behaviour:
        case Moment() | Days():
            return DATE
        case Number():
            return "java.lang.Number"
        case _:
            return _user(call, TYPES.get(kind, "java.lang.String"))


def _user(call: Call, name: str) -> str:
    return SERVER_USER if name == USER and not call.product.cloud else name


def _function(call: Call, name: str, kind: str) -> Json:
    return {"value": f"{name}()", "displayName": f"{name}()", "types": [_user(call, kind)]}


def suggestions(call: Call) -> Answer:
    """GET /jql/autocompletedata/suggestions: values of a field, or of a predicate of CHANGED."""
    query = call.query
    name, predicate = query.get("fieldName", ""), query.get("predicateName", "").lower()
    if not name and not predicate:
        raise Refusal(400, "Either 'fieldName' or 'predicateName' must be provided.")
    typed = (query.get("predicateValue") if predicate else query.get("fieldValue")) or ""
    found = _people(call) if predicate == "by" else _values(call, name.strip('"').lower())
    fitting = [(value, shown) for value, shown in found if typed.lower() in shown.lower()]
    rows = sorted(fitting, key=lambda one: one[1].lower())[:MOST]
    return Answer({"results": [_suggestion(value, shown, typed) for value, shown in rows]})


def _suggestion(value: str, shown: str, typed: str) -> Json:
    marked = escape(shown)
    if typed:
        marked = re.sub(f"({re.escape(escape(typed))})", r"<b>\1</b>", marked, flags=re.IGNORECASE)
    return {"value": encoded_value(value), "displayName": marked}


def _values(call: Call, name: str) -> Iterable[tuple[str, str]]:
    state = call.site.state
    projects = visible_projects(call.site, call.caller)
    seen = {one.id for one in projects}
    names = {
        "status": [one.name for one in state.statuses.values()],
        "priority": [one.name for one in state.priorities.values()],
        "resolution": [one.name for one in state.resolutions.values()],
        "issuetype": [one.name for one in state.issue_types.values()],
        "filter": [one.name for one in visible(call.site, call.caller).all()],
        "component": [one.name for one in state.components.values() if one.project_id in seen],
        "fixversion": [one.name for one in state.versions.values() if one.project_id in seen],
    }
    if name == "project":
        return [(one.key, f"{one.name} ({one.key})") for one in projects]
    name = {"type": "issuetype", "affectedversion": "fixversion"}.get(name, name)
    if name in names:
        return [(one, one) for one in set(names[name])]
    if name == "labels":
        labels = {label for one in call.site.index.in_projects(seen) for label in one.labels}
        return [(one, one) for one in labels]
    return _of_field(call, name)


def _of_field(call: Call, name: str) -> Iterable[tuple[str, str]]:
    behaviour = find_field(name, call.site.state)
    if isinstance(behaviour, Choice) and "membersof" in (behaviour.functions or {}):
        return _people(call)
    for field in call.site.state.fields.values():
        if field.options and name in (field.name.lower(), f"cf[{field.number}]", field.id):
            return [(one.value, one.value) for one in field.options if not one.disabled]
    return ()


def _people(call: Call) -> Iterable[tuple[str, str]]:
    users = [one for one in call.site.state.users.values() if one.active and not one.deleted]
    if call.product.cloud:
        return [(one.account_id, one.display_name) for one in users]
    return [(one.name, f"{one.display_name} - {one.email} ({one.name})") for one in users]


ENDPOINTS = (
    Endpoint("GET", "/jql/autocompletedata", completion, anonymous=True),
    Endpoint("POST", "/jql/autocompletedata", completion, anonymous=True, on=on_cloud),
    Endpoint("GET", "/jql/autocompletedata/suggestions", suggestions, anonymous=True),
)
