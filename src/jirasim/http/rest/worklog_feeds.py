"""What happened to worklogs of all issues: `updated`, `deleted`, `list` (jira.md 5.6)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.issues import words
from jirasim.http.rest.worklogs import written_worklog
from jirasim.site import worklogs
from jirasim.site.errors import Refusal
from jirasim.site.feed import Feed, milliseconds
from jirasim.wire.entities import Json
from jirasim.wire.wire import properties_list

PAGE = 1000
SILENCE = timedelta(minutes=1)
SKIP = "skip"
"""Ours, in `nextPage` alone: how many rows of the instant `since` were on earlier pages."""
Row = Callable[[Call, str], Json | None]


def updated(call: Call) -> Answer:
    """GET /worklog/updated: created and edited ones that the caller may see."""
    return _page(call, call.site.worklogs, "updated", _visible)


def deleted(call: Call) -> Answer:
    """GET /worklog/deleted."""
    return _page(call, call.site.deleted_worklogs, "deleted", lambda _, __: {})


def by_ids(call: Call) -> Answer:
    """POST /worklog/list: those of the ids that the caller may see."""
    ids, least = call.object().get("ids"), 1 if call.product.cloud else 0
    if not isinstance(ids, list) or not least <= len(ids) <= PAGE:
        raise Refusal(400, f"Between {least} and {PAGE} worklog ids are needed.")
    known = (worklogs.by_id(call.site, call.caller, one) for one in dict.fromkeys(map(str, ids)))
    return Answer([written_worklog(call, one) for one in known if one is not None])


def _page(call: Call, feed: Feed, name: str, row: Row) -> Answer:
    since, skip = call.number("since", 0), max(call.number(SKIP, 0), 0)
    end = milliseconds(call.site.now() - SILENCE)
    found = list(islice(_rows(call, feed.between(since, end), row), skip, skip + PAGE + 1))
    values, last = found[:PAGE], len(found) <= PAGE
    until = values[-1]["updatedTime"] if values else since
    base = f"{call.wire.api}/worklog/{name}?since="
    body: Json = {
        "values": values,
        "since": since,
        "until": until,
        "self": f"{base}{since}",
        "lastPage": last,
    }
    if not last:
        same = sum(one["updatedTime"] == until for one in values)
        seen = same + (skip if until == since else 0)
        body["nextPage"] = f"{base}{until}&{SKIP}={seen}"
    return Answer(body)


def _rows(call: Call, marks: Iterator[tuple[int, int]], row: Row) -> Iterator[Json]:
    for moment, number in marks:
        more = row(call, str(number))
        if more is not None:
            yield {"worklogId": number, "updatedTime": moment, **more}


def _visible(call: Call, worklog_id: str) -> Json | None:
    worklog = worklogs.by_id(call.site, call.caller, worklog_id)
    if worklog is None:
        return None
    asked = "properties" in words(call.query.get("expand", ""))
    return {"properties": properties_list(worklog.properties)} if asked else {}


ENDPOINTS = (
    Endpoint("GET", "/worklog/updated", updated),
    Endpoint("GET", "/worklog/deleted", deleted),
    Endpoint("POST", "/worklog/list", by_ids),
)
