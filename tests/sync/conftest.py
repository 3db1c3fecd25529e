"""A real jirasim for the tests of the engine, and a team bound to one of its projects.

Cloud for all suites; those marked with `both_deployments` run on Server as well, with SQLite:
what differs between deployments never meets the database.  `test_server.py` runs with both.
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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked for both deployments on each of them."""
    if "jira" in metafunc.fixturenames and metafunc.definition.get_closest_marker(
        "both_deployments"
    ):
        with_server = chosen(os.environ) == "sqlite"
        deployments = ["cloud", "server"] if with_server else ["cloud"]
        metafunc.parametrize("jira", deployments, indirect=True)


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
