"""Certificates that nobody else has signed, and a simulated site behind one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jirasim.http.app import create_app
from jirasim.testing import JiraSite

START = datetime(2026, 1, 1, tzinfo=UTC)


def certificate_for(name: str, folder: Path, *, days: int = 36_500) -> Path:
    """A self-signed certificate for `name`, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=days))
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


def public_part(certificate: Path) -> str:
    """The certificate without its key, as an administrator would paste it."""
    text = certificate.read_text()
    return text[text.index("-----BEGIN CERTIFICATE") :]


@contextmanager
def behind_tls(site: JiraSite, certificate: Path) -> Iterator[str]:
    """The same site once more, at an https address with this certificate."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(site.simulator.controls),
            lifespan="off",
            log_level="critical",
            ssl_certfile=certificate,
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        context = site.simulator.site.product.context
        yield f"https://localhost:{listener.getsockname()[1]}{context}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
