"""A fresh site for each test, and short ways to make things on it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from helpers.jira_caller import Api, Asked, api_of
from helpers.jira_document import document

from jirasim.clock import VirtualClock
from jirasim.http.app import assemble
from jirasim.seed import make_state
from jirasim.site.events import Event
from jirasim.site.model import User
from jirasim.site.state import Site

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
Make = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def asked() -> Asked:
    return set()


@pytest.fixture
def api(asked: Asked) -> Iterator[Api]:
    """The service account on an empty site whose clock stands still."""
    clock = VirtualClock()
    clock.set(NOW, freeze=True)
    site = Site(make_state(seed=7, issues=0, now=NOW), clock, base_url="http://jira.test")
    controls = assemble(site)
    yield api_of(controls, document(), asked)
    controls.sender.close()


@pytest.fixture
def site(api: Api) -> Site:
    return api.site


@pytest.fixture
def people(site: Site) -> list[User]:
    return list(site.people())


@pytest.fixture
def events(site: Site) -> list[Event]:
    """Everything that happens from now on."""
    found: list[Event] = []
    site.subscribe(found.append)
    return found


@pytest.fixture
def make(api: Api) -> Make:
    """Make an issue; returns what the create answered."""

    def made(summary: str = "A task", **fields: Any) -> dict[str, Any]:
        plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": summary}
        reply = api.post("/issue", {"fields": {**plain, **fields}})
        assert reply.status == 201, reply.text
        return reply.json

    return made
