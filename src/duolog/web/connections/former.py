"""What waits for a site that was disconnected.  Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from duolog.connections.models import Connection
from duolog.connections.queries import list_disconnected
from duolog.people.models import Workplace
from duolog.sync.shown.overview import shared_over
from duolog.web.connections.ways_in import Entered, place_query


@dataclass(frozen=True, slots=True)
class Former:
    """A site that is no longer connected, the teams that wait for it, and the way back."""

    connection: Connection
    names: tuple[str, ...]
    links: int
    query: str


def list_former(workplace: Workplace) -> tuple[Former, ...]:
    """Every disconnected site, latest first."""
    return tuple(_former(each) for each in list_disconnected(workplace))


def _former(connection: Connection) -> Former:
    shared = shared_over(connection)
    known = Entered(connection.deployment, connection.base_url, connection.method)
    return Former(
        connection=connection,
        names=tuple(each.name for each in shared),
        links=sum(each.links for each in shared),
        query=place_query(known, method=connection.method),
    )
