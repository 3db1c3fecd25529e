"""The one door to Jira: what it repeats, refuses, counts and keeps to itself."""

from __future__ import annotations

import logging
from typing import Any

import httpx2
import pytest

from duolog.core.errors import AnswerLost, Disconnected, Refused, Retryable, Scope, Unseen
from duolog.jira.auth import ApiToken
from duolog.jira.call import Call
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import CallMade, Options, Watch, open_http

READ = Call("GET", "/rest/api/3/issue/1")
EDIT = Call("PUT", "/rest/api/3/issue/1", body={"fields": {}})
QUESTION = Call("POST", "/rest/api/3/search/jql", body={"jql": ""}, reads_only=True)
CREATE = Call("POST", "/rest/api/3/issue", body={"fields": {}})
SECRET = "ATATT-very-secret"


@pytest.mark.parametrize("call", [READ, EDIT, QUESTION], ids=["read", "edit", "question"])
def test_what_may_be_repeated_survives_two_broken_connections(jira: Any, call: Call) -> None:
    jira.breaks(httpx2.ReadError("cut")).breaks(httpx2.RemoteProtocolError("cut"))
    jira.answers(200, {"id": "1"})

    assert jira.transport().send(call).json() == {"id": "1"}
    assert len(jira.requests) == 3


def test_after_three_broken_connections_the_work_row_waits(jira: Any) -> None:
    for _ in range(3):
        jira.breaks(httpx2.ConnectError("refused"))
    with pytest.raises(Retryable) as raised:
        jira.transport().send(READ)
    assert raised.value.scope is Scope.CONNECTION


def test_a_create_whose_answer_is_lost_is_not_repeated(jira: Any) -> None:
    jira.breaks(httpx2.ReadError("cut"))
    with pytest.raises(AnswerLost):
        jira.transport().send(CREATE)
    assert len(jira.requests) == 1


def test_a_create_that_never_left_is_repeated(jira: Any) -> None:
    jira.breaks(httpx2.ConnectError("refused")).answers(201, {"id": "1"})
    assert jira.transport().send(CREATE).status == 201


def test_a_timeout_has_taken_its_time_and_is_not_repeated(jira: Any) -> None:
    jira.breaks(httpx2.ReadTimeout("slow"))
    with pytest.raises(Retryable):
        jira.transport().send(READ)


@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_what_jira_answers_is_never_repeated_here(jira: Any, status: int) -> None:
    jira.answers(status, {}, headers={"Retry-After": "1"})
    with pytest.raises(Retryable):
        jira.transport().send(READ)


def test_an_answer_for_another_account_ends_the_connection(jira: Any) -> None:
    jira.answers(200, {"issues": []}, headers={"X-AAccountId": "somebody"})
    with pytest.raises(Disconnected, match="another Jira account"):
        jira.transport().send(QUESTION)


def test_not_found_said_to_another_account_is_not_taken_for_not_found(jira: Any) -> None:
    jira.answers(404, {"errorMessages": ["gone"]}, headers={"X-AAccountId": "somebody"})
    with pytest.raises(Disconnected):
        jira.transport().send(READ)


def test_not_found_said_to_us_is_unseen(jira: Any) -> None:
    jira.answers(404, {"errorMessages": ["gone"]})
    with pytest.raises(Unseen):
        jira.transport().send(READ)


def test_an_encoded_account_id_is_understood(jira: Any) -> None:
    jira.answers(200, {}, headers={"X-AAccountId": "557058%3Aab-cd"})
    assert jira.transport(account="557058:ab-cd").send(READ).status == 200


@pytest.mark.parametrize("status", [403, 404])
def test_a_visitor_who_is_told_that_nothing_is_there_is_not_believed(
    jira: Any, status: int
) -> None:
    jira.answers(404, headers={"X-AAccountId": ""}).answers(status, headers={"X-AAccountId": ""})
    with pytest.raises(Disconnected, match="visitor"):
        jira.transport().send(READ)


def test_without_the_header_we_ask_who_we_are_once(jira: Any) -> None:
    mute = {"X-AAccountId": ""}
    jira.answers(200, {}, headers=mute)
    jira.answers(200, {"accountId": "me"}, headers=mute)
    jira.answers(200, {}, headers=mute)
    transport = jira.transport(account="me")

    transport.send(READ)
    transport.send(READ)

    assert [it.url.path.rpartition("/")[2] for it in jira.requests] == ["1", "myself", "1"]


def test_without_the_header_a_visitor_is_found_out(jira: Any) -> None:
    jira.answers(200, {"issues": []}, headers={"X-AAccountId": ""})
    jira.answers(401, {}, headers={"X-AAccountId": ""})
    with pytest.raises(Disconnected):
        jira.transport().send(QUESTION)


def test_a_create_is_not_forgotten_when_asking_who_we_are_fails(jira: Any) -> None:
    jira.answers(201, {"id": "1"}, headers={"X-AAccountId": ""})
    jira.answers(503, {})
    with pytest.raises(AnswerLost):
        jira.transport().send(CREATE)


def test_while_connecting_any_account_is_accepted(jira: Any) -> None:
    jira.answers(200, {}, headers={"X-AAccountId": "whoever"})
    assert jira.transport(account=None).send(READ).status == 200


def test_a_redirect_is_not_followed(jira: Any) -> None:
    jira.answers(302, headers={"Location": "https://elsewhere.example/rest"})
    with pytest.raises(Disconnected, match="another address"):
        jira.transport().send(READ)


def test_an_expected_status_is_handed_back(jira: Any) -> None:
    jira.answers(400, {"errors": []})
    call = Call("POST", "/rest/api/3/issue/bulk", body={}, expected=frozenset({400}))
    assert jira.transport().send(call).status == 400


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        pytest.param(READ, Refused, id="read: refused"),
        pytest.param(CREATE, AnswerLost, id="create: it may have happened"),
    ],
)
def test_an_answer_beyond_all_measure(jira: Any, call: Call, kind: type[Exception]) -> None:
    jira.answers(200, ["x" * 2_000])
    with pytest.raises(kind, match="larger"):
        jira.transport(options=Options(largest_answer=1_000)).send(call)


def test_calls_beyond_the_pace_wait_in_their_work_rows(jira: Any) -> None:
    jira.answers(200, {})
    transport = jira.transport(options=Options(calls_per_second=1, longest_wait=0))
    transport.send(READ)
    with pytest.raises(Retryable) as raised:
        transport.send(READ)
    assert raised.value.scope is Scope.CONNECTION


def test_every_request_is_counted_with_its_outcome(jira: Any) -> None:
    made: list[CallMade] = []
    jira.breaks(httpx2.ReadError("cut"))
    jira.answers(200, {}, headers={"X-RateLimit-NearLimit": "true"})

    jira.transport(watch=Watch(made.append)).send(READ)

    assert [(it.call, it.status, it.near_limit) for it in made] == [
        (READ, None, False),
        (READ, 200, True),
    ]


def test_whoever_may_change_nothing_any_more_still_reads(jira: Any) -> None:
    def insist() -> None:
        raise InterruptedError("Others have taken it over.")

    jira.answers(200, {})
    transport = jira.transport(watch=Watch(insist=insist))
    with pytest.raises(InterruptedError):
        transport.send(Call("PUT", "rest/api/3/issue/1", body={}))
    assert transport.send(READ).status == 200
    assert [request.method for request in jira.requests] == ["GET"]


def test_the_credential_is_sent_and_never_shown(
    jira: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    jira.breaks(httpx2.ReadError("cut")).answers(401, {})
    credential = ApiToken("bot@example.com", SECRET)
    transport = jira.transport()
    with pytest.raises(Disconnected) as raised:
        transport.send(READ)

    sent = jira.requests[0].headers["authorization"]
    assert sent.startswith("Basic ")
    shown = [caplog.text, repr(transport), repr(credential), repr(credential.auth())]
    shown += [repr(raised.value), repr(jira.requests[0].headers)]
    for text in shown:
        assert SECRET not in text
        assert sent.removeprefix("Basic ") not in text


def test_the_client_says_plainly_who_it_is() -> None:
    with open_http(
        "https://company.atlassian.net", ApiToken("a", "b"), Options(contact="https://duo.example")
    ) as http:
        assert http.headers["user-agent"] == "Duolog/0.1 (+https://duo.example)"
        assert http.headers["accept"] == "application/json"
        assert not http.follow_redirects


def test_an_address_inside_our_network_is_not_reached() -> None:
    with (
        open_http("https://127.0.0.1:1", ApiToken("a", "b")) as http,
        pytest.raises(Disconnected, match="private"),
    ):
        http.get("/rest/api/3/myself")


def test_plain_http_is_not_spoken_unless_allowed() -> None:
    options = Options(HostPolicy(allow_private=True))
    with (
        open_http("http://127.0.0.1:1", ApiToken("a", "b"), options) as http,
        pytest.raises(Disconnected, match="https"),
    ):
        http.get("/rest/api/3/myself")
