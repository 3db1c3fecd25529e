"""Issue links over REST (jira.md 6.7)."""

from collections.abc import Mapping

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.site import links
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


ENDPOINTS = (
    Endpoint("POST", "/issueLink", create),
    Endpoint("GET", "/issueLink/{link_id}", get, anonymous=True),
    Endpoint("DELETE", "/issueLink/{link_id}", delete),
)
