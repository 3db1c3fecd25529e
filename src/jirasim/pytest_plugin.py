"""The fixture `jira_site`: a running simulator for each test, as a pytest plugin.

Every run of pytest loads this, so that the simulator is imported only where a test asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from jirasim.testing import JiraSite

MARK = (
    "jira_site(deployment='cloud', version='', context='', seed=1, issues=0, worklogs=0, users=0)"
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", f"{MARK}: how the simulated Jira of a test is made")


@pytest.fixture
def jira_site(request: pytest.FixtureRequest) -> Iterator[JiraSite]:
    """A site of its own for this test, as its mark `jira_site` says, else an empty Cloud one."""
    mark = request.node.get_closest_marker("jira_site")
    testing = import_module("jirasim.testing")
    with testing.running_site(**(mark.kwargs if mark is not None else {})) as site:
        yield site
