"""TLS to a pinned address still proves the name: the certificate must be the site's."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from duolog.core.errors import Retryable
from duolog.jira.auth import ApiToken
from duolog.jira.call import Call
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import JiraTransport, Options, open_http

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


def certificate_for(name: str, folder: Path) -> Path:
    """A self-signed certificate for `name`, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


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
