"""The transport over real sockets that answer, stay silent, or are cut at a chosen byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from duolog.core.errors import AnswerLost, Refused, Retryable, SyncError
from duolog.jira.auth import ApiToken
from duolog.jira.call import Call
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import JiraTransport, Options, open_http
from duolog.jira.troubles import Unreached

READ = Call("GET", "/rest/api/3/myself")
CREATE = Call("POST", "/rest/api/3/issue", body={"fields": {}})
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: JSESSIONID=1\r\n"
WHOLE = HEAD + b"Content-Length: 2\r\n\r\n{}"
HALF = HEAD + b"Content-Length: 20\r\n\r\n{}"
ENDLESS = HEAD + b"Content-Length: 400000\r\n\r\n" + b"x" * 400_000
LOCAL = HostPolicy(allow_private=True, allow_http=True)


class Wire:
    """A server that gives each connection the next of its bytes and then closes it."""

    def __init__(self, answers: tuple[bytes, ...]) -> None:
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.received: list[bytes] = []

    def __enter__(self) -> Wire:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes a waiting accept
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        for answer in self._answers:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                self.received.append(connection.recv(65_536))
                connection.sendall(answer)


@contextlib.contextmanager
def connected(*answers: bytes, **options: Any) -> Iterator[tuple[JiraTransport, Wire]]:
    chosen = Options(LOCAL, **options)
    with Wire(answers) as wire:
        http = open_http(wire.url, ApiToken("bot@example.com", "secret"), chosen)
        with JiraTransport(http, options=chosen) as transport:
            yield transport, wire


def test_an_answer_arrives() -> None:
    with connected(WHOLE) as (transport, wire):
        assert transport.send(READ).json() == {}
    assert b"Authorization: Basic " in wire.received[0]
    assert b"User-Agent: Duolog/" in wire.received[0]


def test_no_cookie_outlives_its_answer() -> None:
    with connected(WHOLE, WHOLE) as (transport, wire):
        transport.send(READ)
        transport.send(READ)
    assert b"cookie" not in wire.received[1].lower()


@pytest.mark.parametrize(
    "cut", [pytest.param(b"", id="before the answer"), pytest.param(HALF, id="within the answer")]
)
def test_a_read_survives_a_cut_connection(cut: bytes) -> None:
    with connected(cut, WHOLE) as (transport, _):
        assert transport.send(READ).json() == {}


@pytest.mark.parametrize(
    "cut", [pytest.param(b"", id="before the answer"), pytest.param(HALF, id="within the answer")]
)
def test_a_create_is_sent_once_when_the_connection_is_cut(cut: bytes) -> None:
    with connected(cut, WHOLE) as (transport, wire):
        with pytest.raises(AnswerLost):
            transport.send(CREATE)
        assert len(wire.received) == 1


def test_silence_ends_with_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        options = Options(LOCAL, timeout=0.05)
        with (
            JiraTransport(
                open_http(url, ApiToken("a", "b"), options), options=options
            ) as transport,
            pytest.raises(Retryable, match="in time"),
        ):
            transport.send(READ)


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        pytest.param({"largest_answer": 1_000}, Refused, id="too large"),
        pytest.param({"longest_answer": 0.0}, Retryable, id="too slow as a whole"),
    ],
)
def test_an_answer_without_measure_is_not_read_to_its_end(
    options: dict[str, float], kind: type[SyncError]
) -> None:
    with connected(ENDLESS, **options) as (transport, _), pytest.raises(kind):
        transport.send(READ)


def a_dead_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_nobody_there() -> None:
    http = open_http(a_dead_address(), ApiToken("a", "b"), Options(LOCAL))
    with JiraTransport(http) as transport, pytest.raises(Retryable) as raised:
        transport.send(CREATE)
    assert type(raised.value) is Unreached
