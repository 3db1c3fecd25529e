"""A real jirasim for the tests of the engine, and a team bound to one of its projects.

Cloud for all suites.  Those marked with `both_deployments` meet Server with SQLite and Cloud with
PostgreSQL, as what differs between deployments never meets the database; those that know no
database, and so run once, meet both.
This module is read before Django is set up, so what needs Django is loaded when it is used.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from helpers.databases import chosen
from helpers.jirasim import Jira, running_jirasim

MET = {"sqlite": "server", "postgresql": "cloud"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked for both deployments on each of them."""
    marked = metafunc.definition.get_closest_marker
    if "jira" in metafunc.fixturenames and marked("both_deployments"):
        met = [MET[chosen(os.environ)]] if marked("database") else sorted(MET.values())
        metafunc.parametrize("jira", met, indirect=True)


@pytest.fixture(scope="session")
def _simulators() -> Iterator[Callable[[str], Jira]]:
    """One simulator for each deployment, started when it is first wanted."""
    running: dict[str, Jira] = {}
    with contextlib.ExitStack() as stack:

        def of(deployment: str) -> Jira:
            if deployment not in running:
                options = ("--deployment", deployment)
                running[deployment] = stack.enter_context(running_jirasim(*options))
            return running[deployment]

        yield of


@pytest.fixture
def server(_simulators: Callable[[str], Jira], settings: Any) -> Jira:
    """The simulated Server, for what is said of Server alone."""
    settings.ALLOW_PRIVATE_HOSTS = True
    simulator = _simulators("server")
    simulator.reset()
    return simulator


@pytest.fixture
def jira(request: Any, _simulators: Callable[[str], Jira], settings: Any) -> Jira:
    """The simulated Jira; its calls are counted from here on, its faults are gone."""
    settings.ALLOW_PRIVATE_HOSTS = True  # it is on loopback
    simulator = _simulators(getattr(request, "param", "cloud"))
    simulator.reset()
    return simulator


@pytest.fixture
def bound(jira: Jira) -> Iterator[Any]:
    """A `Bound`: a workplace connected with the simulator, its team not yet bound."""
    with import_module("helpers.bound").a_bound_team(jira) as bound:
        yield bound
