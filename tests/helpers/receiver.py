"""Takes webhook requests over HTTP and hands them to the intake, as the server process does."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.db import connections

from duolog.connections.webhooks import find_by_hash
from duolog.sync.discovery.intake import NO_SUCH_HASH, Receipt, receive


def take_in(name: str, headers: Mapping[str, str], body: bytes) -> Receipt:
    """What a delivery to the address that ends in this hash is answered."""
    connection = find_by_hash(name)
    return NO_SUCH_HASH if connection is None else receive(connection, headers, body)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 0.5  # a kept connection must not outlive the test

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            receipt = take_in(self.path.rpartition("/")[2], headers, body)
        finally:
            connections.close_all()
        self.send_response(receipt.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def receiving() -> Iterator[str]:
    """The address under which webhooks are taken in, until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
