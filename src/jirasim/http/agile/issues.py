"""Lists of issues in the agile API, by offset, and in the software API of Cloud, by token."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from jirasim.http.endpoint import Answer, Call, Handler
from jirasim.http.paging import window
from jirasim.http.rest.issues import selection_of
from jirasim.http.tokens import Cursor
from jirasim.site.model import Issue
from jirasim.wire import agile
from jirasim.wire.entities import Json
from jirasim.wire.issues import (
    EXPAND_IN_LIST,
    Selection,
    issue_json,
    names_json,
    schema_json,
    selected,
)

PAGE = 50
CLOUD_PAGE = 100
SERVER_PAGE = 1000
Rows = Callable[[Call], Sequence[Issue]]


def by_offset(rows: Rows) -> Handler:
    """A page in the form of the old search."""

    def answer(call: Call) -> Answer:
        found = rows(call)
        ceiling = CLOUD_PAGE if call.product.cloud else SERVER_PAGE
        start, limit, shown = window(call, found, size=PAGE, ceiling=ceiling)
        selection = selection_of(call)
        body: Json = {
            "expand": "schema,names",
            "startAt": start,
            "maxResults": limit,
            "total": len(found),
            "issues": [agile_issue(call, one, selection.in_list) for one in shown],
        }
        return Answer(body | _described(call))

    return answer


def by_token(rows: Rows) -> Handler:
    """A page in the form of the new search: no total, and a token unless it is the last."""

    def answer(call: Call) -> Answer:
        found, now = rows(call), call.site.now()
        about = sha256(repr((call.params, call.query.get("jql"))).encode()).hexdigest()[:16]
        token = call.query.get("nextPageToken")
        start = Cursor.read(token, about=about, now=now).offset if token else 0
        limit = max(call.number("maxResults", PAGE, ceiling=CLOUD_PAGE), 0)
        shown = found[start : start + limit]
        end, selection = start + len(shown), selection_of(call)
        body: Json = {
            "expand": "schema,names",
            "issues": [agile_issue(call, one, selection.in_list) for one in shown],
            "isLast": end >= len(found),
        }
        if end < len(found):
            body["nextPageToken"] = Cursor(about, end).write(now=now)
        return Answer(body | _described(call))

    return answer


def counted(rows: Rows) -> Handler:
    """Only how many there are."""
    return lambda call: Answer({"count": len(rows(call))})


def _described(call: Call) -> Json:
    selection = selection_of(call)
    names = selected(call.site.state.fields, selection.fields)
    body: Json = {}
    if "names" in selection.expand:
        body["names"] = names_json(call.wire, names)
    if "schema" in selection.expand:
        body["schema"] = schema_json(call.wire, names)
    return body


def agile_issue(call: Call, issue: Issue, selection: Selection) -> Json:
    """An issue with `sprint`, `closedSprints`, `epic` and `flagged` where they are asked for."""
    added = agile.added_fields(call.wire, issue)
    wanted = set(selection.fields)
    everything = bool({"*all", "*navigable"} & wanted) or all(
        word.startswith("-") for word in wanted
    )
    chosen = {
        name: value
        for name, value in added.items()
        if (everything or name in wanted) and f"-{name}" not in wanted
    }
    body = issue_json(call.wire, issue, selection)
    fields = body["fields"] if isinstance(body["fields"], dict) else {}
    place = f"{agile.base(call.wire)}/issue/{issue.id}"
    return {**body, "expand": EXPAND_IN_LIST, "self": place, "fields": {**fields, **chosen}}
