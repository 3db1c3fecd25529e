"""A workplace with a team, and the API as its owner uses it.

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
    """The simulated Jira, without counted calls or faults."""
    settings.ALLOW_PRIVATE_HOSTS = True  # it is on loopback
    _simulator.reset()
    return _simulator


@pytest.fixture
def team(db: None) -> Any:
    """The team of a new workplace."""
    return import_module("helpers.builders").a_team()


@pytest.fixture
def owner(team: Any) -> Any:
    """Who made that workplace."""
    return import_module("helpers.builders").the_owner(team.workplace)


@pytest.fixture
def rest(owner: Any) -> Any:
    """The API with the owner's token."""
    return import_module("helpers.rest").rest_of(owner)
