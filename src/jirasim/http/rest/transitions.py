"""The workflow of one issue: which arrows there are, and following one."""

from jirasim.http.beans import ISSUE, checked
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.issues import found, writable
from jirasim.site import transitions
from jirasim.site.model import Issue
from jirasim.site.workflow import Transition
from jirasim.wire.entities import Json
from jirasim.wire.incoming import issue_body
from jirasim.wire.meta import transition_form
from jirasim.wire.transitions import transition_json

CATEGORIES = ("undefined", "new", "indeterminate", "done")


def listing(call: Call) -> Answer:
    """GET: the available transitions, with their screens when asked.

    On Cloud also those whose conditions fail, and those that are hidden from people, when asked.
    """
    issue, asked = found(call), call.query
    wanted = asked.get("transitionId")
    rows = [one for one in _offered(call, issue) if wanted in {None, "", one.id}]
    if call.product.cloud and call.flag("sortByOpsBarAndStatus"):
        rows.sort(key=lambda one: _rank(call, issue, one))
    with_fields = "transitions.fields" in asked.get("expand", "")
    shown = [_written(call, issue, one, with_fields=with_fields) for one in rows]
    return Answer({"expand": "transitions", "transitions": shown})


def take(call: Call) -> Answer:
    """POST: follow one."""
    body = issue_body(call.site, checked(call, ISSUE), version=call.version)
    transitions.take(call.site, call.user, writable(call), body)
    return NO_CONTENT


def _offered(call: Call, issue: Issue) -> list[Transition]:
    everything = call.product.cloud and call.flag("includeUnavailableTransitions")
    choose = transitions.leaving if everything else transitions.available
    with_remote = not call.product.cloud or call.flag("skipRemoteOnlyCondition")
    found_ones = choose(call.site, call.caller, issue)
    return [one for one in found_ones if with_remote or not one.remote_only]


def _rank(call: Call, issue: Issue, arrow: Transition) -> int:
    status = call.site.state.statuses[arrow.target(issue.status_id)]
    return CATEGORIES.index(status.category.key)


def _written(call: Call, issue: Issue, arrow: Transition, *, with_fields: bool) -> Json:
    body = transition_json(call.wire, issue, arrow)
    return {**body, "fields": transition_form(call.wire, issue, arrow)} if with_fields else body


ENDPOINTS = (
    Endpoint("GET", "/issue/{id}/transitions", listing, anonymous=True),
    Endpoint("POST", "/issue/{id}/transitions", take),
)
