"""A running simulator in the hands of a test."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from jirasim.clock import VirtualClock
from jirasim.greeting import greeting
from jirasim.running import Simulator
from jirasim.seed import make_state
from jirasim.site.product import read_product


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
        """One call of the admin API below `/_sim/`, such as `POST` of `faults`."""
        content = None if body is None else json.dumps(body)
        with closing(HTTPConnection(urlsplit(self.url).netloc, timeout=10)) as connection:
            connection.request(method, f"/_sim/{path}", content)
            return json.loads(connection.getresponse().read())


@contextmanager
def running_site(
    *, deployment: str = "cloud", version: str = "", context: str = "", **seed: int
) -> Iterator[JiraSite]:
    """A new site on a free port, until the end of the block.

    `seed` are `seed`, `issues`, `worklogs` and `users`.  Raises NoSuchProduct for a wrong version.
    """
    clock = VirtualClock()
    numbers = {"seed": 1, "issues": 0, **seed}
    product = read_product(deployment, version, context)
    simulator = Simulator(make_state(now=clock(), product=product, **numbers), clock)
    thread = threading.Thread(target=simulator.serve, name="jirasim")
    thread.start()
    try:
        yield JiraSite(greeting(simulator.site), simulator)
    finally:
        simulator.stop()
        thread.join()
