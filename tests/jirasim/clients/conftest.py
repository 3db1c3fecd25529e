"""Running simulators of both products and several versions, and two clients from PyPI on each."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import pytest
from atlassian import Jira
from jira import JIRA

from jirasim.clock import VirtualClock
from jirasim.running import Simulator
from jirasim.seed import make_state
from jirasim.site.model import User
from jirasim.site.product import CLOUD, Deployment, Product

ISSUES = 60
NUMBERS = count(1)


def server(*version: int, context: str = "") -> Product:
    return Product(Deployment.SERVER, (*version, 0, 0)[:3], context=context)


PRODUCTS = {
    "cloud": CLOUD,
    "10.3": server(10, 3, 24, context="/jira"),
    "9.12": server(9, 12),
    "8.17": server(8, 17, 1),
}


@dataclass(frozen=True)
class Place:
    """A running simulator and who is who there."""

    simulator: Simulator

    @property
    def product(self) -> Product:
        return self.simulator.site.product

    @property
    def url(self) -> str:
        return self.simulator.site.base_url

    @property
    def admin(self) -> User:
        state = self.simulator.site.state
        return state.users[state.service_account]

    def person(self, index: int = 0) -> User:
        state = self.simulator.site.state
        return state.users[state.people[index]]

    def name(self, user: User) -> str:
        """What a client calls a person by: account id, or login name."""
        return user.account_id if self.product.cloud else user.name

    def reference(self, user: User) -> dict[str, str]:
        return {("accountId" if self.product.cloud else "name"): self.name(user)}

    def token(self, user: User) -> str:
        tokens = self.simulator.site.state.tokens.values()
        return next(one.secret for one in tokens if one.account_id == user.account_id)

    def pycontribs(self, user: User, *, by_password: bool = False) -> JIRA:
        if self.product.cloud:
            return JIRA(self.url, basic_auth=(user.email, self.token(user)), max_retries=0)
        if by_password:
            secret = self.simulator.site.state.passwords[user.account_id]
            return JIRA(self.url, basic_auth=(user.name, secret), max_retries=0)
        return JIRA(self.url, token_auth=self.token(user), max_retries=0)

    def atlassian(self, user: User, *, by_password: bool = False) -> Jira:
        if self.product.cloud:
            return Jira(self.url, username=user.email, password=self.token(user), cloud=True)
        if by_password:
            secret = self.simulator.site.state.passwords[user.account_id]
            return Jira(self.url, username=user.name, password=secret, cloud=False)
        return Jira(self.url, token=self.token(user), cloud=False)


@contextmanager
def running(product: Product) -> Iterator[Place]:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    found = Simulator(make_state(seed=11, issues=ISSUES, now=now, product=product), VirtualClock())
    thread = threading.Thread(target=found.serve)
    thread.start()
    yield Place(found)
    found.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def places() -> Iterator[Callable[[str], Place]]:
    """Each kind of site is started when it is first asked for."""
    started: dict[str, Place] = {}
    with ExitStack() as stack:

        def place(name: str) -> Place:
            if name not in started:
                started[name] = stack.enter_context(running(PRODUCTS[name]))
            return started[name]

        yield place


@pytest.fixture(params=PRODUCTS)
def place(request: pytest.FixtureRequest, places: Callable[[str], Place]) -> Place:
    return places(request.param)


@pytest.fixture
def pycontribs(place: Place) -> Iterator[JIRA]:
    """The administrator: by API token on Cloud, by PAT on 10.3, by password on older ones."""
    client = place.pycontribs(place.admin, by_password=place.product.version < (10,))
    yield client
    client.close()


@pytest.fixture
def atlassian(place: Place) -> Iterator[Jira]:
    with place.atlassian(place.admin, by_password=place.product.version < (10,)) as client:
        yield client


@pytest.fixture
def word() -> str:
    """Names nobody else has."""
    return f"W{next(NUMBERS)}"
