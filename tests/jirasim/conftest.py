"""A fresh site for each test, and short ways to make things on it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from helpers.jira_caller import Api, Asked, api_of
from helpers.jira_document import SERVER, document
from helpers.jirasim_site import fresh_site

from jirasim.site.events import Event
from jirasim.site.model import User
from jirasim.site.product import CLOUD, SERVER_VERSION, Deployment, Product
from jirasim.site.state import Site

Make = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def asked() -> Asked:
    return set()


@pytest.fixture
def api(asked: Asked) -> Iterator[Api]:
    """The service account on an empty Cloud site whose clock stands still."""
    with fresh_site(CLOUD) as controls:
        yield api_of(controls, document(), asked)


@pytest.fixture
def server(asked: Asked) -> Iterator[Api]:
    """The same on Data Center 10.3, with a personal access token."""
    with fresh_site(Product(Deployment.SERVER, SERVER_VERSION)) as controls:
        yield api_of(controls, document(SERVER), asked)


@pytest.fixture(params=["cloud", "server"])
def busy(request: pytest.FixtureRequest, asked: Asked) -> Iterator[Api]:
    """Either product with 80 issues in FHP."""
    cloud = request.param == "cloud"
    product = CLOUD if cloud else Product(Deployment.SERVER, SERVER_VERSION)
    with fresh_site(product, issues=80) as controls:
        yield api_of(controls, document() if cloud else document(SERVER), asked)


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
