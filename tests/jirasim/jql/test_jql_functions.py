"""Functions that name issues, people and projects, and the fields that count or add up.

The site of conftest, with a group, a link (ABC-1 blocks XYZ-1), votes, watchers and estimates.
"""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from jirasim.jql import JqlError, parse
from jirasim.jql.context import Context
from jirasim.site.grants import Group
from jirasim.site.model import Attachment, IssueLink, LinkType
from jirasim.site.outside import RemoteLink

NOW = datetime(2026, 3, 11, 15, 30, tzinfo=UTC)


@pytest.fixture
def caller(state):
    found = dict(state.issues)
    page = RemoteLink("1", "A page", "https://x.example", {}, {}, global_id="appId=1&pageId=2")
    file = Attachment("1", "10001", "a.png", "maya", NOW, 3, "image/png")
    found["10001"] = replace(
        found["10001"],
        watchers=("maya", "jonas"),
        voters=("jonas",),
        remote_links=(page,),
        attachments=(file,),
        original_estimate=7200,
        remaining_estimate=3600,
    )
    found["10002"] = replace(found["10002"], voters=("maya",), original_estimate=3600)
    users = {**state.users, "jonas": replace(state.users["jonas"], groups=frozenset({"Makers"}))}
    site = replace(
        state,
        issues=found,
        users=users,
        groups={"g1": Group("g1", "Makers")},
        link_types={"1": LinkType("1", "Blocks", "is blocked by", "blocks")},
        links={"1": IssueLink("1", "1", "10001", "10004")},
    )
    return Context(site, NOW, ZoneInfo("Europe/Berlin"), "maya")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("issue in linkedIssues(ABC-1)", {"XYZ-1"}),
        ("key in linkedIssues(XYZ-1)", {"ABC-1"}),
        ("key in linkedIssues(ABC-1, blocks)", {"XYZ-1"}),
        ("key in linkedIssues(ABC-1, 'is blocked by')", set()),
        ("issueLinkType = blocks", {"ABC-1"}),
        ("issueLinkType = 'is blocked by'", {"XYZ-1"}),
        ("issueLinkType != Blocks", {"ABC-2", "ABC-10", "XYZ-1"}),
        ("issueLinkType = 1", {"ABC-1", "XYZ-1"}),
        ("key in issuesWithRemoteLinksByGlobalId('appId=1&pageId=2')", {"ABC-1"}),
        ("key in watchedIssues()", {"ABC-1"}),
        ("key in votedIssues()", {"ABC-2"}),
        ("issuekey in updatedBy(jonas)", {"ABC-1", "ABC-2"}),
        ("issuekey in updatedBy(jonas, '-2d')", {"ABC-2"}),
        ("issuekey in updatedBy(jonas, '-20d', '-10d')", set()),
        ("key in childIssuesOf(ABC-1)", {"ABC-10"}),
        ("parent in linkedIssues(XYZ-1)", {"ABC-10"}),
        ("assignee in membersOf(makers)", {"ABC-2"}),
        ("assignee not in membersOf('Makers')", {"ABC-1"}),
        ("issuetype in standardIssueTypes()", {"ABC-1", "ABC-2", "ABC-10", "XYZ-1"}),
        ("type in subtaskIssueTypes()", set()),
        ("project in projectsLeadByUser()", {"ABC-1", "ABC-2", "ABC-10", "XYZ-1"}),
        ("project in projectsLeadByUser(jonas)", set()),
        ("watcher = jonas", {"ABC-1"}),
        ("voter = currentUser()", {"ABC-2"}),
        ("watchers >= 2", {"ABC-1"}),
        ("votes = 0", {"ABC-10", "XYZ-1"}),
        ("attachments is EMPTY", {"ABC-2", "ABC-10", "XYZ-1"}),
        ("attachments is not EMPTY", {"ABC-1"}),
        ("originalEstimate > 1h", {"ABC-1"}),
        ("originalEstimate = 60", {"ABC-2"}),
        ("remainingEstimate = '1h'", {"ABC-1"}),
        ("timeSpent >= 2h", {"ABC-2"}),
        ("workRatio > 100", {"ABC-2"}),
        ("hierarchyLevel = 0", {"ABC-1", "ABC-2", "ABC-10", "XYZ-1"}),
        ("level is EMPTY", {"ABC-1", "ABC-2", "ABC-10", "XYZ-1"}),
        ("lastViewed is EMPTY and project = XYZ", {"XYZ-1"}),
        ("updated <= currentLogin() and project = XYZ", {"XYZ-1"}),
    ],
)
def test_what_functions_and_sums_find(text, expected, caller):
    found = parse(text).run(caller.state.issues.values(), caller)
    assert {issue.key for issue in found} == expected


@pytest.mark.parametrize(
    "text",
    [
        "key in linkedIssues(NOPE-1)",
        "key in linkedIssues(ABC-1, tickles)",
        "key in linkedIssues()",
        "assignee in membersOf(nobodies)",
        "assignee in linkedIssues(ABC-1)",
        "attachments = 1",
        "timeSpent > soon",
        "project in projectsWhereUserHasPermission('Fly')",
        "key in watchedIssues(1)",
    ],
)
def test_what_functions_refuse(text, caller):
    with pytest.raises(JqlError):
        parse(text).check(caller)
