"""Starts Django on the chosen database, once per session, unless only pure tests are asked for."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.db import connections
from helpers.databases import chosen, make_migrated, session_environment
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

PURE = ("core", "jira", "jirasim")
"""Folders whose tests know neither Django nor a database."""

_session = contextlib.ExitStack()

_SLOW_MACHINE = [HealthCheck.too_slow]
for _profile, _examples in {"dev": 50, "ci": 1_000, "nightly": 20_000}.items():
    hypothesis_settings.register_profile(
        _profile, max_examples=_examples, deadline=None, suppress_health_check=_SLOW_MACHINE
    )
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Golden files are written only when asked for."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the environment before pytest-django reads the settings.

    The workers of xdist inherit it, and with it the one server. Processes that tests start take
    Duolog's own settings.
    """
    if _is_pure(config):
        return
    if not hasattr(config, "workerinput"):
        os.environ |= _session.enter_context(session_environment(chosen(os.environ)))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_SETTINGS_MODULE", "helpers.settings")
        django.setup()


def pytest_unconfigure() -> None:
    """Stop the server and remove the files of this session."""
    _session.close()


def _is_pure(config: pytest.Config) -> bool:
    here = Path(__file__).parent
    asked = [Path(argument.split("::")[0]).resolve() for argument in config.args]
    return all(
        path != here and path.is_relative_to(here) and path.relative_to(here).parts[0] in PURE
        for path in asked
    )


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Have pytest-django take the database that `django_db_modify_db_settings` made."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make a database for each xdist worker; SQLite's in a file, as threads and processes need it."""
    database = settings.DATABASES["default"]
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    name = f"{database['NAME']}.{worker}.test"
    database.setdefault("TEST", {})["NAME"] = name
    make_migrated(name)
    yield
    connections.close_all()
