"""Search: by token over the index (Cloud), an estimate of the count, and the removed old way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import cast

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.issues import words
from jirasim.http.tokens import Cursor
from jirasim.jql.hits import Hits
from jirasim.jql.walk import mark_of
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue
from jirasim.site.product import on_cloud
from jirasim.site.search import context_of, parsed, search
from jirasim.wire.entities import Json
from jirasim.wire.issues import Selection, issue_json, names_json, schema_json, selected
from jirasim.wire.wire import Wire

PAGE = 50
LARGEST_PAGE = 5000
LARGEST_PAGE_OF_FIELDS = 100
MOST_PROPERTIES = 5
MOST_RECONCILED = 50
LIGHT = frozenset({"id", "key"})
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


@dataclass(frozen=True, slots=True)
class Request:
    """A search, whether it came by GET or by POST."""

    jql: str
    token: str | None
    size: int
    selection: Selection
    reconcile: tuple[str, ...]

    @property
    def light(self) -> bool:
        """Whether only ids and keys are wanted."""
        return set(self.selection.fields) <= LIGHT and not self.selection.expand

    @property
    def about(self) -> str:
        """What the page token is bound to."""
        return sha256(repr((self.jql, self.reconcile)).encode()).hexdigest()[:16]


def by_get(call: Call) -> Answer:
    """GET /search/jql."""
    query = call.query
    given: Json = {
        "jql": query.get("jql", ""),
        "nextPageToken": query.get("nextPageToken"),
        "maxResults": call.number("maxResults", PAGE),
        "fields": query.getlist("fields"),
        "expand": query.get("expand"),
        "properties": query.getlist("properties"),
        "reconcileIssues": list(words(query.getlist("reconcileIssues"))),
    }
    return Answer(_result(call, _request(given)))


def by_post(call: Call) -> Answer:
    """POST /search/jql."""
    return Answer(_result(call, _request(call.object())))


def count(call: Call) -> Answer:
    """POST /search/approximate-count."""
    query = parsed(str(call.object().get("jql") or ""), bounded=True)
    return Answer({"count": len(search(call.site, call.caller, query))})


def removed(_: Call) -> Answer:
    """The search by `startAt`, shut off in 2025 (jira.md 4.2)."""
    raise Refusal(410, REMOVED)


def _request(given: Mapping[str, object]) -> Request:
    size = given.get("maxResults", PAGE)
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise Refusal(400, "The value of 'maxResults' must be a whole number of at least 0.")
    properties, reconcile = words(given.get("properties")), _ids(given.get("reconcileIssues"))
    if len(properties) > MOST_PROPERTIES:
        raise Refusal(400, f"No more than {MOST_PROPERTIES} properties can be requested.")
    fields = words(given.get("fields")) or ("id",)
    token = given.get("nextPageToken")
    return Request(
        jql=str(given.get("jql") or ""),
        token=str(token) if token else None,
        size=size,
        selection=Selection(fields, frozenset(words(given.get("expand"))), properties),
        reconcile=reconcile,
    )


def _ids(raw: object) -> tuple[str, ...]:
    rows = raw if isinstance(raw, list) else []
    found = tuple(str(one) for one in rows)
    if len(found) > MOST_RECONCILED or not all(one.isdigit() for one in found):
        raise Refusal(400, f"'reconcileIssues' takes up to {MOST_RECONCILED} numeric ids.")
    return found


def _result(call: Call, request: Request) -> Json:
    query = parsed(request.jql, bounded=True)
    rows = search(call.site, call.caller, query, reconcile=request.reconcile)
    now = call.site.now()
    cursor = Cursor(request.about)
    if request.token is not None:
        cursor = Cursor.read(request.token, about=request.about, now=now)
    rest = _rest(rows, cursor)
    size = min(request.size, LARGEST_PAGE if request.light else LARGEST_PAGE_OF_FIELDS)
    found = list(rest[: size + 1])
    shown, more = found[:size], len(found) > size
    wire, rows_selection = call.wire, request.selection.in_list
    body: Json = {
        "issues": [_row(wire, one, rows_selection) for one in shown],
        "isLast": not more,
    }
    if more:
        end = (
            mark_of(shown[-1], query.walked(context_of(call.site, call.caller)))
            if shown
            else cursor.last
        )
        body["nextPageToken"] = Cursor(request.about, cursor.offset + len(shown), end).write(
            now=now
        )
    return {**body, **described(call, request.selection)}


def _rest(rows: Hits, cursor: Cursor) -> Sequence[Issue]:
    """After the last row that was read, wherever it is now; else by count."""
    if not cursor.offset:
        return rows
    following = rows.after(cursor.last)
    return rows[cursor.offset :] if following is None else following


def _row(wire: Wire, issue: Issue, selection: Selection) -> Json:
    if set(selection.fields) == {"id"} and not selection.expand and not selection.properties:
        return {"id": issue.id}
    whole = issue_json(wire, issue, selection)
    if set(selection.fields) <= LIGHT and not cast("Json", whole["fields"]):
        del whole["fields"]
    return whole


def described(call: Call, selection: Selection) -> Json:
    """The names and schemas of the shown fields, as far as they are asked for."""
    names = selected(call.site.state.fields, selection.fields)
    body: Json = {}
    if "names" in selection.expand:
        body["names"] = names_json(call.wire, names)
    if "schema" in selection.expand:
        body["schema"] = schema_json(call.wire, names)
    return body


ENDPOINTS = (
    Endpoint("GET", "/search/jql", by_get, anonymous=True, on=on_cloud),
    Endpoint("POST", "/search/jql", by_post, anonymous=True, on=on_cloud),
    Endpoint("POST", "/search/approximate-count", count, anonymous=True, on=on_cloud),
    Endpoint("GET", "/search", removed, anonymous=True, on=on_cloud),
    Endpoint("POST", "/search", removed, anonymous=True, on=on_cloud),
)
