"""Remote links of an issue over REST (jira.md 6.8)."""

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.issues import found, writable
from jirasim.site import remote_links
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue
from jirasim.site.outside import RemoteLink
from jirasim.wire.entities import Json


def listing(call: Call) -> Answer:
    """GET: all, or the one with `globalId`."""
    issue, wanted = found(call), call.query.get("globalId")
    if wanted:
        link = remote_links.find_global(call.site, issue, wanted)
        return Answer(_written(call, issue, link))
    remote_links.require_linking(call.site, status=403)
    return Answer([_written(call, issue, one) for one in issue.remote_links])


def put(call: Call) -> Answer:
    """POST: 201 when new, 200 when one with this global id was there."""
    issue = writable(call)
    link, new = remote_links.put(call.site, call.user, issue, call.object())
    place = _address(call, issue, link)
    return Answer(
        {"id": int(link.id), "self": place}, 201 if new else 200, {"Location": place} if new else {}
    )


def get(call: Call) -> Answer:
    """GET one."""
    issue = found(call)
    link = remote_links.find(call.site, issue, call.params["link_id"])
    return Answer(_written(call, issue, link))


def update(call: Call) -> Answer:
    """PUT one."""
    remote_links.update(call.site, call.user, writable(call), call.params["link_id"], call.object())
    return NO_CONTENT


def delete(call: Call) -> Answer:
    """DELETE one by its id."""
    issue = writable(call)
    link = remote_links.find(call.site, issue, call.params["link_id"])
    remote_links.remove(call.site, call.user, issue, link)
    return NO_CONTENT


def delete_global(call: Call) -> Answer:
    """DELETE one by `globalId`."""
    issue, wanted = writable(call), call.query.get("globalId")
    if not wanted:
        raise Refusal(400, "The 'globalId' query parameter must be given.")
    link = remote_links.find_global(call.site, issue, wanted)
    remote_links.remove(call.site, call.user, issue, link)
    return NO_CONTENT


def _address(call: Call, issue: Issue, link: RemoteLink) -> str:
    return f"{call.wire.api}/issue/{issue.key}/remotelink/{link.id}"


def _written(call: Call, issue: Issue, link: RemoteLink) -> Json:
    """As recorded: what was not given is missing, the parts that hold others are empty."""
    body: Json = {"id": int(link.id), "self": _address(call, issue, link)}
    if link.global_id is not None:
        body["globalId"] = link.global_id
    body["application"] = link.application
    if link.relationship is not None:
        body["relationship"] = link.relationship
    return {**body, "object": link.item}


ENDPOINTS = (
    Endpoint("GET", "/issue/{id}/remotelink", listing, anonymous=True),
    Endpoint("POST", "/issue/{id}/remotelink", put),
    Endpoint("DELETE", "/issue/{id}/remotelink", delete_global),
    Endpoint("GET", "/issue/{id}/remotelink/{link_id}", get, anonymous=True),
    Endpoint("PUT", "/issue/{id}/remotelink/{link_id}", update),
    Endpoint("DELETE", "/issue/{id}/remotelink/{link_id}", delete),
)
