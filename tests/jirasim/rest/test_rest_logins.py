"""Passwords, sessions, personal access tokens and the CAPTCHA of Server (jira.md 2.3)."""

import gzip
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from helpers.jira_caller import Api, Reply, basic_header
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from jirasim.clock import VirtualClock
from jirasim.seed import make_state
from jirasim.site import logins
from jirasim.site.logins import Outcome
from jirasim.site.model import User
from jirasim.site.product import SERVER_VERSION, Deployment, Product
from jirasim.site.state import Site

SERVER = Product(Deployment.SERVER, SERVER_VERSION)
SESSION = "/rest/auth/1/session"
TOKENS = "/rest/pat/latest/tokens"
DENIED = "CAPTCHA_CHALLENGE; login-url=http://jira.test/login.jsp"


@pytest.fixture
def maya(server: Api) -> User:
    return next(server.site.people())


def password_of(site: Site, user: User) -> str:
    return site.state.passwords[user.account_id]


def with_password(server: Api, user: User, password: str | None = None) -> Api:
    right = password_of(server.site, user)
    return replace(server, authorization=basic_header(user.name, password or right))


def log_in(server: Api, user: User, password: str | None = None) -> Reply:
    body = {"username": user.name, "password": password or password_of(server.site, user)}
    return server.anonymous().post(SESSION, body)


def with_cookie(server: Api, value: str) -> Api:
    return server.anonymous().with_headers(cookie=f"a=b; JSESSIONID={value}")


def settle(site: Site, **changes: Any) -> None:
    site.state.settings = replace(site.state.settings, **changes)


def test_name_and_password_are_enough_and_the_email_is_not_a_name(server: Api, maya: User) -> None:
    reply = with_password(server, maya).get("/myself")
    assert (reply.status, reply.json["name"]) == (200, "maya")
    assert reply.headers["x-ausername"] == "maya"
    assert reply.headers["x-seraph-loginreason"] == "OK"
    header = basic_header(maya.email, password_of(server.site, maya))
    assert replace(server, authorization=header).get("/myself").status == 401


def test_a_wrong_password_is_refused_everywhere(server: Api, maya: User) -> None:
    reply = with_password(server, maya, "wrong").get("/serverInfo")
    assert reply.status == 401
    assert "Basic Authentication Failure - Reason : AUTHENTICATED_FAILED" in reply.text
    assert reply.headers["content-type"].startswith("text/html")
    assert reply.headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"


def test_a_bad_bearer_is_served_as_nobody(server: Api) -> None:
    bad = replace(server, authorization="Bearer nonsense")
    reply = bad.get("/serverInfo")
    assert (reply.status, reply.headers["x-ausername"]) == (200, "anonymous")
    assert bad.get("/myself").status == 401


def test_passwords_can_be_switched_off(server: Api, maya: User) -> None:
    settle(server.site, basic_auth=False)
    reply = with_password(server, maya).get("/myself")
    assert (reply.status, reply.json) == (
        403,
        {"message": "Basic Authentication has been disabled on this instance."},
    )
    assert server.get("/myself").status == 200


def test_after_three_failures_the_right_password_is_denied(server: Api, maya: User) -> None:
    for _ in range(3):
        assert with_password(server, maya, "wrong").get("/myself").status == 401
    reply = with_password(server, maya).get("/myself")
    assert reply.status == 403
    assert reply.headers["x-authentication-denied-reason"] == DENIED
    assert reply.headers["x-seraph-loginreason"] == "AUTHENTICATION_DENIED"
    denied = log_in(server, maya)
    assert (denied.status, denied.headers["x-authentication-denied-reason"]) == (403, DENIED)
    logins.forgive(server.site, maya)
    assert with_password(server, maya).get("/myself").status == 200


def test_a_token_works_while_the_password_is_locked(server: Api, maya: User) -> None:
    for _ in range(3):
        with_password(server, maya, "wrong").get("/myself")
    assert server.as_user(maya).get("/myself").status == 200


def test_a_session_is_opened_used_and_closed(server: Api, maya: User) -> None:
    assert log_in(server, maya, "wrong").status == 401
    opened = log_in(server, maya)
    assert opened.status == 200
    session, info = opened.json["session"], opened.json["loginInfo"]
    assert session["name"] == "JSESSIONID"
    assert (info["failedLoginCount"], info["loginCount"]) == (1, 1)
    assert f"JSESSIONID={session['value']}; Path=/" in opened.headers["set-cookie"]
    browser = with_cookie(server, session["value"])
    assert browser.get("/myself").json["name"] == "maya"
    current = browser.get(SESSION).json
    assert (current["name"], current["loginInfo"]["loginCount"]) == ("maya", 1)
    assert current["self"] == "http://jira.test/rest/api/latest/user?username=maya"
    assert browser.delete("/rest/auth/1/websudo").status == 204
    assert browser.delete(SESSION).status == 204
    assert browser.get("/myself").status == 401
    assert browser.delete(SESSION).status == 401


def test_cloud_says_who_one_is_and_opens_no_session(api: Api) -> None:
    reply = api.get(SESSION)
    assert reply.status == 200
    assert "accountId=" in reply.json["self"]
    assert api.anonymous().get(SESSION).status == 401
    assert api.post(SESSION, {"username": "a", "password": "b"}).status == 405


def test_a_deactivated_account_gets_in_nowhere(server: Api, maya: User) -> None:
    browser = with_cookie(server, log_in(server, maya).json["session"]["value"])
    mine = server.as_user(maya)
    server.site.state.users[maya.account_id] = replace(maya, active=False)
    for caller in (browser, mine, with_password(server, maya)):
        assert caller.get("/myself").status == 401
    assert log_in(server, maya).status == 401


def test_a_token_is_made_used_listed_and_revoked(server: Api, maya: User) -> None:
    mine = with_password(server, maya)
    made = mine.post(TOKENS, {"name": "Script", "expirationDuration": 2})
    assert made.status == 201
    assert made.json["expiringAt"] == "2026-03-04T09:30:00.000+0000"
    bearer = replace(server, authorization=f"Bearer {made.json['rawToken']}")
    assert bearer.get("/myself").json["name"] == "maya"
    listed = mine.get(TOKENS).json
    assert [one["name"] for one in listed] == ["from the seed", "Script"]
    assert all("rawToken" not in one for one in listed)
    server.site.clock.advance(timedelta(days=2))
    assert bearer.get("/myself").status == 401
    assert mine.delete(f"{TOKENS}/{made.json['id']}").status == 204
    assert [one["name"] for one in mine.get(TOKENS).json] == ["from the seed"]


def test_tokens_of_others_cannot_be_revoked(server: Api, maya: User) -> None:
    [other] = server.get(TOKENS).json
    assert with_password(server, maya).delete(f"{TOKENS}/{other['id']}").status == 404
    assert server.get("/myself").status == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="no name"),
        pytest.param({"name": "x", "expirationDuration": 0}, id="no days"),
        pytest.param({"name": "x", "expirationDuration": "ten"}, id="a word for the days"),
        pytest.param({"name": "x", "expirationDuration": True}, id="true for the days"),
    ],
)
def test_a_token_is_not_made_with(server: Api, body: dict[str, object]) -> None:
    assert server.post(TOKENS, body).status == 400


def test_tokens_can_be_switched_off(server: Api, maya: User) -> None:
    settle(server.site, personal_tokens=False)
    assert server.get("/myself").status == 401
    assert with_password(server, maya).get(TOKENS).status == 403


class Lockout(RuleBasedStateMachine):
    """Any order of logins, against a count."""

    def __init__(self) -> None:
        super().__init__()
        clock = VirtualClock()
        self.site = Site(make_state(seed=1, issues=0, now=clock(), product=SERVER), clock)
        self.user = next(iter(self.site.people()))
        self.failed = 0

    def attempt(self, *, right: bool, solved: bool) -> Outcome:
        password = password_of(self.site, self.user) if right else "wrong"
        return logins.try_password(self.site, "maya", password, solved=solved)[0]

    @rule()
    def right(self) -> None:
        locked = self.failed >= 3
        assert self.attempt(right=True, solved=False) is (Outcome.DENIED if locked else Outcome.OK)
        self.failed = self.failed + 1 if locked else 0

    @rule()
    def wrong(self) -> None:
        locked = self.failed >= 3
        expected = Outcome.DENIED if locked else Outcome.FAILED
        assert self.attempt(right=False, solved=False) is expected
        self.failed += 1

    @rule()
    def right_with_the_captcha_solved(self) -> None:
        assert self.attempt(right=True, solved=True) is Outcome.OK
        self.failed = 0

    @rule()
    def wrong_with_the_captcha_solved(self) -> None:
        assert self.attempt(right=False, solved=True) is Outcome.FAILED
        self.failed += 1

    @rule()
    def forgiven(self) -> None:
        logins.forgive(self.site, self.user)
        self.failed = 0

    @invariant()
    def the_captcha_is_asked_for_after_three_failures(self) -> None:
        assert logins.must_solve(self.site, self.user) is (self.failed >= 3)


TestLockout = Lockout.TestCase
TestLockout.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("OPTIONS", "/issue/X-1", 200, {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}),
        ("PATCH", "/issue/X-1", 405, {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}),
        ("DELETE", "/myself", 405, {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_other_methods_are_told_what_there_is(
    api: Api, method: str, path: str, status: int, allow: set[str]
) -> None:
    reply = api.call(method, path)
    assert reply.status == status
    assert allow <= {*reply.headers["allow"].split(",")}


def test_a_body_of_another_type_is_415(api: Api) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        reply = api.with_headers(content_type=kind).post("/issue", {"fields": {}})
        assert reply.status == 415
    assert (
        api.with_headers(content_type="application/json; charset=utf-8")
        .post("/issue", {"fields": {}})
        .status
        == 400
    )


def test_answers_are_compressed_for_those_who_can_read_them(api: Api) -> None:
    plain = api.get("/field")
    packed = api.with_headers(accept_encoding="gzip, deflate").call("GET", "/rest/api/2/field")
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert len(gzip.decompress(packed.content)) > 1000
    assert "content-encoding" not in plain.headers
