"""The types of issue links over REST (jira.md 6.7)."""

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.site import link_types
from jirasim.site.remote_links import require_linking


def types(call: Call) -> Answer:
    """GET /issueLinkType."""
    require_linking(call.site, status=404)
    known = call.site.state.link_types.values()
    return Answer({"issueLinkTypes": [call.wire.link_type(one) for one in known]})


def get(call: Call) -> Answer:
    """GET one type."""
    require_linking(call.site, status=404)
    return Answer(call.wire.link_type(link_types.find(call.site, call.params["type_id"])))


def create(call: Call) -> Answer:
    """POST: 201 with the type."""
    require_linking(call.site, status=404)
    return Answer(call.wire.link_type(link_types.create(call.site, call.user, call.object())), 201)


def edit(call: Call) -> Answer:
    """PUT: 200 with the type."""
    require_linking(call.site, status=404)
    kind = link_types.edit(call.site, call.user, call.params["type_id"], call.object())
    return Answer(call.wire.link_type(kind))


def delete(call: Call) -> Answer:
    """DELETE one type and its links."""
    require_linking(call.site, status=404)
    link_types.remove(call.site, call.user, call.params["type_id"])
    return NO_CONTENT


ENDPOINTS = (
    Endpoint("GET", "/issueLinkType", types, anonymous=True),
    Endpoint("POST", "/issueLinkType", create),
    Endpoint("GET", "/issueLinkType/{type_id}", get, anonymous=True),
    Endpoint("PUT", "/issueLinkType/{type_id}", edit),
    Endpoint("DELETE", "/issueLinkType/{type_id}", delete),
)
