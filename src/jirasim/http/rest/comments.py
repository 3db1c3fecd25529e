"""Comments of one issue, comments by id, and their properties."""

from jirasim.http.beans import COMMENT, checked
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.paging import window
from jirasim.http.rest import kept_properties
from jirasim.http.rest.issues import found, words, writable
from jirasim.site import comments
from jirasim.site.errors import Refusal
from jirasim.site.model import Comment, Issue
from jirasim.site.product import on_cloud, server_since
from jirasim.wire.entities import Json
from jirasim.wire.html import rendered
from jirasim.wire.incoming import comment_body

MOST_LISTED = 1000
PAGE = 100
SERVER_PAGE = 50
LARGEST_PAGE = 5000


def listing(call: Call) -> Answer:
    """GET: a page, oldest first unless `orderBy=-created`."""
    issue = found(call)
    rows = list(comments.listed(call.site, call.caller, issue))
    if call.query.get("orderBy") == "-created":
        rows.reverse()
    size = PAGE if call.product.cloud else SERVER_PAGE
    start, limit, shown = window(call, rows, size=size, ceiling=LARGEST_PAGE)
    expand = call.query.get("expand", "")
    written = [_written(call, one, expand) for one in shown]
    return Answer({"startAt": start, "maxResults": limit, "total": len(rows), "comments": written})


def get(call: Call) -> Answer:
    """GET one."""
    comment = comments.find(call.site, call.caller, found(call), call.params["comment_id"])
    return Answer(_written(call, comment, call.query.get("expand", "")))


def add(call: Call) -> Answer:
    """POST: 201 with a Location."""
    body = comment_body(call.site, checked(call, COMMENT), version=call.version)
    comment = comments.add(call.site, call.user, writable(call), body)
    written = _written(call, comment, call.query.get("expand", ""))
    return Answer(written, 201, {"Location": str(written["self"])})


def edit(call: Call) -> Answer:
    """PUT: 200 with the comment."""
    body = comment_body(call.site, checked(call, COMMENT), version=call.version)
    issue = writable(call)
    comment = comments.edit(call.site, call.user, issue, call.params["comment_id"], body)
    return Answer(_written(call, comment, call.query.get("expand", "")))


def delete(call: Call) -> Answer:
    """DELETE."""
    comments.remove(call.site, call.user, writable(call), call.params["comment_id"])
    return NO_CONTENT


def pin(call: Call) -> Answer:
    """PUT /issue/{id}/comment/{id}/pin: the body is `true` or `false`."""
    wanted = call.json()
    if not isinstance(wanted, bool):
        raise Refusal(400, "The request body is true or false.")
    comments.pin(call.site, call.user, found(call), call.params["comment_id"], wanted=wanted)
    return NO_CONTENT


def pinned(call: Call) -> Answer:
    """GET /issue/{id}/pinned-comments: those that the caller may read, the last pinned first."""
    site, wire = call.site, call.wire
    pins = [(one.pin, one) for one in comments.listed(site, call.caller, found(call)) if one.pin]
    return Answer(
        [
            {
                "comment": wire.comment(one),
                "pinnedBy": site.state.users[pin.account_id].name,
                "pinnedDate": wire.stamp(pin.at),
            }
            for pin, one in sorted(pins, key=lambda pair: pair[0].at, reverse=True)
        ]
    )


def by_ids(call: Call) -> Answer:
    """POST /comment/list: those of the ids that the caller may see."""
    ids = call.object().get("ids")
    if not isinstance(ids, list) or len(ids) > MOST_LISTED:
        raise Refusal(400, f"Between 0 and {MOST_LISTED} comment ids are needed.")
    known = [comments.by_id(call.site, call.caller, one) for one in dict.fromkeys(map(str, ids))]
    rows = [one[1] for one in known if one is not None]
    expand = call.query.get("expand", "")
    return Answer(
        {
            "startAt": 0,
            "maxResults": MOST_LISTED,
            "total": len(rows),
            "isLast": True,
            "values": [_written(call, one, expand) for one in rows],
        }
    )


def property_keys(call: Call) -> Answer:
    """GET the keys."""
    _, comment = _by_id(call)
    return kept_properties.keys(call, comment.properties, f"/comment/{comment.id}")


def get_property(call: Call) -> Answer:
    """GET one value."""
    _, comment = _by_id(call)
    return kept_properties.value(call, comment.properties)


def put_property(call: Call) -> Answer:
    """PUT one value: 201 when new."""
    issue, comment = _by_id(call)
    kept, answer = kept_properties.with_value(call, comment.properties)
    comments.set_properties(call.site, issue, comment, kept)
    return answer


def delete_property(call: Call) -> Answer:
    """DELETE one."""
    issue, comment = _by_id(call)
    left = kept_properties.without(call, comment.properties)
    comments.set_properties(call.site, issue, comment, left)
    return NO_CONTENT


def _by_id(call: Call) -> tuple[Issue, Comment]:
    known = comments.by_id(call.site, call.caller, call.params["comment_id"])
    if known is None:
        raise Refusal(404, f"Can not find a comment for the id: {call.params['comment_id']}.")
    return known


def _written(call: Call, comment: Comment, expand: str) -> Json:
    asked = words(expand)
    body = call.wire.comment(comment, with_properties="properties" in asked)
    if "renderedBody" in asked:
        body["renderedBody"] = rendered(comment.body)
    return body


ENDPOINTS = (
    Endpoint("GET", "/issue/{id}/comment", listing, anonymous=True),
    Endpoint("POST", "/issue/{id}/comment", add),
    Endpoint("GET", "/issue/{id}/comment/{comment_id}", get, anonymous=True),
    Endpoint("PUT", "/issue/{id}/comment/{comment_id}", edit),
    Endpoint("DELETE", "/issue/{id}/comment/{comment_id}", delete),
    Endpoint("PUT", "/issue/{id}/comment/{comment_id}/pin", pin, on=server_since(10)),
    Endpoint("GET", "/issue/{id}/pinned-comments", pinned, anonymous=True, on=server_since(10)),
    Endpoint("POST", "/comment/list", by_ids, on=on_cloud),
    Endpoint("GET", "/comment/{comment_id}/properties", property_keys, anonymous=True),
    Endpoint("GET", "/comment/{comment_id}/properties/{key}", get_property, anonymous=True),
    Endpoint("PUT", "/comment/{comment_id}/properties/{key}", put_property),
    Endpoint("DELETE", "/comment/{comment_id}/properties/{key}", delete_property),
)
