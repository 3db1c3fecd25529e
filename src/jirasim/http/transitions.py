"""The workflow of one issue: which arrows there are, and following one."""

from jirasim.http.beans import ISSUE, checked
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.issues import found
from jirasim.site import transitions
from jirasim.wire.incoming import issue_body
from jirasim.wire.meta import transition_form


def listing(call: Call) -> Answer:
    """GET: the available transitions, with their screens when asked."""
    issue, wire = found(call), call.wire
    with_fields = "transitions.fields" in call.query.get("expand", "")
    wanted = call.query.get("transitionId")
    shown = [
        {**wire.transition(one), "fields": transition_form(wire, issue, one)}
        if with_fields
        else wire.transition(one)
        for one in transitions.available(call.site, call.caller, issue)
        if wanted in {None, one.id}
    ]
    return Answer({"expand": "transitions", "transitions": shown})


def take(call: Call) -> Answer:
    """POST: follow one."""
    body = issue_body(call.site, checked(call, ISSUE), version=call.version)
    transitions.take(call.site, call.user, found(call), body)
    return NO_CONTENT


ENDPOINTS = (
    Endpoint("GET", "/issue/{id}/transitions", listing),
    Endpoint("POST", "/issue/{id}/transitions", take),
)
