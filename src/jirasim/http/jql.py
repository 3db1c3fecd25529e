"""JQL itself: checking queries, and what an editor may complete."""

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.jql import JqlError, parse
from jirasim.jql.words import KEYWORDS, RESERVED
from jirasim.site.errors import Refusal
from jirasim.site.search import context_of
from jirasim.wire.entities import Json

OPERATORS = ["=", "!=", "in", "not in", "is", "is not"]
RANGES = ["<", "<=", ">", ">="]
TEXT = ["~", "!~", "is", "is not"]
ORDERED_KINDS = frozenset({"date", "datetime", "number", "priority"})
TEXT_KINDS = frozenset({"string", "doc", "comments-page"})
JAVA_TYPES = {
    "user": "com.atlassian.jira.user.ApplicationUser",
    "date": "java.util.Date",
    "datetime": "java.util.Date",
    "number": "java.lang.Number",
    "status": "com.atlassian.jira.issue.status.Status",
    "priority": "com.atlassian.jira.issue.priority.Priority",
    "project": "com.atlassian.jira.project.Project",
    "issuetype": "com.atlassian.jira.issue.issuetype.IssueType",
}
BESIDES_FIELDS = {
    "worklogAuthor": "user",
    "worklogDate": "date",
    "worklogComment": "comments-page",
}
FUNCTIONS = {
    "currentUser()": "user",
    "now()": "date",
    "startOfDay()": "date",
    "endOfDay()": "date",
    "startOfWeek()": "date",
    "endOfWeek()": "date",
    "startOfMonth()": "date",
    "endOfMonth()": "date",
    "startOfYear()": "date",
    "endOfYear()": "date",
}


def check(call: Call) -> Answer:
    """POST /jql/parse: each query with what is wrong with it, or without `errors`."""
    queries = call.object().get("queries")
    if not isinstance(queries, list) or not queries:
        raise Refusal(400, "At least one query must be provided.")
    validation = call.query.get("validation", "strict")
    rows = [_checked(call, str(one), validation) for one in queries]
    return Answer({"queries": rows})


def _checked(call: Call, text: str, validation: str) -> Json:
    try:
        query = parse(text)
    except JqlError as error:
        return {"query": text, "errors": list(error.messages)}
    if validation == "none":
        return {"query": text}
    try:
        query.check(context_of(call.site, call.caller))
    except JqlError as error:
        kind = "warnings" if validation == "warn" else "errors"
        return {"query": text, kind: list(error.messages)}
    return {"query": text}


def completion(call: Call) -> Answer:
    """GET /jql/autocompletedata."""
    fields = [
        _field(clause, field.kind, custom=field.id if field.custom else None)
        for field in call.site.state.fields.values()
        if field.searchable
        for clause in field.clauses
    ]
    fields += [_field(clause, kind, custom=None) for clause, kind in BESIDES_FIELDS.items()]
    functions: list[Json] = [
        {"value": name, "displayName": name, "types": [JAVA_TYPES[kind]]}
        for name, kind in FUNCTIONS.items()
    ]
    return Answer(
        {
            "visibleFieldNames": fields,
            "visibleFunctionNames": functions,
            "jqlReservedWords": sorted({*RESERVED, *KEYWORDS} - {"cf"}),
        }
    )


def _field(clause: str, kind: str, *, custom: str | None) -> Json:
    operators = (
        TEXT if kind in TEXT_KINDS else [*OPERATORS, *(RANGES if kind in ORDERED_KINDS else [])]
    )
    body: Json = {
        "value": f'"{clause}"' if " " in clause else clause,
        "displayName": clause,
        "orderable": "true",
        "searchable": "true",
        "operators": operators,
        "types": [JAVA_TYPES.get(kind, "java.lang.String")],
    }
    return body if custom is None else {**body, "cfid": f"cf[{custom.rpartition('_')[2]}]"}


ENDPOINTS = (
    Endpoint("POST", "/jql/parse", check),
    Endpoint("GET", "/jql/autocompletedata", completion),
)
