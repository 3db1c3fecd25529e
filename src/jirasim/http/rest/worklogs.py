"""Worklogs of one issue, several at once, and their properties (jira.md 5)."""

from jirasim.http.beans import WORKLOG, checked
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.paging import window
from jirasim.http.rest import kept_properties
from jirasim.http.rest.issues import found, words, writable
from jirasim.site import worklogs
from jirasim.site.errors import Refusal
from jirasim.site.feed import milliseconds
from jirasim.site.issues import visible
from jirasim.site.model import Issue, Worklog
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json
from jirasim.wire.incoming import worklog_body

PAGE = 5000


def listing(call: Call) -> Answer:
    """GET, oldest first: on Cloud a page of those that began within the bounds, else all."""
    if not call.product.cloud:
        whole = [
            written_worklog(call, one)
            for one in worklogs.listed(call.site, call.caller, found(call))
        ]
        size = len(whole)
        return Answer({"startAt": 0, "maxResults": size, "total": size, "worklogs": whole})
    after, before = call.number("startedAfter", -1), call.number("startedBefore", -1)
    rows = [
        one
        for one in worklogs.listed(call.site, call.caller, found(call))
        if (after < 0 or milliseconds(one.started) >= after)
        and (before < 0 or milliseconds(one.started) < before)
    ]
    start, limit, shown = window(call, rows, size=PAGE)
    written = [written_worklog(call, one) for one in shown]
    return Answer({"startAt": start, "maxResults": limit, "total": len(rows), "worklogs": written})


def get(call: Call) -> Answer:
    """GET one."""
    _, worklog = _found(call)
    return Answer(written_worklog(call, worklog))


def add(call: Call) -> Answer:
    """POST: 201 with a Location.  Server fails over a body that is not there (jira.md 5.3)."""
    if not call.product.cloud and not call.raw_body.strip():
        raise Refusal(500, "Internal server error")
    body = worklog_body(call.site, checked(call, WORKLOG), version=call.version)
    issue = writable(call)
    worklog = worklogs.add(call.site, call.user, issue, body, call.query)
    _mail(call, issue, "added")
    written = written_worklog(call, worklog)
    return Answer(written, 201, {"Location": str(written["self"])})


def edit(call: Call) -> Answer:
    """PUT: 200 with the worklog."""
    body = worklog_body(call.site, checked(call, WORKLOG), version=call.version)
    issue = writable(call)
    worklog = worklogs.edit(
        call.site, call.user, issue, call.params["worklog_id"], body, call.query
    )
    _mail(call, issue, "edited")
    return Answer(written_worklog(call, worklog))


def delete(call: Call) -> Answer:
    """DELETE one."""
    issue = writable(call)
    worklogs.remove(call.site, call.user, issue, call.params["worklog_id"], call.query)
    _mail(call, issue, "deleted")
    return NO_CONTENT


def delete_many(call: Call) -> Answer:
    """DELETE those of the body."""
    worklogs.remove_many(call.site, call.user, found(call), _ids(call.object()), call.query)
    return NO_CONTENT


def move(call: Call) -> Answer:
    """POST …/worklog/move: to the issue that the body names."""
    body, issue = call.object(), found(call)
    target = visible(call.site, call.caller, str(body.get("issueIdOrKey") or ""))
    worklogs.move(call.site, call.user, issue, target, _ids(body), call.query)
    return NO_CONTENT


def property_keys(call: Call) -> Answer:
    """GET the keys."""
    issue, worklog = _found(call)
    return kept_properties.keys(call, worklog.properties, f"/issue/{issue.id}/worklog/{worklog.id}")


def get_property(call: Call) -> Answer:
    """GET one value."""
    _, worklog = _found(call)
    return kept_properties.value(call, worklog.properties)


def put_property(call: Call) -> Answer:
    """PUT one value: 201 when new."""
    issue, worklog = _editable(call)
    kept, answer = kept_properties.with_value(call, worklog.properties)
    worklogs.set_properties(call.site, issue, worklog, kept)
    return answer


def delete_property(call: Call) -> Answer:
    """DELETE one."""
    issue, worklog = _editable(call)
    left = kept_properties.without(call, worklog.properties)
    worklogs.set_properties(call.site, issue, worklog, left)
    return NO_CONTENT


def written_worklog(call: Call, worklog: Worklog) -> Json:
    """A worklog as the caller asked to see it."""
    asked = words(call.query.get("expand", ""))
    return call.wire.worklog(worklog, with_properties="properties" in asked)


def _mail(call: Call, issue: Issue, what: str) -> None:
    """Watchers get a mail unless the caller says no, which only Cloud hears (jira.md 5.4)."""
    if not call.product.cloud or call.flag("notifyUsers", default=True):
        call.site.mails.append({"issue": issue.key, "worklog": what, "by": call.user.account_id})


def _found(call: Call) -> tuple[Issue, Worklog]:
    issue = found(call)
    return issue, worklogs.find(call.site, call.caller, issue, call.params["worklog_id"])


def _editable(call: Call) -> tuple[Issue, Worklog]:
    issue, worklog = _found(call)
    try:
        worklogs.require(call.site, call.user, issue, worklog, "EDIT")
    except Refusal as refusal:
        raise Refusal(403, *refusal.messages) from None
    return issue, worklog


def _ids(body: Json) -> list[str]:
    given = body.get("ids")
    return [str(one) for one in given] if isinstance(given, list) else []


ENDPOINTS = (
    Endpoint("GET", "/issue/{id}/worklog", listing, anonymous=True),
    Endpoint("POST", "/issue/{id}/worklog", add),
    Endpoint("DELETE", "/issue/{id}/worklog", delete_many, on=on_cloud),
    Endpoint("POST", "/issue/{id}/worklog/move", move, on=on_cloud),
    Endpoint("GET", "/issue/{id}/worklog/{worklog_id}", get, anonymous=True),
    Endpoint("PUT", "/issue/{id}/worklog/{worklog_id}", edit),
    Endpoint("DELETE", "/issue/{id}/worklog/{worklog_id}", delete),
    Endpoint(
        "GET",
        "/issue/{id}/worklog/{worklog_id}/properties",
        property_keys,
        anonymous=True,
        on=on_cloud,
    ),
    Endpoint(
        "GET",
        "/issue/{id}/worklog/{worklog_id}/properties/{key}",
        get_property,
        anonymous=True,
        on=on_cloud,
    ),
    Endpoint("PUT", "/issue/{id}/worklog/{worklog_id}/properties/{key}", put_property, on=on_cloud),
    Endpoint(
        "DELETE", "/issue/{id}/worklog/{worklog_id}/properties/{key}", delete_property, on=on_cloud
    ),
)
