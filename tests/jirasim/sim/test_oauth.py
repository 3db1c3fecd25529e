"""OAuth 2.0 (3LO) of Cloud, as a client and a person go through it (jira.md 2.2)."""

import base64
import hashlib
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from helpers.oauth_app import CALLBACK, SCOPES, App
from starlette.testclient import TestClient

from jirasim.http.admin.sim import Controls

DEAD = {"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."}
UNAUTHORIZED = {"code": 401, "message": "Unauthorized"}
MINUTE, DAY = 60, 86400


@pytest.fixture
def app(client: TestClient, controls: Controls) -> App:
    return App(client, controls)


def test_the_page_names_the_app_and_its_scopes_and_needs_no_script(app: App) -> None:
    answer = app.client.get("/authorize", params=app.query())
    assert answer.status_code == 200
    for words in ("Example app", "read:jira-work", "offline_access", "Maya Lind"):
        assert words in answer.text
    assert "<script" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://localhost:8000;" in policy
    hidden = re.findall(r'type="hidden" name="(\w+)"', answer.text)
    assert set(hidden) == {*app.query()}


def test_from_consent_to_the_api(app: App) -> None:
    back = app.decide()
    assert back["state"] == "s&t=1"
    answer = app.exchange(back["code"])
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    tokens = answer.json()
    assert (tokens["expires_in"], tokens["token_type"]) == (3600, "Bearer")
    assert tokens["scope"] == SCOPES
    site = app.controls.site
    [resource] = app.get("/oauth/token/accessible-resources", tokens["access_token"]).json()
    assert (resource["id"], resource["url"]) == (site.state.cloud_id, site.base_url)
    assert resource["scopes"] == ["read:jira-user", "read:jira-work", "write:jira-work"]
    assert app.get("/me", tokens["access_token"]).json()["account_id"] == app.person
    assert app.myself(tokens["access_token"]).json()["accountId"] == app.person
    plain = app.get("/rest/api/3/myself", tokens["access_token"])
    assert plain.status_code == 401


def test_who_says_no_is_heard(app: App) -> None:
    back = app.decide("deny")
    assert (back["error"], back["state"]) == ("access_denied", "s&t=1")
    assert app.controls.site.state.access.grants == {}


@pytest.mark.parametrize(
    "redirect_uri",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="an empty one"),
        pytest.param("https://evil.example/callback", id="another host"),
        pytest.param(f"{CALLBACK}/", id="a slash more"),
        pytest.param(f"{CALLBACK}?next=https://evil.example", id="a query more"),
        pytest.param(f"{CALLBACK}#x", id="a fragment more"),
        pytest.param("http://localhost:8000/Callback", id="another case"),
        pytest.param("http://localhost:8000@evil.example/callback", id="the host as a user"),
        pytest.param("http://localhost:8000\\@evil.example/callback", id="a backslash"),
        pytest.param("//localhost:8000/callback", id="no scheme"),
        pytest.param("javascript:alert(1)//localhost:8000/callback", id="a script"),
        pytest.param("http://localhost:8000/callback\r\nSet-Cookie: a=b", id="a header more"),
        pytest.param("http://localhost:8000/x/../callback", id="a detour"),
        pytest.param("http://localhost:8000/%63allback", id="another spelling"),
    ],
)
def test_nobody_is_sent_to(app: App, redirect_uri: str | None) -> None:
    query = app.query(redirect_uri=redirect_uri)
    shown = app.client.get("/authorize", params=query)
    assert shown.status_code == 400
    assert "unauthorized_client" in shown.text
    form = {**query, "account_id": app.person, "decision": "allow"}
    sent = app.client.post("/authorize", data=form)
    assert (sent.status_code, "location" in sent.headers) == (400, False)
    assert app.controls.site.state.access.codes == {}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"audience": "api.example.com"}, "access_denied"),
        ({"scope": "read:jira-work nonsense"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"code_challenge": "x", "code_challenge_method": "S1"}, "invalid_request"),
    ],
)
def test_the_app_is_told_at_its_address(app: App, changes: dict[str, str], error: str) -> None:
    answer = app.client.get("/authorize", params=app.query(**changes))
    assert answer.status_code == 302
    assert dict(parse_qsl(urlsplit(answer.headers["location"]).query))["error"] == error


def test_an_unknown_app_is_shown_an_error(app: App) -> None:
    answer = app.client.get("/authorize", params=app.query(client_id="nobody"))
    assert answer.status_code == 400


def test_a_code_is_good_once_and_showing_it_again_ends_the_grant(app: App) -> None:
    code = app.decide()["code"]
    tokens = app.exchange(code).json()
    again = app.exchange(code)
    assert (again.status_code, again.json()["error"]) == (403, "invalid_grant")
    assert app.myself(tokens["access_token"]).status_code == 401
    assert app.refresh(tokens["refresh_token"]).json() == DEAD


def test_a_code_is_good_for_a_short_while(app: App) -> None:
    code = app.decide()["code"]
    app.wait(5 * MINUTE)
    assert app.exchange(code).status_code == 403


def test_a_code_needs_the_same_callback_and_the_apps_secret(app: App) -> None:
    code = app.decide()["code"]
    assert app.exchange(code, redirect_uri="http://localhost:8000/other").status_code == 403
    wrong = app.exchange(code, client_secret="wrong")
    assert wrong.status_code == 401
    assert app.exchange(code).status_code == 200


def test_a_code_of_another_app_is_not_accepted(app: App) -> None:
    other = app.client.post("/_sim/oauth/apps", json={"redirect_uris": [CALLBACK]}).json()
    code = app.decide()["code"]
    key = {name: other[name] for name in ("client_id", "client_secret")}
    assert app.exchange(code, **key).status_code == 403
    refresh = app.exchange(code).json()["refresh_token"]
    body = {"grant_type": "refresh_token", "refresh_token": refresh, **key}
    assert app.client.post("/oauth/token", json=body).json() == DEAD


VERIFIER = "a-verifier-of-forty-three-characters-or-more-1"
DIGEST = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("challenge", "method", "verifier", "status"),
    [
        (DIGEST, "S256", VERIFIER, 200),
        (DIGEST, "S256", "another", 403),
        (DIGEST, "S256", None, 403),
        (DIGEST, "S256", DIGEST, 403),
        (VERIFIER, "plain", VERIFIER, 200),
        (VERIFIER, None, VERIFIER, 200),
        (VERIFIER, "plain", "another", 403),
    ],
)
def test_pkce(
    app: App, challenge: str, method: str | None, verifier: str | None, status: int
) -> None:
    code = app.decide(code_challenge=challenge, code_challenge_method=method)["code"]
    more = {} if verifier is None else {"code_verifier": verifier}
    assert app.exchange(code, **more).status_code == status


def test_forms_and_basic_authentication_are_understood_too(app: App) -> None:
    code = app.decide()["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    pair = (app.key["client_id"], app.key["client_secret"])
    tokens = app.client.post("/oauth/token", data=form, auth=pair)
    assert tokens.status_code == 200
    renewal = {"grant_type": "refresh_token", "refresh_token": tokens.json()["refresh_token"]}
    assert app.client.post("/oauth/token", data={**renewal, **app.key}).status_code == 200


def test_without_offline_access_there_is_no_refresh_token(app: App) -> None:
    tokens = app.tokens(scope="read:jira-user")
    assert "refresh_token" not in tokens
    assert app.myself(tokens["access_token"]).status_code == 200


def test_an_access_token_ends_after_an_hour(app: App) -> None:
    access = app.tokens()["access_token"]
    app.wait(3599)
    assert app.myself(access).status_code == 200
    app.wait(1)
    answer = app.myself(access)
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert app.get("/me", access).json() == UNAUTHORIZED


def test_refreshing_rotates_and_leaves_ten_minutes_for_a_lost_answer(app: App) -> None:
    first = app.tokens()["refresh_token"]
    second = app.refresh(first).json()["refresh_token"]
    assert second != first
    app.wait(10 * MINUTE - 1)
    assert app.refresh(first).status_code == 200
    assert app.refresh(second).status_code == 200


def test_reuse_after_that_ends_the_grant(app: App) -> None:
    first = app.tokens()["refresh_token"]
    renewed = app.refresh(first).json()
    app.wait(10 * MINUTE)
    late = app.refresh(first)
    assert (late.status_code, late.json()) == (403, DEAD)
    assert app.refresh(renewed["refresh_token"]).json() == DEAD
    assert app.myself(renewed["access_token"]).json() == UNAUTHORIZED


def test_ninety_idle_days_end_it_and_each_refresh_begins_anew(app: App) -> None:
    token = app.tokens()["refresh_token"]
    for _ in range(3):
        app.wait(89 * DAY)
        token = app.refresh(token).json()["refresh_token"]
    app.wait(90 * DAY)
    assert app.refresh(token).json() == DEAD


def test_a_year_ends_it_whatever_was_done(app: App) -> None:
    token = app.tokens()["refresh_token"]
    for _ in range(6):
        app.wait(60 * DAY)
        token = app.refresh(token).json()["refresh_token"]
    app.wait(5 * DAY)
    assert app.refresh(token).json() == DEAD


def test_eight_threads_that_refresh_one_token_all_get_away_with_it(app: App) -> None:
    first = app.tokens()["refresh_token"]
    barrier = threading.Barrier(8)

    def refresh(_: int) -> Any:
        barrier.wait()
        return App(app.client, app.controls).refresh(first)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(refresh, range(8)))
    assert [one.status_code for one in answers] == [200] * 8
    renewed = [one.json()["refresh_token"] for one in answers]
    assert len({*renewed, first}) == 9
    app.wait(10 * MINUTE)
    assert app.refresh(renewed[0]).status_code == 200
    assert app.refresh(first).json() == DEAD
    assert {app.refresh(one).status_code for one in renewed} == {403}


def test_scopes_bind_and_the_right_of_the_person_too(app: App) -> None:
    access = app.tokens(scope="read:jira-work")["access_token"]
    answer = app.myself(access)
    assert answer.status_code == 401
    assert answer.json() == {"code": 401, "message": "Unauthorized; scope does not match"}
    assert app.get("/me", access).status_code == 401


def test_the_person_takes_it_back_on_a_page(app: App) -> None:
    tokens = app.tokens()
    page = app.client.get("/manage-profile/apps")
    assert "Example app for Maya Lind" in page.text
    [grant] = re.findall(r'name="grant" value="(\w+)"', page.text)
    app.client.post("/manage-profile/apps/revoke", data={"grant": grant})
    assert app.myself(tokens["access_token"]).json() == UNAUTHORIZED
    assert app.refresh(tokens["refresh_token"]).json() == DEAD
    assert "Nobody has let an app in." in app.client.get("/manage-profile/apps").text


def test_a_deactivated_person_lets_nobody_in(app: App) -> None:
    tokens = app.tokens()
    users = app.controls.site.state.users
    users[app.person] = replace(users[app.person], active=False)
    assert app.myself(tokens["access_token"]).status_code == 401
    assert app.refresh(tokens["refresh_token"]).json() == DEAD


def test_several_sites_the_same_one_twice_or_none(app: App) -> None:
    access = app.tokens()["access_token"]
    rows = [
        {"id": "1", "name": "a", "url": "https://a.example", "scopes": ["read:jira-work"]},
        {"id": "1", "name": "a", "url": "https://a.example", "scopes": ["write:jira-work"]},
        {"id": "2", "name": "b", "url": "https://b.example", "scopes": []},
    ]
    for chosen in (rows, []):
        app.client.post("/_sim/oauth/resources", json={"resources": chosen})
        assert app.get("/oauth/token/accessible-resources", access).json() == chosen
    app.client.post("/_sim/oauth/resources", json={"resources": None})
    assert len(app.get("/oauth/token/accessible-resources", access).json()) == 1
    empty = app.tokens(scope="read:me")["access_token"]
    assert app.get("/oauth/token/accessible-resources", empty).json() == []


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({}, 403, "unsupported_grant_type"),
        ({"grant_type": "password"}, 403, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 403, "invalid_grant"),
    ],
)
def test_a_request_for_tokens_is_refused(
    app: App, body: dict[str, str], status: int, error: str
) -> None:
    answer = app.token(**body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/x",
        "ftp://localhost/x",
        "https://",
        "https://me@example.com/x",
        "https://example.com/#x",
        "/x",
        "http://localhost.evil.example/x",
        "http://[",
    ],
)
def test_an_app_cannot_register(app: App, address: str) -> None:
    body = {"name": "x", "redirect_uris": [address]}
    assert app.client.post("/_sim/oauth/apps", json=body).status_code == 400


def test_an_app_asks_only_for_what_it_registered(app: App) -> None:
    body = {"client_id": app.key["client_id"], "scopes": ["read:jira-work"]}
    assert app.client.post("/_sim/oauth/apps", json=body).json()["redirect_uris"] == [CALLBACK]
    answer = app.client.get("/authorize", params=app.query())
    assert "error=invalid_scope" in answer.headers["location"]


def test_points_are_spent_by_apps_until_the_hour_is_over(app: App) -> None:
    access = app.tokens()["access_token"]
    app.client.post("/_sim/limits", json={"mode": "cloud", "points_per_hour": 12})
    said = [app.myself(access) for _ in range(4)]
    assert [one.headers["ratelimit-policy"] for one in said] == [
        '"global-app-quota";q=12;w=3600'
    ] * 4
    assert ["ratelimit" in one.headers for one in said] == [False, False, False, True]
    assert said[-1].headers["ratelimit"] == '"global-app-quota";r=0;t=3600'
    assert said[-1].headers["x-ratelimit-nearlimit"] == "true"
    refused = app.myself(access)
    assert refused.status_code == 429
    assert refused.headers["ratelimit-reason"] == "jira-quota-global-based"
    assert refused.headers["retry-after"] == "3600"
    app.wait(3599)
    assert app.myself(access).status_code == 429
    renewed = app.tokens()["access_token"]
    app.wait(1)
    assert app.myself(renewed).status_code == 200
