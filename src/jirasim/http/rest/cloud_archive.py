"""Cloud's archive of issues: many at once, with the reasons why some stay."""

from collections.abc import Callable

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.issues import words
from jirasim.site import archive
from jirasim.site.errors import Refusal
from jirasim.site.issues import visible
from jirasim.site.model import Issue, User
from jirasim.site.permissions import may
from jirasim.site.product import on_cloud
from jirasim.site.state import Site
from jirasim.wire.entities import Json

NOTHING = "No valid issue to archive or unarchive. Bad request."
MOST_ISSUES = 1000
REASONS = {"issuesNotFound": "Issue not found.", "issueIsSubtask": "Issue is subtask."}
Deed = Callable[[Site, User, Issue], None]


def put_away(call: Call) -> Answer:
    """PUT /issue/archive."""
    return _all(call, archive.archive)


def bring_back(call: Call) -> Answer:
    """PUT /issue/unarchive."""
    return _all(call, archive.restore)


def _all(call: Call, deed: Deed) -> Answer:
    """Sub-tasks go with their issue and never alone; 400 when there was nothing to do at all."""
    if not may(call.user, "ADMINISTER", None):
        raise Refusal(403, "User does not have permission to archive or unarchive issues.")
    asked = words(call.object().get("issueIdsOrKeys"))[:MOST_ISSUES]
    left: dict[str, list[str]] = {}
    done = 0
    for name in asked:
        reason = _obstacle(call, name)
        if reason is not None:
            left.setdefault(reason, []).append(name)
            continue
        issue = visible(call.site, call.user, name)
        for one in (issue, *call.site.subtasks(issue)):
            deed(call.site, call.user, one)
            done += 1
    if not done:
        raise Refusal(400, NOTHING)
    errors = {reason: _error(reason, names) for reason, names in left.items()}
    return Answer({"errors": errors, "numberOfIssuesUpdated": done})


def _obstacle(call: Call, name: str) -> str | None:
    try:
        issue = visible(call.site, call.user, name)
    except Refusal:
        return "issuesNotFound"
    subtask = call.site.state.issue_types[issue.type_id].subtask
    return "issueIsSubtask" if subtask else None


def _error(reason: str, names: list[str]) -> Json:
    return {"count": len(names), "issueIdsOrKeys": names, "message": REASONS[reason]}


ENDPOINTS = (
    Endpoint("PUT", "/issue/archive", put_away, on=on_cloud),
    Endpoint("PUT", "/issue/unarchive", bring_back, on=on_cloud),
)
