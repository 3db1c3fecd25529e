"""A whole simulator on a frozen clock: in process, and on a real socket."""

import base64
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import uvicorn
from starlette.testclient import TestClient

from jirasim.clock import VirtualClock
from jirasim.http.admin.sim import Controls
from jirasim.http.app import assemble, create_app
from jirasim.seed import make_state
from jirasim.site.state import Site

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def authorization(controls: Controls, account_id: str) -> dict[str, str]:
    state = controls.site.state
    token = next(one.secret for one in state.tokens.values() if one.account_id == account_id)
    pair = f"{state.users[account_id].email}:{token}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


@pytest.fixture
def controls() -> Iterator[Controls]:
    clock = VirtualClock()
    clock.set(NOW, freeze=True)
    site = Site(make_state(seed=1, issues=5, now=clock()), clock, base_url="https://x.example")
    found = assemble(site)
    yield found
    found.sender.close()


@pytest.fixture
def client(controls) -> TestClient:
    return TestClient(create_app(controls), base_url="http://127.0.0.1", follow_redirects=False)


@pytest.fixture
def admin(controls) -> dict[str, str]:
    return authorization(controls, controls.site.state.service_account)


@pytest.fixture
def maya(controls) -> dict[str, str]:
    return authorization(controls, controls.site.state.people[0])


@pytest.fixture
def address(controls) -> Iterator[tuple[str, int]]:
    """Where the simulator listens for real."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(controls), lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()
    server.should_exit = True
    thread.join()
    listener.close()
