"""Posting one webhook over kept-alive connections.  Knows no retries."""

from __future__ import annotations

import base64
import select
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection, RemoteDisconnected
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 20.0
Host = tuple[str, str, bool]
"""Scheme, address with credentials, and whether its certificate must be trusted."""


class NoAnswer(Exception):
    """Nobody answered: refused, unreachable, timed out or cut off."""


class Poster:
    """One thread's connections, one per host."""

    def __init__(self) -> None:
        self._connections: dict[Host, HTTPConnection] = {}

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, verified: bool = True
    ) -> int:
        """The status of the answer, which is read to its end.  Raises NoAnswer."""
        parts = urlsplit(url)
        host = (parts.scheme, parts.netloc, verified)
        headers = {**headers, **_credentials(parts.netloc)}
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        reused = self._usable(host)
        try:
            try:
                return self._exchange(host, target, body, headers)
            except (RemoteDisconnected, ConnectionError):
                self._drop(host)
                if not reused:
                    raise
                return self._exchange(host, target, body, headers)
        except (OSError, HTTPException, ValueError) as error:
            self._drop(host)
            raise NoAnswer(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        """Hang up everywhere."""
        for host in tuple(self._connections):
            self._drop(host)

    def _exchange(self, host: Host, target: str, body: bytes, headers: Mapping[str, str]) -> int:
        connection = self._connections.get(host) or self._connect(host)
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        answer.read()
        if answer.will_close:
            self._drop(host)
        return answer.status

    def _connect(self, host: Host) -> HTTPConnection:
        scheme, netloc, verified = host
        address = netloc.rpartition("@")[2]
        connection = (
            HTTPSConnection(address, timeout=CONNECT_SECONDS, context=_trust(verified=verified))
            if scheme == "https"
            else HTTPConnection(address, timeout=CONNECT_SECONDS)
        )
        connection.connect()
        connection.sock.settimeout(ANSWER_SECONDS)
        self._connections[host] = connection
        return connection

    def _usable(self, host: Host) -> bool:
        """Whether a connection is open; one that the other side has closed is dropped."""
        connection = self._connections.get(host)
        if connection is None:
            return False
        if select.select([connection.sock], [], [], 0)[0]:
            self._drop(host)
            return False
        return True

    def _drop(self, host: Host) -> None:
        connection = self._connections.pop(host, None)
        if connection is not None:
            connection.close()


def _credentials(netloc: str) -> dict[str, str]:
    """Basic authentication for a name and password in the address (jira.md 7.4)."""
    login, separator, _ = netloc.rpartition("@")
    if not separator:
        return {}
    return {"Authorization": f"Basic {base64.b64encode(unquote(login).encode()).decode()}"}


def _trust(*, verified: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
