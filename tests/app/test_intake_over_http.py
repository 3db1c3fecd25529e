"""The server process itself, delivered to over sockets from many sides while others write."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest
from helpers.databases import process_environment
from helpers.delivered import Receiver, a_receiver, told

from duolog.sync.discovery.intake import LARGEST_BODY
from duolog.work.models import Lane

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(180),
]
SENDERS = 20
PATIENCE = 120.0


@pytest.fixture
def receiver() -> Receiver:
    return a_receiver(issues=10)


@pytest.fixture
def port(receiver: Receiver) -> Iterator[int]:
    """Where the server of this test answers; its database is the test's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    command = [
        sys.executable, "-W", "ignore", "-m", "granian", "--interface", "wsgi",
        "--port", str(free), "--blocking-threads", "10", "duolog.app.wsgi:application",
    ]  # fmt: skip
    with subprocess.Popen(
        command, env=process_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(free)
            yield free
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    pause, ends_at = threading.Event(), time.monotonic() + PATIENCE
    while time.monotonic() < ends_at:
        with contextlib.suppress(OSError):
            asked = HTTPConnection("127.0.0.1", port, timeout=5)
            with contextlib.closing(asked):
                asked.request("GET", "/health/live")
                asked.getresponse().read()
            return
        pause.wait(0.05)
    raise TimeoutError(f"nothing answers on port {port}")


def post(
    http: HTTPConnection, receiver: Receiver, body: bytes | Iterable[bytes], **headers: str
) -> int:
    http.request("POST", receiver.path, body, headers)
    answer = http.getresponse()
    answer.read()
    return answer.status


def test_from_twenty_sides_while_others_write_all_is_kept_and_marked(
    receiver: Receiver, port: int
) -> None:
    shots = [(told(issue), f"http-{n}") for n, issue in enumerate(receiver.issues * 40)]

    def send(mine: list[tuple[bytes, str]]) -> Counter[int]:
        http = HTTPConnection("127.0.0.1", port, timeout=60)
        with contextlib.closing(http):
            return Counter(
                post(http, receiver, body, **receiver.signed(body, name)) for body, name in mine
            )

    with ThreadPoolExecutor(SENDERS) as pool:
        parts = [pool.submit(send, shots[n::SENDERS]) for n in range(SENDERS)]
        while not all(part.done() for part in parts):
            Lane.objects.update(max_inflight=4)
    assert sum((part.result() for part in parts), Counter()) == {202: len(shots)}
    assert receiver.kept() == len(shots)
    assert [receiver.marks(issue) for issue in receiver.issues] == [40] * 10


def test_a_body_in_chunks_is_taken_and_one_without_end_is_not(
    receiver: Receiver, port: int
) -> None:
    body = told(receiver.issues[0])
    http = HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(http):
        pieces = (body[start : start + 100] for start in range(0, len(body), 100))
        assert post(http, receiver, pieces, **receiver.signed(body)) == 202
    assert receiver.marks(receiver.issues[0]) == 1
    http = HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(http), contextlib.suppress(ConnectionError):
        endless = (b"x" * 1_000_000 for _ in range(LARGEST_BODY // 1_000_000 + 20))
        assert post(http, receiver, endless) == 413
    http = HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(http):
        assert post(http, receiver, body, **receiver.signed(body)) == 202
