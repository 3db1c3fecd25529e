"""TLS to a pinned address still proves the name: the certificate must be the site's."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from helpers.certificates import certificate_for

from duolog.core.errors import Retryable
from duolog.jira.auth import ApiToken
from duolog.jira.call import Call
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import JiraTransport, Options, open_http
from duolog.jira.troubles import Trouble, Unreached

READ = Call("GET", "/rest/api/3/myself")


class Polite(BaseHTTPRequestHandler):
    """Answers `{}` to everything, and does not log."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        return


@contextlib.contextmanager
def site_with(certificate: Path) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Polite)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def reach(url: str, *, trusted: str = "") -> object:
    options = Options(HostPolicy(allow_private=True), ca_certificate=trusted)
    with JiraTransport(open_http(url, ApiToken("a", "b"), options)) as transport:
        return transport.send(READ).json()


def test_a_certificate_of_ones_own_is_trusted_once_given(tmp_path: Path) -> None:
    certificate = certificate_for("localhost", tmp_path)
    with site_with(certificate) as url:
        assert reach(url, trusted=certificate.read_text()) == {}


def test_without_that_file_it_is_not_trusted(tmp_path: Path) -> None:
    with (
        site_with(certificate_for("localhost", tmp_path)) as url,
        pytest.raises(Retryable, match="certificate"),
    ):
        reach(url)


def test_a_trusted_certificate_for_another_name_does_not_do(tmp_path: Path) -> None:
    certificate = certificate_for("elsewhere.example", tmp_path)
    with site_with(certificate) as url, pytest.raises(Retryable, match="certificate"):
        reach(url, trusted=certificate.read_text())


def test_a_certificate_that_has_ended_is_named_as_such(tmp_path: Path) -> None:
    certificate = certificate_for("localhost", tmp_path, days=1)
    with site_with(certificate) as url, pytest.raises(Unreached) as raised:
        reach(url, trusted=certificate.read_text())
    assert raised.value.trouble is Trouble.CERTIFICATE_ENDED


def test_a_certificate_for_another_name_is_named_as_such(tmp_path: Path) -> None:
    certificate = certificate_for("elsewhere.example", tmp_path)
    with site_with(certificate) as url, pytest.raises(Unreached) as raised:
        reach(url, trusted=certificate.read_text())
    assert raised.value.trouble is Trouble.CERTIFICATE_NAME


def test_plain_http_behind_an_https_address_is_named_as_such() -> None:
    server = HTTPServer(("127.0.0.1", 0), Polite)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        with pytest.raises(Unreached) as raised:
            reach(f"https://localhost:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert raised.value.trouble is Trouble.NO_TLS
