"""What JSON Server takes where: a field that a bean does not know is refused (jira.md 5.3).

Cloud ignores such fields.  The names are those of Data Center's document.
"""

from dataclasses import dataclass

from jirasim.http.endpoint import Call
from jirasim.site.errors import Refusal
from jirasim.wire.entities import Json

PACKAGE = "com.atlassian.jira.rest.v2"


@dataclass(frozen=True, slots=True)
class Bean:
    """A Java class that a body becomes, and the fields it has."""

    name: str
    fields: frozenset[str]


def _bean(name: str, fields: str) -> Bean:
    return Bean(f"{PACKAGE}.{name}", frozenset(fields.split()))


ENTRY = "self id author updateAuthor created updated visibility"
COMMENT = _bean("issue.CommentJsonBean", f"{ENTRY} body renderedBody properties")
WORKLOG = _bean(
    "issue.WorklogJsonBean", f"{ENTRY} comment started timeSpent timeSpentSeconds issueId"
)
ISSUE = _bean("issue.IssueUpdateBean", "fields update transition historyMetadata properties")
ISSUES = _bean("issue.IssuesUpdateBean", "issueUpdates")
SEARCH = _bean("search.SearchRequestBean", "jql startAt maxResults validateQuery fields expand")
USER = _bean(
    "issue.UserBean",
    "self key name emailAddress avatarUrls displayName active deleted timeZone locale groups "
    "applicationRoles expand lastLoginTime",
)


def checked(call: Call, bean: Bean) -> Json:
    """The body as an object.  Raises Refusal 400 on Server for a field of another name."""
    body = call.object()
    if not call.product.cloud:
        for name in body.keys() - bean.fields:
            raise _unrecognized(call, bean, name)
    return body


def _unrecognized(call: Call, bean: Bean, name: str) -> Refusal:
    before = call.raw_body[: call.raw_body.find(f'"{name}"'.encode())].decode(errors="replace")
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + len(name) + 4
    return Refusal(
        400,
        f'Unrecognized field "{name}" (Class {bean.name}), not marked as ignorable\n at [Source: '
        f"org.apache.catalina.connector.CoyoteInputStream@1b28cdfa; line: {line}, column: "
        f'{column}] (through reference chain: {bean.name}["{name}"])',
    )
