"""The baseline of the intake: an endpoint under the same server that inserts one row and answers."""

import hashlib
import os
from collections.abc import Callable, Iterable
from typing import Any

import django
from django.db import connection
from granian.constants import Interfaces
from granian.server import Server

TABLE = "bench_delivery"
CREATE = f"CREATE TABLE IF NOT EXISTS {TABLE} (identifier varchar(128) PRIMARY KEY, size integer)"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI: read the body, insert its digest and size, answer 202."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    identifier = (
        environ.get("HTTP_X_ATLASSIAN_WEBHOOK_IDENTIFIER") or hashlib.sha256(body).hexdigest()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} VALUES (%s, %s)", [identifier, len(body)])
    start_response("202 Accepted", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]


def main() -> None:
    """Serve it like Duolog is served: one process, as many threads."""
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
    connection.close()
    Server(
        "bench.bare:application", address="127.0.0.1", port=int(os.environ["BENCH_BARE_PORT"]),
        interface=Interfaces.WSGI, workers=1, blocking_threads=10, backpressure=64,
        websockets=False, log_access=False, log_enabled=False,
    ).serve()  # fmt: skip


if __name__ == "__main__":
    main()
