"""A seeded site on a frozen clock, and somebody who receives webhooks on loopback."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from jirasim.clock import VirtualClock
from jirasim.seed import make_state
from jirasim.site.state import Site
from jirasim.webhooks.sender import Sender

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Receiver:
    """Answers with the statuses of its plan, then 200; None hangs up."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.plan: list[int | None] = []
        self.lock = threading.Lock()
        self.together = 0
        self.most_together = 0
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.url = ""

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int | None:
        with self.lock:
            self.together += 1
            self.most_together = max(self.most_together, self.together)
        self.entered.set()
        self.gate.wait(5)
        with self.lock:
            self.together -= 1
            self.got.append((path, headers, body))
            return self.plan.pop(0) if self.plan else 200


def handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take(self.path, dict(self.headers), body)
            if status is None:
                self.close_connection = True
                return
            self.wfile.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    server = Server(("127.0.0.1", 0), handler(found))
    found.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield found
    found.gate.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock() -> VirtualClock:
    found = VirtualClock()
    found.set(NOW, freeze=True)
    return found


@pytest.fixture
def sender(clock) -> Iterator[Sender]:
    found = Sender(clock, seed=7)
    yield found
    found.close()


@pytest.fixture
def site(clock) -> Site:
    return Site(make_state(seed=1, issues=0, now=clock()), clock, base_url="https://x.example")
