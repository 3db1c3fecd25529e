"""What Jira's answers say of our rate, in the words of Cloud and of Data Center."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from duolog.core.errors import Retryable
from duolog.jira.call import Answer, Call
from duolog.jira.errors import LONGEST_WAIT, from_answer
from duolog.jira.rates import NOTHING, Told, issues_written, told

FOREVER = "9223372036854775807"
BUCKET = {"X-RateLimit-Limit": "70", "X-RateLimit-Interval-Seconds": "2"}


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        pytest.param(200, {}, NOTHING, id="nothing"),
        pytest.param(200, {"X-RateLimit-NearLimit": "true"}, Told(is_near=True), id="near"),
        pytest.param(
            200,
            {"X-RateLimit-NearLimit": "true", "RateLimit": '"global-app-quota";r=1200;t=600'},
            Told(is_near=True, per_second=2.0),
            id="a quota of Cloud, spread over what is left of the hour",
        ),
        pytest.param(
            200,
            {"RateLimit": '"a";r=900;t=10, "b";r=5;t=50'},
            Told(per_second=0.1),
            id="the tighter of two quotas",
        ),
        pytest.param(200, {"Beta-RateLimit": '"a";r=1;t=10'}, NOTHING, id="one not yet enforced"),
        pytest.param(200, {"RateLimit": "soon"}, NOTHING, id="words"),
        pytest.param(
            200,
            {**BUCKET, "X-RateLimit-FillRate": "5", "X-RateLimit-Remaining": "69"},
            Told(per_second=2.5, size=70, left=69),
            id="the bucket of Data Center",
        ),
        pytest.param(
            429,
            {**BUCKET, "X-RateLimit-Limit": "0", "X-RateLimit-FillRate": "0",
             "Retry-After": FOREVER},
            Told(put_off=True, wait=LONGEST_WAIT),
            id="an account that an admin has blocked",
        ),
        pytest.param(
            429,
            {"Retry-After": "2", "RateLimit-Reason": "jira-per-issue-on-write"},
            Told(put_off=True, wait=timedelta(seconds=2), of_one_issue=True),
            id="one busy issue",
        ),
        pytest.param(
            429,
            {"Retry-After": "1", "RateLimit-Reason": "jira-burst-based", "X-RateLimit-Limit": "50"},
            Told(put_off=True, wait=timedelta(seconds=1), per_second=50),
            id="a burst at one endpoint",
        ),
        pytest.param(429, {"Retry-After": "-7"}, Told(put_off=True), id="a negative time"),
        pytest.param(503, {"Retry-After": "7"}, NOTHING, id="a failure is no matter of rates"),
    ],
)  # fmt: skip
def test_what_an_answer_says(status: int, headers: dict[str, str], said: Told) -> None:
    assert told(Answer(status, httpx2.Headers(headers), b"")) == said


@pytest.mark.parametrize(
    ("call", "issues"),
    [
        pytest.param(Call("GET", "/rest/api/3/issue/10001"), (), id="a look"),
        pytest.param(Call("PUT", "/rest/api/3/issue/10001"), ("10001",), id="an edit"),
        pytest.param(Call("POST", "/rest/api/2/issue/10001/comment"), ("10001",), id="a comment"),
        pytest.param(Call("DELETE", "/rest/api/2/issue/10001/worklog/7"), ("10001",), id="a child"),
        pytest.param(Call("POST", "/rest/api/3/issue/bulk", body={}), (), id="creations"),
        pytest.param(Call("POST", "/rest/api/3/issue", body={}), (), id="a creation"),
        pytest.param(
            Call("POST", "/rest/api/3/issue/bulkfetch", body={}, reads_only=True),
            (),
            id="a question",
        ),
        pytest.param(
            Call(
                "POST",
                "/rest/api/3/issueLink",
                body={"inwardIssue": {"id": "2"}, "outwardIssue": {"key": "A-1"}},
            ),
            ("2", "A-1"),
            id="both ends of a relation",
        ),
    ],
)
def test_which_issues_a_call_writes_to(call: Call, issues: tuple[str, ...]) -> None:
    assert issues_written(call) == issues


@pytest.mark.parametrize("said", [FOREVER, "86400"])
def test_a_retry_after_beyond_reason_is_bounded_and_said(said: str) -> None:
    headers = httpx2.Headers({"Retry-After": said})
    error = from_answer(Answer(429, headers, b""), Call("GET", "/rest/api/2/myself"))
    assert isinstance(error, Retryable)
    assert error.retry_after == LONGEST_WAIT
    assert "in an hour" in str(error)
    assert "exempted" in error.hint
