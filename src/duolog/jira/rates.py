"""What Jira says about how often it may be asked, and which issues a call writes to.  Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from duolog.jira.call import Answer, Call
from duolog.jira.errors import retry_after

ONE_ISSUE: Final = "jira-per-issue-on-write"
BURST: Final = "jira-burst-based"
_AT_ISSUE: Final = re.compile(r"^/rest/api/[^/]+/issue/([^/]+)(?:/|$)")
_OF_NO_ISSUE: Final = frozenset({"bulk", "bulkfetch", "createmeta", "picker", "archive", "limit"})
_ISSUE_LINK: Final = re.compile(r"^/rest/api/[^/]+/issueLink$")
_QUOTA: Final = re.compile(r"(?:^|[;,\s])r=(\d+)\s*;\s*t=(\d+)")


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer says of our rate.

    `put_off`: it was 429, with `wait` where Jira named a time; `of_one_issue` where writes to a
    single issue were too many.  `is_near`: little is left.  `per_second` is what may be kept up:
    of one endpoint, where Cloud refuses a burst.  On Data Center, `size` is the bucket's and `left`
    what is in it.
    """

    put_off: bool = False
    wait: timedelta | None = None
    of_one_issue: bool = False
    is_near: bool = False
    per_second: float | None = None
    size: int | None = None
    left: int | None = None


NOTHING: Final = Told()


def told(answer: Answer) -> Told:
    """What the answer says, in the words of either product (jira.md 3.2, 3.3)."""
    headers, put_off = answer.headers, answer.status == 429
    pace, left = _bucket(headers), _number(headers, "x-ratelimit-remaining")
    reason = headers.get("ratelimit-reason", "") if put_off else ""
    burst = _number(headers, "x-ratelimit-limit") if reason == BURST else None
    return Told(
        put_off=put_off,
        wait=retry_after(headers) if put_off else None,
        of_one_issue=reason == ONE_ISSUE,
        is_near=headers.get("x-ratelimit-nearlimit", "") == "true",
        per_second=pace or burst or _quota(headers),
        size=_number(headers, "x-ratelimit-limit") if pace else None,
        left=left if pace else None,
    )


def issues_written(call: Call) -> tuple[str, ...]:
    """The issues that the call writes to, as far as it names them; creations name none."""
    if not call.changes:
        return ()
    if _ISSUE_LINK.match(call.path):
        return _ends(call)
    at_issue = _AT_ISSUE.match(call.path)
    if at_issue is None or at_issue[1] in _OF_NO_ISSUE:
        return ()
    return (at_issue[1],)


def _ends(call: Call) -> tuple[str, ...]:
    body = call.body if isinstance(call.body, Mapping) else {}
    ends = (body.get(name) for name in ("inwardIssue", "outwardIssue"))
    named = [end.get("id") or end.get("key") for end in ends if isinstance(end, Mapping)]
    return tuple(sorted({str(name) for name in named if name}))


def _bucket(headers: Mapping[str, str]) -> float | None:
    """What a bucket of Data Center gets per second; None for other products and for the blocked."""
    fill = _number(headers, "x-ratelimit-fillrate")
    interval = _number(headers, "x-ratelimit-interval-seconds")
    return fill / interval if fill and interval else None


def _quota(headers: Mapping[str, str]) -> float | None:
    """What may be spent per second so that a quota of Cloud lasts until it starts anew."""
    found = _QUOTA.findall(headers.get("ratelimit", ""))
    return min((int(left) / max(1, int(ends)) for left, ends in found), default=None)


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isdecimal() else None
