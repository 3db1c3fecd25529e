"""Issue links and their types over REST (jira.md 6.7)."""

from collections.abc import Mapping

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.site import links
from jirasim.site.catalog import LINK_TYPES
from jirasim.site.errors import Refusal
from jirasim.wire.incoming import comment_body
from jirasim.wire.issues import brief


def create(call: Call) -> Answer:
    """POST /issueLink: 201 without a body, whether the link is new or not."""
    body, remark = call.object(), call.object().get("comment")
    if isinstance(remark, Mapping):
        body = {**body, "comment": comment_body(call.site, remark, version=call.version)}
    links.create(call.site, call.user, body)
    return Answer(status=201)


def get(call: Call) -> Answer:
    """GET one, with both issues."""
    link, wire = links.find(call.site, call.caller, call.params["link_id"]), call.wire
    source, target = (brief(wire, one) for one in links.ends(call.site, link))
    return Answer({**wire.link(link), "inwardIssue": source, "outwardIssue": target})


def delete(call: Call) -> Answer:
    """DELETE one."""
    links.remove(call.site, call.user, call.params["link_id"])
    return NO_CONTENT


def types(call: Call) -> Answer:
    """GET /issueLinkType."""
    return Answer({"issueLinkTypes": [call.wire.link_type(one) for one in LINK_TYPES.values()]})


def get_type(call: Call) -> Answer:
    """GET one type."""
    type_id = call.params["type_id"]
    if type_id not in LINK_TYPES:
        raise Refusal(404, f"No issue link type with id '{type_id}' found.")
    return Answer(call.wire.link_type(LINK_TYPES[type_id]))


ENDPOINTS = (
    Endpoint("POST", "/issueLink", create),
    Endpoint("GET", "/issueLink/{link_id}", get),
    Endpoint("DELETE", "/issueLink/{link_id}", delete),
    Endpoint("GET", "/issueLinkType", types, anonymous=True),
    Endpoint("GET", "/issueLinkType/{type_id}", get_type),
)
