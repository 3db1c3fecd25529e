"""Many issues in one request: create up to 50, read up to 100."""

import contextlib

from jirasim.http.beans import ISSUES, checked
from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.issues import make, words
from jirasim.site.errors import Refusal
from jirasim.site.issues import visible
from jirasim.site.model import Issue
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json
from jirasim.wire.issues import Selection, issue_json

MOST_CREATED = 50
MOST_FETCHED = 100
MOST_PROPERTIES = 5


def create(call: Call) -> Answer:
    """POST /issue/bulk: each by itself; 400 only when none succeeded."""
    updates = checked(call, ISSUES).get("issueUpdates")
    if not isinstance(updates, list) or not 1 <= len(updates) <= MOST_CREATED:
        refusal = Refusal(
            400, f"Between 1 and {MOST_CREATED} issues can be created in one request."
        )
        return Answer({"issues": [], "errors": [_failure(refusal)]}, 400)
    created: list[Json] = []
    errors: list[Json] = []
    for number, body in enumerate(updates):
        try:
            created.append(make(call, body if isinstance(body, dict) else {}))
        except Refusal as refusal:
            errors.append({**_failure(refusal), "failedElementNumber": number})
    return Answer({"issues": created, "errors": errors}, 201 if created else 400)


def _failure(refusal: Refusal) -> Json:
    return {
        "status": refusal.status,
        "elementErrors": {"errorMessages": list(refusal.messages), "errors": refusal.fields},
    }


def fetch(call: Call) -> Answer:
    """POST /issue/bulkfetch: by ascending id; what is not there or not to be seen is left out."""
    body = call.object()
    asked = words(body.get("issueIdsOrKeys"))
    if not asked or len(asked) > MOST_FETCHED:
        raise Refusal(400, f"Between 1 and {MOST_FETCHED} issue ids or keys are needed.")
    properties = words(body.get("properties"))
    if len(properties) > MOST_PROPERTIES:
        raise Refusal(400, f"No more than {MOST_PROPERTIES} properties can be requested.")
    fields = words(body.get("fields")) or ("*navigable",)
    selection = Selection(fields, frozenset(words(body.get("expand"))), properties)
    wire = call.wire
    issues = [issue_json(wire, issue, selection) for issue in _seen(call, asked)]
    return Answer({"issues": issues, "issueErrors": []})


def _seen(call: Call, asked: tuple[str, ...]) -> list[Issue]:
    issues: dict[str, Issue] = {}
    for name in asked:
        with contextlib.suppress(Refusal):
            issue = visible(call.site, call.caller, name)
            issues[issue.id] = issue
    return sorted(issues.values(), key=lambda issue: int(issue.id))


ENDPOINTS = (
    Endpoint("POST", "/issue/bulk", create),
    Endpoint("POST", "/issue/bulkfetch", fetch, on=on_cloud),
)
