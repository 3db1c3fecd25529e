"""Search by offset, as Server has it (jira.md 4.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jirasim.http.beans import SEARCH, checked
from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.issues import words
from jirasim.http.rest.search import described
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue
from jirasim.site.product import on_server
from jirasim.site.search import parsed, search
from jirasim.wire.entities import Json
from jirasim.wire.issues import Selection, issue_json

PAGE = 50
LARGEST = 2**31
"""One more than the largest number that Java has room for."""
NAVIGABLE = ("*navigable",)


@dataclass(frozen=True, slots=True)
class Request:
    """A search, whether it came by GET or by POST.  A `size` below zero: as many as may be."""

    jql: str
    start: int
    size: int
    validate: bool
    selection: Selection


def by_get(call: Call) -> Answer:
    """GET /search."""
    query = call.query
    fields = words(query.getlist("fields")) or NAVIGABLE
    request = Request(
        jql=query.get("jql", ""),
        start=call.number("startAt", 0),
        size=call.number("maxResults", PAGE),
        validate=call.flag("validateQuery", default=True),
        selection=Selection(fields, frozenset(words(query.getlist("expand")))),
    )
    return Answer(_result(call, request))


def by_post(call: Call) -> Answer:
    """POST /search: the same in a body."""
    body = checked(call, SEARCH)
    fields = words(body.get("fields")) or NAVIGABLE
    request = Request(
        jql=str(body.get("jql") or ""),
        start=_whole(body, "startAt", 0),
        size=_whole(body, "maxResults", PAGE),
        validate=body.get("validateQuery") is not False,
        selection=Selection(fields, frozenset(words(body.get("expand")))),
    )
    return Answer(_result(call, request))


def _whole(body: Json, name: str, default: int) -> int:
    found = body.get(name, default)
    if isinstance(found, bool) or not isinstance(found, int) or abs(found) >= LARGEST:
        raise Refusal(400, f"Can not deserialize instance of java.lang.Integer out of '{name}'")
    return found


def _result(call: Call, request: Request) -> Json:
    rows, warnings = _rows(call, request)
    ceiling = round(call.site.state.settings.search_limit)
    size = ceiling if request.size < 0 else min(request.size, ceiling)
    start = max(request.start, 0)
    shown = rows[start : start + size]
    wire, selection = call.wire, request.selection.in_list
    body: Json = {
        "expand": "schema,names",
        "startAt": start,
        "maxResults": size,
        "total": len(rows),
        "issues": [issue_json(wire, _indexed(one), selection) for one in shown],
    }
    if warnings:
        body["warningMessages"] = list(warnings)
    return {**body, **described(call, request.selection)}


def _rows(call: Call, request: Request) -> tuple[Sequence[Issue], tuple[str, ...]]:
    """What matches; unless the query is to be validated, what is wrong in it is a warning."""
    query = parsed(request.jql)
    try:
        return search(call.site, call.caller, query), ()
    except Refusal as refusal:
        if request.validate:
            raise
        return [], refusal.messages


def _indexed(issue: Issue) -> Issue:
    """The index keeps whole seconds (recorded, jira.md 4.3)."""
    if not any(one and one.microsecond for one in (issue.created, issue.updated, issue.resolved)):
        return issue
    resolved = None if issue.resolved is None else issue.resolved.replace(microsecond=0)
    return replace(
        issue,
        created=issue.created.replace(microsecond=0),
        updated=issue.updated.replace(microsecond=0),
        resolved=resolved,
    )


ENDPOINTS = (
    Endpoint("GET", "/search", by_get, anonymous=True, on=on_server),
    Endpoint("POST", "/search", by_post, anonymous=True, on=on_server),
)
