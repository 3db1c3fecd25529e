"""How many comments, worklogs, files and links an issue may have on Cloud (jira.md 3.4)."""

from collections.abc import Callable, Mapping

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.site.attachments import MOST_ATTACHMENTS
from jirasim.site.comments import MOST_COMMENTS
from jirasim.site.errors import Refusal
from jirasim.site.links import MOST_LINKS
from jirasim.site.model import Issue
from jirasim.site.permissions import may
from jirasim.site.product import on_cloud
from jirasim.site.remote_links import MOST_REMOTE_LINKS
from jirasim.site.state import Site
from jirasim.site.worklogs import MOST_WORKLOGS

LIMITS = {
    "comment": MOST_COMMENTS,
    "worklog": MOST_WORKLOGS,
    "attachment": MOST_ATTACHMENTS,
    "issuelinks": MOST_LINKS,
    "remoteIssueLinks": MOST_REMOTE_LINKS,
}
COUNTS: Mapping[str, Callable[[Site, Issue], int]] = {
    "comment": lambda _, issue: len(issue.comments),
    "worklog": lambda _, issue: len(issue.worklogs),
    "attachment": lambda _, issue: len(issue.attachments),
    "issuelinks": lambda site, issue: len(site.links(issue)),
    "remoteIssueLinks": lambda _, issue: len(issue.remote_links),
}
NEAR = 0.9
Found = dict[str, dict[str, int]]


def report(call: Call) -> Answer:
    """GET /issue/limit/report: the issues near a limit and those above it, for administrators."""
    if not may(call.user, "ADMINISTER", None):
        raise Refusal(403, "You do not have permission to see the report.")
    named = call.flag("isReturningKeys")
    near: Found = {}
    over: Found = {}
    for issue in call.site.state.issues.values():
        for name, most in LIMITS.items():
            count = COUNTS[name](call.site, issue)
            if count > most * NEAR:
                kind = over if count > most else near
                kind.setdefault(name, {})[issue.key if named else issue.id] = count
    return Answer({"issuesApproachingLimit": near, "issuesBreachingLimit": over, "limits": LIMITS})


ENDPOINTS = (Endpoint("GET", "/issue/limit/report", report, on=on_cloud),)
