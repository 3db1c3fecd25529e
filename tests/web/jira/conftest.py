"""A real simulated Jira for the pages, and visitors of a workplace connected with it.

This module is read before Django is set up, so what needs Django is loaded when it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from helpers.jirasim import Jira, running_jirasim


@pytest.fixture(scope="session")
def _simulator() -> Iterator[Jira]:
    with running_jirasim() as jira:
        yield jira


@pytest.fixture
def jira(_simulator: Jira, settings: Any) -> Jira:
    """The simulated Jira, its faults gone."""
    settings.ALLOW_PRIVATE_HOSTS = True  # it is on loopback
    _simulator.reset()
    return _simulator


@pytest.fixture
def bound(jira: Jira, transactional_db: None) -> Iterator[Any]:
    """A workplace connected with it, its team not yet linked."""
    with import_module("helpers.bound").a_bound_team(jira) as bound:
        yield bound


@pytest.fixture
def admin(bound: Any) -> Any:
    """Signed in as the owner of that workplace."""
    return import_module("web.visitors").signed_in(bound.owner)


@pytest.fixture
def plain(bound: Any) -> Any:
    """Signed in as a member who is no admin."""
    return import_module("web.visitors").signed_in(bound.maya)


@pytest.fixture
def reader(bound: Any) -> Any:
    """Signed in as a guest of that workplace."""
    return import_module("web.visitors").a_guest(bound.workplace)
