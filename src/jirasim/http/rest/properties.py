"""Entity properties of an issue over REST."""

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest import kept_properties
from jirasim.http.rest.issues import found, writable
from jirasim.site import properties
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue
from jirasim.site.permissions import may


def keys(call: Call) -> Answer:
    """GET the keys."""
    issue = found(call)
    return kept_properties.keys(call, issue.properties, f"/issue/{issue.id}")


def get(call: Call) -> Answer:
    """GET one value."""
    return kept_properties.value(call, found(call).properties)


def put(call: Call) -> Answer:
    """PUT one value: 201 when new, else 200."""
    issue = _editable(call)
    new = properties.put(call.site, call.user, issue, call.params["key"], call.json())
    return Answer({}, 201 if new else 200)


def delete(call: Call) -> Answer:
    """DELETE one."""
    properties.remove(call.site, call.user, _editable(call), call.params["key"])
    return NO_CONTENT


def _editable(call: Call) -> Issue:
    issue = writable(call)
    if not may(call.user, "EDIT_ISSUES", call.site.state.projects[issue.project_id]):
        raise Refusal(403, "You do not have permission to edit this issue.")
    return issue


ENDPOINTS = (
    Endpoint("GET", "/issue/{id}/properties", keys, anonymous=True),
    Endpoint("GET", "/issue/{id}/properties/{key}", get, anonymous=True),
    Endpoint("PUT", "/issue/{id}/properties/{key}", put),
    Endpoint("DELETE", "/issue/{id}/properties/{key}", delete),
)
