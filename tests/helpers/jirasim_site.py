"""A simulated site within the process, whose clock stands still."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from jirasim.clock import VirtualClock
from jirasim.http.admin.sim import Controls
from jirasim.http.app import assemble
from jirasim.seed import make_state
from jirasim.site.product import Product
from jirasim.site.state import Site

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@contextmanager
def fresh_site(product: Product, *, issues: int = 0) -> Iterator[Controls]:
    """Of the seed that the tests know, with its service account and people."""
    clock = VirtualClock()
    clock.set(NOW, freeze=True)
    state = make_state(seed=7, issues=issues, now=NOW, product=product)
    controls = assemble(Site(state, clock, base_url="http://jira.test"))
    yield controls
    controls.sender.close()
