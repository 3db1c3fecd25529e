"""Which Jira is at an address, asked as a visitor before any credential is sent."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from duolog.core.errors import SyncError
from duolog.jira.dialect import Deployment
from duolog.jira.guard import HostPolicy
from duolog.jira.probe import look_at
from duolog.jira.transport import Options
from duolog.jira.troubles import Barred, Trouble, Unreached
from jirasim.testing import JiraSite

LOCAL = Options(HostPolicy(allow_private=True, allow_http=True))
server = pytest.mark.jira_site(deployment="server", version="10.3")
under_path = pytest.mark.jira_site(deployment="server", version="9.12", context="/jira")


@server
def test_a_server_tells_its_version_to_anybody(jira_site: JiraSite) -> None:
    seen = look_at(jira_site.url, LOCAL)
    assert seen is not None
    assert (seen.deployment, seen.cloud_id) == (Deployment.SERVER, "")
    assert seen.version.startswith("10.3")


def test_a_cloud_site_tells_its_number_to_anybody(jira_site: JiraSite) -> None:
    seen = look_at(jira_site.url, LOCAL)
    assert seen is not None
    assert seen.deployment is Deployment.CLOUD
    assert seen.cloud_id == jira_site.simulator.site.state.cloud_id


@under_path
def test_a_missing_context_path_is_named(jira_site: JiraSite) -> None:
    with pytest.raises(Barred) as raised:
        look_at(jira_site.url.removesuffix("/jira"), LOCAL)
    assert raised.value.trouble is Trouble.ELSEWHERE
    assert raised.value.hint == f"Use {jira_site.url} as the address."


@under_path
def test_a_wrong_context_path_is_no_jira(jira_site: JiraSite) -> None:
    with pytest.raises(Unreached) as raised:
        look_at(f"{jira_site.url}/issues", LOCAL)
    assert raised.value.trouble is Trouble.NOT_JIRA


@contextlib.contextmanager
def something(*, status: int, body: str = "{}", **headers: str) -> Iterator[str]:
    """A web server that says the same to everything."""

    class Same(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            return

    web = HTTPServer(("127.0.0.1", 0), Same)
    thread = threading.Thread(target=web.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}"
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


PAGE = {"Content_Type": "text/html"}


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        pytest.param({"status": 200, "body": '{"a": 1}'}, Trouble.NOT_JIRA, id="other JSON"),
        pytest.param({"status": 200, "body": "hello"}, Trouble.NOT_JIRA, id="no JSON"),
        pytest.param({"status": 200, "body": "<p>Hi", **PAGE}, Trouble.NOT_JIRA, id="a page"),
        pytest.param({"status": 404, "body": "<p>No", **PAGE}, Trouble.NOT_JIRA, id="nothing"),
        pytest.param(
            {"status": 302, "Location": "https://other.example/rest/api/2/serverInfo?token=x"},
            Trouble.ELSEWHERE,
            id="another host",
        ),
    ],
)
def test_what_is_no_jira_is_said(answer: dict[str, Any], trouble: Trouble) -> None:
    with something(**answer) as url, pytest.raises(SyncError) as raised:
        look_at(url, LOCAL)
    assert isinstance(raised.value, Barred | Unreached)
    assert raised.value.trouble is trouble
    assert "token" not in str(raised.value)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"status": 401}, id="401"),
        pytest.param({"status": 403}, id="403"),
        pytest.param({"status": 302, "Location": "https://sso.example/saml"}, id="single sign-on"),
        pytest.param({"status": 200, "body": "<p>Log in", **PAGE}, id="a sign-in page"),
    ],
)
def test_a_jira_that_tells_visitors_nothing_may_still_be_one(answer: dict[str, Any]) -> None:
    with something(**answer) as url:
        assert look_at(url, LOCAL) is None
