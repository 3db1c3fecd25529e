"""The fixture `jira_site`: a running simulator for each test, as a pytest plugin.

Nothing of the simulator is imported before a test asks for it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

if TYPE_CHECKING:
    from jirasim.running import Simulator

MARK = (
    "jira_site(deployment='cloud', version='', context='', seed=1, issues=0, worklogs=0, users=0)"
)


@dataclass(frozen=True, slots=True)
class JiraSite:
    """A simulator that answers at `url` until the test is over.

    `ready` is what `python -m jirasim` prints: addresses, accounts and their credentials.
    """

    ready: Mapping[str, Any]
    simulator: Simulator

    @property
    def url(self) -> str:
        """The base address, with the context path if there is one."""
        return str(self.ready["url"])

    @property
    def email(self) -> str:
        """Of the service account, an administrator."""
        return str(self.ready["email"])

    @property
    def api_token(self) -> str:
        """Of the service account; on Server a personal access token."""
        return str(self.ready["api_token"])

    def calls(self) -> dict[str, int]:
        """Calls since the start, by operation, such as `GET /rest/api/3/issue/{id}`."""
        return self.simulator.controls.calls.counts()

    def sim(self, method: str, path: str, body: object = None) -> Any:
        """One call of the admin API below `/_sim/`, such as `POST faults`."""
        content = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/_sim/{path}", content, method=method)  # noqa: S310
        with urlopen(request, timeout=10) as answer:  # noqa: S310  # our own address
            return json.loads(answer.read())


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", f"{MARK}: how the simulated Jira of a test is made")


@pytest.fixture
def jira_site(request: pytest.FixtureRequest) -> Iterator[JiraSite]:
    """A site of its own for this test, as its mark `jira_site` says, else an empty Cloud one."""
    mark = request.node.get_closest_marker("jira_site")
    simulator = _made(**(mark.kwargs if mark is not None else {}))
    thread = threading.Thread(target=simulator.serve, name="jirasim")
    thread.start()
    try:
        yield JiraSite(_greeting(simulator), simulator)
    finally:
        simulator.stop()
        thread.join()


def _made(
    *, deployment: str = "cloud", version: str = "", context: str = "", **seed: int
) -> Simulator:
    from jirasim.clock import VirtualClock  # noqa: PLC0415
    from jirasim.running import Simulator  # noqa: PLC0415
    from jirasim.seed import make_state  # noqa: PLC0415
    from jirasim.site.product import read_product  # noqa: PLC0415

    clock = VirtualClock()
    product = read_product(deployment, version, context)
    numbers = {"seed": 1, "issues": 0, **seed}
    return Simulator(make_state(now=clock(), product=product, **numbers), clock)


def _greeting(simulator: Simulator) -> dict[str, object]:
    from jirasim.greeting import greeting  # noqa: PLC0415

    return greeting(simulator.site)
