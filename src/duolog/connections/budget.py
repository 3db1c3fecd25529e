"""How much of what a site lets through is in use, as far as Jira tells.  Reads counts only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from duolog.connections.models import Connection, Deployment, Method
from duolog.connections.pacing import closed_for
from duolog.connections.traffic import Traffic, traffic_of

POINTS_AN_HOUR: Final = 65_000
"""What all sites together may cost an OAuth app in an hour (jira.md 3.2); a call is one at least."""
BURST_A_MINUTE: Final = 100 * 60
"""What Cloud refills per minute for reading; tokens have no budget by the hour."""
NEAR: Final = 0.8
"""Jira says that it is near when less than a fifth is left."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The last hour: calls, how many Jira put off, and the share in use; None where unknown.

    `closed_for` is for how many seconds yet Jira asked to be left alone.
    """

    calls: int
    put_off: int
    share: float | None
    closed_for: float = 0.0

    @property
    def closed_minutes(self) -> int:
        """The same in minutes begun."""
        return math.ceil(self.closed_for / 60)


def budget_of(connection: Connection) -> Budget:
    """How a connection stands with the limits of its site."""
    traffic = traffic_of(connection.pk)
    return Budget(
        traffic.calls, traffic.put_off, share_in_use(connection, traffic), closed_for(connection.pk)
    )


def share_in_use(connection: Connection, traffic: Traffic) -> float | None:
    """The greatest share that is known of, at most 1; a Server tells nothing before it refuses."""
    if traffic.put_off:
        return 1.0
    shares = [NEAR] if traffic.near_limit else []
    if connection.method == Method.OAUTH:
        shares.append(traffic.calls / POINTS_AN_HOUR)
    elif connection.deployment == Deployment.CLOUD:
        shares.append(traffic.busiest_minute / BURST_A_MINUTE)
    return min(1.0, max(shares)) if shares else None
