"""The guard stands before every request that leaves us: site, gateway, sign-in, and the first look."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import duolog
from duolog.core.errors import SyncError
from duolog.jira.auth import AccessToken, ApiToken, Basic, Credential, Renewed
from duolog.jira.client import open_client
from duolog.jira.dialect import SERVER
from duolog.jira.guard import HostPolicy
from duolog.jira.oauth import App, Hosts
from duolog.jira.oauth_calls import Atlassian
from duolog.jira.probe import look_at
from duolog.jira.transport import Options
from duolog.jira.troubles import Barred, Trouble

SECRET = "s3cret-of-the-account"
STRICT = Options()
LOCAL = Options(HostPolicy(allow_private=True, allow_http=True))


def asked(*, force: bool) -> str:
    return SECRET


def by(credential: Credential) -> Callable[[str, Options], object]:
    def ask(url: str, options: Options) -> object:
        with open_client(url, credential, dialect=SERVER, options=options) as client:
            return client.people.myself()

    return ask


def atlassian(url: str, options: Options) -> Atlassian:
    return Atlassian(App("id", SECRET, "https://a"), hosts=Hosts(url, url), options=options)


EVERY_REQUEST: list[tuple[str, Callable[[str, Options], object]]] = [
    ("API token", by(ApiToken("a@b.example", SECRET))),
    ("personal access token", by(AccessToken(SECRET))),
    ("password", by(Basic("ada", SECRET))),
    ("OAuth at the gateway", by(Renewed(asked))),
    ("first look", look_at),
    ("exchange of the code", lambda url, options: atlassian(url, options).exchange(SECRET, "v")),
    ("renewal", lambda url, options: atlassian(url, options).renew(SECRET)),
    ("sites of the grant", lambda url, options: atlassian(url, options).sites(SECRET)),
]
every_request = pytest.mark.parametrize(
    "request_to", [pytest.param(act, id=name) for name, act in EVERY_REQUEST]
)


class Listener:
    """A web server that remembers what came, and answers as told."""

    def __init__(self, status: int, location: str = "") -> None:
        self.requests: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                outer.requests.append(f"{self.command} {self.path} {self.headers}")
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                self.answer()

            def do_POST(self) -> None:
                self.answer()

            def log_message(self, *_: object) -> None:
                return

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextlib.contextmanager
    def running(self) -> Iterator[Listener]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


@every_request
@pytest.mark.parametrize(
    "address",
    [
        pytest.param("https://localhost:1", id="a name that leads home"),
        pytest.param("https://10.0.0.1", id="a private address"),
        pytest.param("https://169.254.169.254", id="the secrets of a machine"),
        pytest.param("https://[::ffff:127.0.0.1]:1", id="home in IPv6 clothes"),
    ],
)
def test_no_request_of_ours_goes_where_it_may_not(
    request_to: Callable[[str, Options], object], address: str
) -> None:
    with pytest.raises(Barred) as raised:
        request_to(address, STRICT)
    assert raised.value.trouble is Trouble.OUT_OF_BOUNDS


@every_request
def test_no_request_of_ours_goes_unencrypted(
    request_to: Callable[[str, Options], object],
) -> None:
    with Listener(200).running() as site, pytest.raises(Barred) as raised:
        request_to(site.url, Options(HostPolicy(allow_private=True)))
    assert raised.value.trouble is Trouble.UNENCRYPTED
    assert site.requests == []


@every_request
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_request_of_ours_follows_a_redirect(
    request_to: Callable[[str, Options], object], status: int
) -> None:
    with Listener(200).running() as other:
        goal = f"{other.url}/somewhere"
        with Listener(status, goal).running() as site, pytest.raises(SyncError) as raised:
            request_to(site.url, LOCAL)
    assert site.requests
    assert other.requests == []
    assert SECRET not in f"{raised.value} {raised.value.hint}"


def test_there_is_no_other_door() -> None:
    """Whoever speaks HTTP speaks it through `open_http`; the command line alone asks Duolog."""
    root = Path(duolog.__file__).parent
    makers = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        for name in ("Client(", "HTTPTransport(", "urlopen(", "HTTPSConnection(")
        if f"httpx2.{name}" in (text := file.read_text()) or name in text.split()
    }
    assert {it for it in makers if not it.startswith("cli/")} == {"jira/door.py"}
