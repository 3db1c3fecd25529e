"""The changelog over REST: of one issue by pages, of many by token."""

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.http.rest.issues import found, words
from jirasim.http.tokens import Cursor
from jirasim.site.errors import Refusal
from jirasim.site.issues import visible
from jirasim.site.model import History, Issue
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json

MOST_ISSUES = 1000
MOST_FIELDS = 10
PAGE = 1000


def listing(call: Call) -> Answer:
    """GET /issue/{id}/changelog: oldest first."""
    issue = found(call)
    path = f"/issue/{issue.id}/changelog"
    return Answer(page(call, issue.history, call.wire.history, path=path, size=100, ceiling=100))


def by_ids(call: Call) -> Answer:
    """POST /issue/{id}/changelog/list: those of the ids that the issue has."""
    issue, ids = found(call), call.object().get("changelogIds")
    if not isinstance(ids, list):
        raise Refusal(400, "The 'changelogIds' must be a list of numbers.")
    asked = {str(one) for one in ids}
    rows = [call.wire.history(one) for one in issue.history if one.id in asked]
    return Answer({"startAt": 0, "maxResults": len(rows), "total": len(rows), "histories": rows})


def fetch(call: Call) -> Answer:
    """POST /changelog/bulkfetch: of many issues, perhaps of some fields alone."""
    body = call.object()
    asked, fields = words(body.get("issueIdsOrKeys")), words(body.get("fieldIds"))
    if not asked or len(asked) > MOST_ISSUES:
        raise Refusal(400, f"Between 1 and {MOST_ISSUES} issue ids or keys are needed.")
    if len(fields) > MOST_FIELDS:
        raise Refusal(400, f"No more than {MOST_FIELDS} fields can be requested.")
    rows = [
        (issue, one)
        for issue in _readable(call, asked)
        for one in issue.history
        if not fields or any(item.field_id in fields for item in one.items)
    ]
    return Answer(_page(call, rows, body))


def _readable(call: Call, asked: tuple[str, ...]) -> list[Issue]:
    issues: dict[str, Issue] = {}
    for name in asked:
        try:
            issue = visible(call.site, call.caller, name)
        except Refusal:
            continue
        issues[issue.id] = issue
    return sorted(issues.values(), key=lambda issue: int(issue.id))


def _page(call: Call, rows: list[tuple[Issue, History]], body: Json) -> Json:
    token = body.get("nextPageToken")
    cursor = (
        Cursor.read(token, about="changelog", now=call.site.now()) if token else Cursor("changelog")
    )
    size = body.get("maxResults")
    limit = min(size, 10000) if isinstance(size, int) and size > 0 else PAGE
    shown = rows[cursor.offset : cursor.offset + limit]
    logs: dict[str, list[Json]] = {}
    for issue, history in shown:
        logs.setdefault(issue.id, []).append(call.wire.history(history))
    answer: Json = {
        "issueChangeLogs": [
            {"issueId": issue_id, "changeHistories": entries} for issue_id, entries in logs.items()
        ]
    }
    if cursor.offset + len(shown) < len(rows):
        further = Cursor("changelog", cursor.offset + len(shown))
        answer["nextPageToken"] = further.write(now=call.site.now())
    return answer


ENDPOINTS = (
    Endpoint("POST", "/issue/{id}/changelog/list", by_ids, on=on_cloud),
    Endpoint("GET", "/issue/{id}/changelog", listing, anonymous=True, on=on_cloud),
    Endpoint("POST", "/changelog/bulkfetch", fetch, on=on_cloud),
)
