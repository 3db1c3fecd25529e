"""Credentials, identity headers and the rules against browsers (jira.md 1, 2.1, 2.4)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from helpers.jira_caller import Api, basic_header

from jirasim.site.credentials import ApiToken
from jirasim.site.model import User
from jirasim.site.state import Site

Make = Callable[..., dict[str, Any]]
UNAUTHENTICATED = {
    "message": "Client must be authenticated to access this resource.",
    "status-code": 401,
}


def token_of(site: Site, user: User) -> ApiToken:
    return next(one for one in site.state.tokens.values() if one.account_id == user.account_id)


def test_an_accepted_token_is_answered_with_the_identity(api: Api, people: list[User]) -> None:
    reply = api.as_user(people[0]).get("/myself")
    assert reply.json["emailAddress"] == "maya@fernhill.example"
    assert reply.headers["x-aaccountid"] == quote(people[0].account_id, safe="")
    assert {"x-arequestid", "atl-traceid"} <= reply.headers.keys()


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="none"),
        pytest.param(basic_header("maya@fernhill.example", "wrong"), id="a wrong token"),
        pytest.param("Basic ???", id="no base64"),
        pytest.param("Bearer abc", id="a bearer token"),
    ],
)
def test_myself_is_401_with(api: Api, header: str | None) -> None:
    reply = replace(api, authorization=header).get("/myself")
    assert (reply.status, reply.json) == (401, UNAUTHENTICATED)
    assert "x-aaccountid" not in reply.headers


def test_a_token_works_only_with_its_own_email(api: Api, site: Site, people: list[User]) -> None:
    secret = token_of(site, people[0]).secret
    header = basic_header(people[1].email, secret)
    assert replace(api, authorization=header).get("/myself").status == 401


def test_revoked_and_expired_tokens_stop_working(api: Api, site: Site, people: list[User]) -> None:
    maya = api.as_user(people[0])
    token = token_of(site, people[0])
    site.state.tokens[token.secret] = replace(token, expires_at=site.now() + timedelta(hours=1))
    assert maya.get("/myself").status == 200
    site.clock.advance(timedelta(hours=1))
    assert maya.get("/myself").status == 401
    site.state.tokens[token.secret] = replace(token, revoked=True)
    assert maya.get("/myself").status == 401


def test_a_password_is_refused_with_a_text(api: Api, site: Site, people: list[User]) -> None:
    password = site.state.passwords[people[0].account_id]
    header = basic_header(people[0].email, password)
    for path in ("/myself", "/serverInfo"):
        reply = replace(api, authorization=header).get(path)
        assert reply.status == 401
        assert reply.text.startswith("Basic authentication with passwords is deprecated.")


def test_server_info_is_for_everybody_but_says_who_failed(api: Api) -> None:
    good, nobody = api.get("/serverInfo"), api.anonymous().get("/serverInfo")
    bad = replace(api, authorization=basic_header("x@y.example", "z")).get("/serverInfo")
    assert [one.status for one in (good, nobody, bad)] == [200, 200, 200]
    assert bad.headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"
    assert "x-seraph-loginreason" not in {**good.headers, **nobody.headers}
    assert ["serverTime" in one.json for one in (good, nobody, bad)] == [True, False, False]
    assert good.json["deploymentType"] == "Cloud"


def test_for_nobody_no_issue_exists_and_nothing_can_be_written(api: Api, make: Make) -> None:
    make()
    bad = replace(api, authorization=basic_header("x@y.example", "z"))
    assert bad.get("/issue/FHP-1").status == 404
    assert bad.get("/project/search").json["values"] == []
    assert bad.put("/issue/FHP-1", {"fields": {"summary": "x"}}).status == 401
    assert bad.delete("/issue/FHP-1").status == 401
    assert api.get("/issue/FHP-1").json["fields"]["summary"] == "A task"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"User_Agent": "Mozilla/5.0 (X11)"}, id="the agent of a browser"),
        pytest.param({"Origin": "https://elsewhere.example"}, id="an origin"),
        pytest.param({"Referer": "https://elsewhere.example/page"}, id="a referer"),
    ],
)
def test_writes_with_the_marks_of_a_browser_fail(
    api: Api, make: Make, headers: dict[str, str]
) -> None:
    make()
    browser = api.with_headers(**{k.lower(): v for k, v in headers.items()})
    reply = browser.put("/issue/FHP-1", {"fields": {"summary": "x"}})
    assert (reply.status, reply.text) == (403, "XSRF check failed")
    assert browser.get("/issue/FHP-1").status == 200


def test_the_tenant_is_told_without_authentication(api: Api, site: Site) -> None:
    reply = api.anonymous().get("/_edge/tenant_info")
    assert reply.json == {"cloudId": site.state.cloud_id}


def test_calls_are_counted_by_template(api: Api, make: Make) -> None:
    make()
    api.controls.calls.reset()
    for name in ("FHP-1", "10000", "FHP-9"):
        api.get(f"/issue/{name}")
    api.get("/rest/api/2/issue/FHP-1")
    api.get("/_sim/calls")
    api.get("/rest/webhooks/1.0/webhook")
    assert api.get("/_sim/calls").json == {
        "GET /rest/api/3/issue/{id}": 3,
        "GET /rest/api/2/issue/{id}": 1,
    }
