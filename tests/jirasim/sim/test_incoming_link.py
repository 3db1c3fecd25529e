"""Server: the login page with its CAPTCHA, and OAuth 2.0 of an incoming link (jira.md 2.3)."""

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient

from jirasim.clock import VirtualClock
from jirasim.http.app import assemble, create_app
from jirasim.seed import make_state
from jirasim.site.product import Deployment, Product
from jirasim.site.state import Site

CALLBACK = "http://localhost:8000/callback"
OAUTH = "/jira/rest/oauth2/latest"
MYSELF = "/jira/rest/api/2/myself"
ISSUE = {"fields": {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "x"}}


def client_of(version: tuple[int, ...]) -> Iterator[TestClient]:
    clock = VirtualClock()
    product = Product(Deployment.SERVER, version, "/jira")
    state = make_state(seed=1, issues=1, now=clock(), product=product)
    controls = assemble(Site(state, clock, base_url="http://127.0.0.1/jira"))
    yield TestClient(create_app(controls), base_url="http://127.0.0.1", follow_redirects=False)
    controls.sender.close()


@pytest.fixture
def server() -> Iterator[TestClient]:
    yield from client_of((9, 12, 0))


@pytest.fixture
def old() -> Iterator[TestClient]:
    yield from client_of((8, 13, 0))


@pytest.fixture
def key(server: TestClient) -> dict[str, str]:
    [app] = server.get("/_sim/oauth/apps").json()
    return {name: app[name] for name in ("client_id", "client_secret")}


def consented(server: TestClient, key: dict[str, str], scope: str, **more: str) -> str:
    form = {
        "client_id": key["client_id"],
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "state": "s",
        "scope": scope,
        "account_id": "maya",
        "decision": "allow",
        **more,
    }
    answer = server.post(f"{OAUTH}/authorize", data=form)
    back = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert back["state"] == "s"
    return back["code"]


def tokens(server: TestClient, key: dict[str, str], **body: str) -> Any:
    return server.post(f"{OAUTH}/token", data={**key, **body})


def exchanged(server: TestClient, key: dict[str, str], code: str, **more: str) -> Any:
    more = {"redirect_uri": CALLBACK, **more}
    return tokens(server, key, grant_type="authorization_code", code=code, **more)


def bearer(access: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access}"}


def log_in(server: TestClient, password: str, captcha: str = "") -> Any:
    form = {"os_username": "maya", "os_password": password, "os_captcha": captcha}
    return server.post("/jira/login.jsp", data=form)


def test_a_link_reads_and_writes_with_the_scope_for_it(server, key):
    reader = exchanged(server, key, consented(server, key, "READ")).json()
    assert (reader["expires_in"], reader["scope"]) == (7200, "READ")
    mine = bearer(reader["access_token"])
    assert server.get(MYSELF, headers=mine).json()["name"] == "maya"
    refused = server.post("/jira/rest/api/2/issue", json=ISSUE, headers=mine)
    assert refused.status_code == 403
    assert "insufficient_scope" in refused.headers["www-authenticate"]
    writer = exchanged(server, key, consented(server, key, "WRITE")).json()
    made = server.post("/jira/rest/api/2/issue", json=ISSUE, headers=bearer(writer["access_token"]))
    assert made.status_code == 201


def test_a_link_rotates_its_refresh_token(server, key):
    first = exchanged(server, key, consented(server, key, "WRITE")).json()["refresh_token"]
    renewed = tokens(server, key, grant_type="refresh_token", refresh_token=first).json()
    assert renewed["refresh_token"] != first
    server.post("/_sim/clock", json={"advance_seconds": 601})
    late = tokens(server, key, grant_type="refresh_token", refresh_token=first)
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")


def test_a_link_proves_itself_by_pkce(server, key):
    verifier = "v" * 43
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    code = consented(server, key, "READ", **asked)
    assert exchanged(server, key, code, code_verifier="w" * 43).status_code == 400
    assert exchanged(server, key, code, code_verifier=verifier).status_code == 200


def test_a_link_is_refused_for_a_wrong_secret_and_a_scope_of_cloud(server, key):
    wrong = exchanged(server, {**key, "client_secret": "x"}, consented(server, key, "READ"))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    query = {
        "client_id": key["client_id"],
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "read:jira-work",
    }
    answer = server.get(f"{OAUTH}/authorize", params=query)
    assert "error=invalid_scope" in answer.headers["location"]


def test_there_are_no_links_before_8_22_and_no_tokens_before_8_14(old):
    assert old.get(f"{OAUTH}/authorize").status_code == 404
    assert old.get("/jira/rest/pat/latest/tokens").status_code == 404
    secret = next(iter(old.get("/_sim/tokens").json()))["api_token"]
    assert old.get(MYSELF, headers=bearer(secret)).status_code == 401


def test_the_login_page_opens_a_session(server):
    assert log_in(server, "wrong").status_code == 200
    answer = log_in(server, "password of Maya Lind")
    assert (answer.status_code, answer.headers["location"]) == (302, "/jira/")
    assert "Path=/jira; HttpOnly" in answer.headers["set-cookie"]
    assert server.get(MYSELF).json()["name"] == "maya"


def test_the_captcha_is_solved_on_the_page(server):
    for _ in range(3):
        log_in(server, "wrong")
    denied = log_in(server, "password of Maya Lind")
    assert denied.headers["x-seraph-loginreason"] == "AUTHENTICATION_DENIED"
    [shown] = re.findall(r'id="captcha">(\w+)<', denied.text)
    assert "<script" not in denied.text
    assert log_in(server, "wrong", shown).headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"
    page = server.get("/jira/login.jsp", params={"os_username": "maya"}).text
    [shown] = re.findall(r'id="captcha">(\w+)<', page)
    assert log_in(server, "password of Maya Lind", shown).status_code == 302
    assert server.get(MYSELF, auth=("maya", "password of Maya Lind")).status_code == 200


def test_the_simulator_forgives(server):
    for _ in range(3):
        server.get(MYSELF, auth=("maya", "wrong"))
    [locked] = [one for one in server.get("/_sim/logins").json() if one["captcha"]]
    assert (locked["name"], locked["failed"]) == ("maya", 3)
    server.post("/_sim/logins/forgive", json={"account_id": locked["account_id"]})
    assert server.get(MYSELF, auth=("maya", "password of Maya Lind")).status_code == 200


def test_nobody_is_sent_elsewhere_after_logging_in(server):
    form = {"os_username": "maya", "os_password": "password of Maya Lind"}
    for goal in ("https://evil.example", "//evil.example", "/\\evil.example"):
        answer = server.post("/jira/login.jsp", data={**form, "os_destination": goal})
        assert answer.headers["location"] == "/jira/"


def test_public_projects_are_for_everybody_to_look_at(server):
    assert server.get("/jira/rest/api/2/issue/FHP-1").status_code == 401
    assert server.post("/_sim/public", json={"projects": ["FHP"]}).json() == {"projects": ["FHP"]}
    seen = server.get("/jira/rest/api/2/issue/FHP-1")
    assert (seen.status_code, seen.headers["x-ausername"]) == (200, "anonymous")
    assert server.post("/jira/rest/api/2/issue", json=ISSUE).status_code == 401
    server.post("/_sim/public", json={"projects": []})
    assert server.get("/jira/rest/api/2/issue/FHP-1").status_code == 401
    assert server.post("/_sim/public", json={"projects": ["NONE"]}).status_code == 400
