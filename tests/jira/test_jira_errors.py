"""The table from Jira's answers and lost connections to what the caller must do."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.errors import (
    AnswerLost,
    Refused,
    Retryable,
    Scope,
    SyncError,
    Unseen,
)
from duolog.jira.auth import Method
from duolog.jira.call import Answer, Call
from duolog.jira.errors import (
    LONGEST_WAIT,
    SENTENCE_FOR_LOSS,
    check_login,
    check_status,
    from_answer,
    from_element,
    from_loss,
    retry_after,
)
from duolog.jira.refusals import Reasons
from duolog.jira.troubles import Barred, Unreached

READ = Call("GET", "/rest/api/3/issue/1")
CREATE = Call("POST", "/rest/api/3/issue")
QUESTION = Call("POST", "/rest/api/3/search/jql", reads_only=True)
LONG_MAX = "9223372036854775807"


def answer(status: int, body: object = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    return Answer(status, httpx2.Headers(named), content)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        pytest.param(302, Barred, id="a redirect is never followed with a credential"),
        pytest.param(400, Refused, id="a wrong request is refused"),
        pytest.param(401, Barred, id="details that are not accepted end the connection"),
        pytest.param(403, Refused, id="a missing permission is refused"),
        pytest.param(404, Unseen, id="not found may mean hidden"),
        pytest.param(408, Retryable, id="a request that did not arrive in time is sent again"),
        pytest.param(409, Retryable, id="a conflicting edit is tried again"),
        pytest.param(410, Refused, id="a removed interface is refused"),
        pytest.param(413, Refused, id="too much is refused"),
        pytest.param(415, Refused, id="an unlisted 4xx is refused"),
        pytest.param(422, Refused, id="a set-up problem is refused"),
        pytest.param(425, Retryable, id="too early is tried later"),
        pytest.param(429, Retryable, id="a rate limit is tried later"),
        pytest.param(500, Retryable, id="a failure of Jira's own is tried again"),
        pytest.param(503, Retryable, id="maintenance is waited out"),
        pytest.param(599, Retryable, id="an unlisted 5xx is tried again"),
    ],
)
def test_what_an_answer_means(status: int, kind: type[SyncError]) -> None:
    error = from_answer(answer(status), READ)

    assert type(error) is kind
    assert f"({status})." in str(error)
    assert error.hint


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        pytest.param(READ, Retryable, id="reading may be repeated"),
        pytest.param(Call("PUT", "/x"), Retryable, id="an edit of a known id may be repeated"),
        pytest.param(Call("DELETE", "/x"), Retryable, id="a deletion may be repeated"),
        pytest.param(QUESTION, Retryable, id="a question put by POST may be repeated"),
        pytest.param(CREATE, AnswerLost, id="a create may have happened"),
    ],
)
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_after_a_create_says_that_it_may_have_happened(
    call: Call, kind: type[SyncError], status: int
) -> None:
    assert type(from_answer(answer(status), call)) is kind


def test_what_was_refused_with_429_was_not_done_so_a_create_may_be_repeated() -> None:
    assert type(from_answer(answer(429), CREATE)) is Retryable


@pytest.mark.parametrize(
    ("reason", "scope"),
    [
        pytest.param("jira-per-issue-on-write", Scope.LINK, id="one busy issue stops only itself"),
        pytest.param("jira-burst-based", Scope.CONNECTION, id="a burst stops the connection"),
        pytest.param("jira-quota-tenant-based", Scope.CONNECTION, id="a quota stops it too"),
        pytest.param("", Scope.CONNECTION, id="an unnamed limit stops the connection"),
    ],
)
def test_how_much_waits_after_a_rate_limit(reason: str, scope: Scope) -> None:
    error = from_answer(answer(429, RateLimit_Reason=reason, Retry_After="7"), READ)

    assert isinstance(error, Retryable)
    assert error.scope is scope
    assert error.retry_after == timedelta(seconds=7)


DATE = "Thu, 26 Mar 2026 15:59:00 GMT"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        pytest.param({"Retry-After": "40"}, timedelta(seconds=40), id="whole seconds"),
        pytest.param({"Retry-After": "0"}, timedelta(), id="nothing to wait for"),
        pytest.param({"Retry-After": LONG_MAX}, LONGEST_WAIT, id="Long.MAX for a blocked user"),
        pytest.param(
            {"Retry-After": "Thu, 26 Mar 2026 16:00:00 GMT", "Date": DATE},
            timedelta(minutes=1),
            id="an HTTP date",
        ),
        pytest.param(
            {"X-RateLimit-Reset": "2026-03-26T16:00:30Z", "Date": DATE},
            timedelta(seconds=90),
            id="only the moment of the reset",
        ),
        pytest.param(
            {"X-RateLimit-Reset": "2026-03-26T16:00Z", "Date": DATE},
            timedelta(minutes=1),
            id="the moment without seconds",
        ),
        pytest.param(
            {"X-RateLimit-Reset": "2026-03-26T15:00Z", "Date": DATE},
            timedelta(),
            id="a moment gone by",
        ),
        pytest.param({"X-RateLimit-Reset": "2026-03-26T16:00Z"}, None, id="no clock to compare"),
        pytest.param({"Retry-After": "soon", "Date": DATE}, None, id="a word"),
        pytest.param({}, None, id="nothing said"),
    ],
)
def test_how_long_jira_asks_us_to_wait(headers: dict[str, str], wait: timedelta | None) -> None:
    assert retry_after(httpx2.Headers(headers)) == wait


@given(st.text(st.characters(codec="latin-1")), st.text(st.characters(codec="latin-1")))
def test_no_header_makes_us_wait_longer_than_an_hour_or_less_than_nothing(
    first: str, second: str
) -> None:
    wait = retry_after({"retry-after": first, "x-ratelimit-reset": second, "date": DATE})
    assert wait is None or timedelta() <= wait <= LONGEST_WAIT


def test_a_refusal_keeps_what_jira_said_of_each_field() -> None:
    body = {"errorMessages": [], "errors": {"summary": "You must specify a summary."}}

    error = from_answer(answer(400, body), CREATE)

    assert isinstance(error, Refused)
    assert error.fields == {"summary": "You must specify a summary."}
    assert str(error) == "Jira refused the request: summary: You must specify a summary (400)."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param({"errorMessages": ["No.", "Not so."]}, "No; Not so", id="a list of sentences"),
        pytest.param({"message": "Must log in", "status-code": 400}, "Must log in", id="a message"),
        pytest.param({"errorMessages": "x", "errors": [1]}, "", id="foreign types are left out"),
        pytest.param(["x"], "", id="a list is no error body"),
        pytest.param(b"<html>", "", id="a page says nothing"),
        pytest.param({"message": "a\n  b"}, "a b", id="line breaks become spaces"),
    ],
)
def test_the_three_shapes_of_error_bodies(body: object, text: str) -> None:
    error = from_answer(answer(400, body), READ)
    assert str(error) == f"Jira refused the request{': ' + text if text else ''} (400)."


def test_a_long_refusal_is_cut_to_a_readable_length() -> None:
    error = from_answer(answer(400, {"message": "x" * 9_000}), READ)
    assert len(str(error)) < 600


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        pytest.param(
            {"code": 401, "message": "Unauthorized; scope does not match"},
            "read:jira-work",
            id="a missing scope does not look like a dead token",
        ),
        pytest.param(
            {"message": "Basic authentication with passwords is deprecated."},
            "API token",
            id="a password in place of a token",
        ),
        pytest.param({}, "e-mail", id="anything else"),
    ],
)
def test_the_advice_for_a_401(body: object, hint: str) -> None:
    assert hint in from_answer(answer(401, body), READ, Method.API_TOKEN).hint


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"X-Seraph-Loginreason": "AUTHENTICATED_FAILED"}, id="failed, with success"),
        pytest.param({"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}, id="denied"),
        pytest.param(
            {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://j/l"},
            id="a captcha",
        ),
    ],
)
def test_a_login_that_failed_behind_a_success_ends_the_connection(headers: dict[str, str]) -> None:
    with pytest.raises(Barred):
        check_login(Answer(200, httpx2.Headers(headers), b"{}"))


def test_a_login_that_worked_is_let_through() -> None:
    check_login(answer(200, X_Seraph_LoginReason="OK"))


@pytest.mark.parametrize(
    ("status", "page", "kind"),
    [
        pytest.param(200, b"<h1>Log in to Jira</h1>", Barred, id="a sign-in page"),
        pytest.param(200, b"<h1>Company proxy</h1>", Unreached, id="somebody else's page"),
        pytest.param(404, b"<h1>No such site</h1>", Unreached, id="no Jira at all is not Unseen"),
    ],
)
def test_a_page_in_place_of_an_answer(status: int, page: bytes, kind: type[SyncError]) -> None:
    with pytest.raises(SyncError) as raised:
        check_status(answer(status, page, Content_Type="text/html;charset=UTF-8"), READ)
    assert type(raised.value) is kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param({"code": 404, "message": "Not Found"}, Barred, id="the gateway's own words"),
        pytest.param(
            {"errorMessages": ["Issue does not exist"], "errors": {}}, Unseen, id="Jira's"
        ),
        pytest.param({"message": "null for uri: /x", "status-code": 404}, Unseen, id="no such way"),
        pytest.param({"code": 404, "errorMessages": ["No."]}, Unseen, id="Jira's with a number"),
    ],
)
def test_a_site_that_the_gateway_does_not_know_is_no_missing_issue(
    body: object, kind: type[SyncError]
) -> None:
    assert type(from_answer(answer(404, body), READ)) is kind


def test_an_empty_204_that_calls_itself_a_page_is_a_success() -> None:
    check_status(answer(204, b"", Content_Type="text/html"), READ)


def every_way_to_lose_a_request() -> list[type[httpx2.TransportError]]:
    named = (it for it in vars(httpx2).values() if isinstance(it, type))
    kinds = [it for it in named if issubclass(it, httpx2.TransportError)]
    return [it for it in kinds if not any(issubclass(other, it) for other in kinds if other != it)]


@pytest.mark.parametrize("kind", every_way_to_lose_a_request())
def test_every_transport_error_has_its_sentence(kind: type[httpx2.TransportError]) -> None:
    assert kind in SENTENCE_FOR_LOSS
    for call in (READ, CREATE):
        assert str(from_loss(kind("boom"), call)) == SENTENCE_FOR_LOSS[kind]


@pytest.mark.parametrize(
    ("error", "reading", "creating"),
    [
        pytest.param(httpx2.ConnectError, Unreached, Unreached, id="never connected"),
        pytest.param(httpx2.ConnectTimeout, Unreached, Unreached, id="never picked up"),
        pytest.param(httpx2.PoolTimeout, Retryable, Retryable, id="never had a turn"),
        pytest.param(httpx2.ProxyError, Unreached, Unreached, id="never passed the proxy"),
        pytest.param(httpx2.ReadTimeout, Retryable, AnswerLost, id="no answer in time"),
        pytest.param(httpx2.ReadError, Retryable, AnswerLost, id="broken while reading"),
        pytest.param(httpx2.WriteError, Retryable, AnswerLost, id="broken while writing"),
        pytest.param(httpx2.RemoteProtocolError, Retryable, AnswerLost, id="cut off"),
        pytest.param(httpx2.DecodingError, Retryable, AnswerLost, id="unreadable"),
        pytest.param(httpx2.UnsupportedProtocol, Barred, Barred, id="no web address"),
    ],
)
def test_a_lost_answer_is_told_from_a_request_never_sent(
    error: type[httpx2.RequestError], reading: type[SyncError], creating: type[SyncError]
) -> None:
    assert type(from_loss(error("boom"), READ)) is reading
    assert type(from_loss(error("boom"), CREATE)) is creating


def test_an_untrusted_certificate_is_named_as_such() -> None:
    lost = httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")
    assert "certificate" in str(from_loss(lost, READ))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        pytest.param(400, Refused, id="a wrong part is refused"),
        pytest.param(401, Refused, id="a part cannot end the connection that answered for it"),
        pytest.param(404, Unseen, id="a part about something unseen"),
        pytest.param(429, Retryable, id="a part over the limit"),
        pytest.param(500, Retryable, id="a part that failed was reported as not done"),
    ],
)
def test_one_refused_part_of_a_bulk_request(status: int, kind: type[SyncError]) -> None:
    error = from_element(status, Reasons(("No.",), {"parent": "Gone."}))
    assert type(error) is kind
    assert "No; parent: Gone" in str(error)
