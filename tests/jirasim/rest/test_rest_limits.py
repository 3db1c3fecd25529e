"""429 in the words of both products, on the simulator's clock (jira.md 3.2, 3.3)."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from helpers.jira_caller import Api, Reply, doc
from hypothesis import given
from hypothesis import strategies as st

from jirasim.http.writes import WINDOWS, Writes
from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
FOREVER = "9223372036854775807"


def allow(api: Api, **limits: object) -> dict[str, Any]:
    reply = api.post("/_sim/limits", limits)
    assert reply.status == 200, reply.text
    return dict(reply.json)


def told(api: Api) -> dict[str, Any]:
    return dict(api.get("/_sim/limits").json)


def until_refused(ask: Callable[[], Reply], *, most: int = 500) -> tuple[int, Reply]:
    """How many were answered before the first 429, and that."""
    for count in range(most):
        reply = ask()
        if reply.status == 429:
            return count, reply
    pytest.fail(f"{most} requests, and no 429")


def test_nothing_is_limited_unless_asked_for(api: Api, make: Make) -> None:
    make()
    for _ in range(160):
        reply = api.get("/issue/FHP-1", fields="summary")
    assert reply.status == 200
    assert not {name for name in reply.headers if "ratelimit" in name}


@pytest.mark.parametrize(
    ("method", "path", "rate"),
    [
        ("GET", "/issue/FHP-1", 150),
        ("GET", "/issue/FHP-1/changelog", 200),
        ("GET", "/myself", 100),
        ("DELETE", "/issue/FHP-1/comment/1", 50),
    ],
)
def test_an_endpoint_takes_so_many_at_once(
    api: Api, make: Make, method: str, path: str, rate: int
) -> None:
    make()
    allow(api, mode="cloud", writes_2s=1000, writes_30s=1000)
    count, reply = until_refused(lambda: api.call(method, path))
    assert count == rate
    assert reply.headers["ratelimit-reason"] == "jira-burst-based"
    assert reply.headers["retry-after"] == "1"
    assert reply.headers["x-ratelimit-remaining"] == "0"
    assert reply.headers["x-ratelimit-limit"] == str(rate)
    assert reply.headers["x-ratelimit-reset"] == "2026-03-02T09:30:01Z"
    assert reply.headers["date"] == "Mon, 02 Mar 2026 09:30:00 GMT"
    assert reply.headers["content-type"].startswith("application/json")
    api.site.clock.advance(timedelta(seconds=1))
    assert until_refused(lambda: api.call(method, path))[0] == rate


def test_bursts_are_counted_for_everybody_together_but_by_endpoint(
    api: Api, make: Make, people: list[User]
) -> None:
    make()
    allow(api, mode="strict")
    assert until_refused(lambda: api.get("/myself"))[0] == 5
    assert api.as_user(people[0]).get("/myself").status == 429
    assert api.get("/issue/FHP-1").status == 200


def test_one_issue_takes_twenty_writes_in_two_seconds(api: Api, make: Make) -> None:
    make()
    make()
    allow(api, mode="cloud")
    api.site.clock.advance(timedelta(minutes=1))

    def comment() -> Reply:
        return api.post("/issue/FHP-1/comment", {"body": doc("x")})

    count, reply = until_refused(comment)
    assert count == 20
    assert reply.headers["ratelimit-reason"] == "jira-per-issue-on-write"
    assert reply.headers["retry-after"] == "2"
    assert len(api.site.find_issue("FHP-1").comments) == 20
    assert api.post("/issue/FHP-2/comment", {"body": doc("x")}).status == 201
    assert api.get("/issue/FHP-1").status == 200
    ends = {"inwardIssue": {"key": "FHP-2"}, "outwardIssue": {"key": "FHP-1"}}
    assert api.post("/issueLink", {"type": {"name": "Blocks"}, **ends}).status == 429
    api.site.clock.advance(timedelta(seconds=2))
    assert comment().status == 201


def test_one_issue_takes_a_hundred_writes_in_thirty_seconds(api: Api, make: Make) -> None:
    make()
    allow(api, mode="cloud", post=1000)
    api.site.clock.advance(timedelta(minutes=1))
    done = 0
    for _ in range(6):
        for _ in range(20):
            done += api.post("/issue/FHP-1/comment", {"body": doc("x")}).status == 201
        api.site.clock.advance(timedelta(seconds=2))
    assert done == 100
    assert told(api)["writes"]["FHP-1"] == {"most_in_2s": 20, "most_in_30s": 100}
    assert told(api)["rejected"] == {"jira-per-issue-on-write": 20}


def test_the_greatest_number_of_writes_is_known_without_limits_too(api: Api, make: Make) -> None:
    make()
    for text in "abc":
        api.put("/issue/FHP-1", {"fields": {"summary": text}})
    assert told(api)["writes"] == {"FHP-1": {"most_in_2s": 4, "most_in_30s": 4}}
    assert api.post("/_sim/limits/reset").json["writes"] == {}


def test_refused_requests_do_nothing_and_are_counted(api: Api, make: Make) -> None:
    make()
    allow(api, mode="strict", writes_2s=100, writes_30s=100)
    api.controls.calls.reset()
    change = {"fields": {"summary": "new"}}
    count, _ = until_refused(lambda: api.put("/issue/FHP-1", change))
    api.put("/issue/FHP-1", {"fields": {"summary": "too late"}})
    assert api.site.find_issue("FHP-1").summary == "new"
    assert api.get("/_sim/calls").json["PUT /rest/api/3/issue/{id}"] == count + 2
    assert told(api)["rejected"] == {"jira-burst-based": 2}


def test_the_gateway_can_keep_quiet_about_when_to_come_again(api: Api) -> None:
    allow(api, mode="strict", says_retry_after=False)
    _, reply = until_refused(lambda: api.get("/myself"))
    assert "retry-after" not in reply.headers
    assert "x-ratelimit-reset" in reply.headers


def test_an_account_of_server_has_a_bucket(server: Api) -> None:
    allow(server, mode="cloud")
    first = server.get("/myself")
    assert {name: first.headers[name] for name in first.headers if "rate" in name} == {
        "x-ratelimit-limit": "70",
        "x-ratelimit-remaining": "69",
        "x-ratelimit-interval-seconds": "1",
        "x-ratelimit-fillrate": "5",
    }
    assert first.headers["retry-after"] == "0"
    count, reply = until_refused(lambda: server.get("/myself"))
    assert count == 69
    assert (reply.headers["retry-after"], reply.headers["x-ratelimit-remaining"]) == ("1", "0")
    assert server.as_user(next(server.site.people())).get("/myself").status == 200
    server.site.clock.advance(timedelta(seconds=1))
    assert until_refused(lambda: server.get("/myself"))[0] == 5
    assert server.anonymous().get("/serverInfo").status == 200


def test_a_blocked_account_of_server_waits_forever(server: Api) -> None:
    mine = server.site.state.service_account
    allow(server, mode="cloud", blocked=[mine])
    reply = server.get("/myself")
    assert reply.status == 429
    assert (reply.headers["x-ratelimit-limit"], reply.headers["retry-after"]) == ("0", FOREVER)


@pytest.mark.parametrize(
    "body",
    [
        {"mode": "mild"},
        {"get": -1},
        {"fill": 0},
        {"blocked": "me"},
        {"special": {"GET /x": "often"}},
        {"says_retry_after": 1},
        {"speed": 1},
    ],
)
def test_limits_that_make_no_sense_are_refused(api: Api, body: dict[str, object]) -> None:
    assert api.post("/_sim/limits", body).status == 400


steps = st.lists(st.integers(0, 3000), min_size=1, max_size=60)


@given(steps)
def test_the_most_in_a_window_is_what_counting_by_hand_says(waits: list[int]) -> None:
    writes, moments, now = Writes(), deque[datetime](), datetime(2026, 3, 2, tzinfo=UTC)
    for wait in waits:
        now += timedelta(milliseconds=wait)
        moments.append(now)
        writes.add("1", "X-1", now)
    by_hand = tuple(
        max(sum(end - window < at <= end for at in moments) for end in moments)
        for window in WINDOWS
    )
    assert writes.most() == {"X-1": by_hand}


@given(steps, st.integers(1, 5))
def test_who_waits_as_told_never_passes_the_limit(waits: list[int], limit: int) -> None:
    writes, now, window = Writes(), datetime(2026, 3, 2, tzinfo=UTC), WINDOWS[0]
    for wait in waits:
        now += timedelta(milliseconds=wait)
        now += timedelta(seconds=writes.wait("1", now, limit=limit, window=window))
        writes.add("1", "X-1", now)
    assert writes.most()["X-1"][0] <= limit


def test_near_the_limit_of_an_issue_it_is_said(api: Api, make: Make) -> None:
    make()
    allow(api, mode="cloud")
    api.site.clock.advance(timedelta(minutes=1))
    said = [
        api.put("/issue/FHP-1", {"fields": {"summary": str(number)}}).headers.get(
            "x-ratelimit-nearlimit"
        )
        for number in range(18)
    ]
    assert said == [None] * 16 + ["true"] * 2


def test_limits_of_a_tokens_owner_do_not_count_points(api: Api) -> None:
    allow(api, mode="strict", get=1000, points_per_hour=3)
    for _ in range(10):
        reply = replace(api).get("/myself")
    assert (reply.status, "ratelimit-policy" in reply.headers) == (200, False)
