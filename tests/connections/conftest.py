"""A real jirasim for the tests of connections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from helpers.jirasim import Jira, running_jirasim


@pytest.fixture(scope="session")
def _simulator() -> Iterator[Jira]:
    with running_jirasim() as jira:
        yield jira


@pytest.fixture
def jira(_simulator: Jira, settings: Any) -> Jira:
    """The simulated Jira, without faults."""
    settings.ALLOW_PRIVATE_HOSTS = True  # it is on loopback
    _simulator.reset()
    return _simulator
