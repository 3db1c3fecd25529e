"""What pages, API and command line show of connections.  Changes nothing, asks Jira nothing."""

from __future__ import annotations

from collections.abc import Sequence

from duolog.connections.models import Connection, ConnectionKind, Health
from duolog.people.errors import NotFound
from duolog.people.models import Workplace


def list_connections(workplace: Workplace) -> Sequence[Connection]:
    """The service accounts of a workplace that have not been disconnected, oldest first."""
    rows = Connection.objects.filter(workplace=workplace, kind=ConnectionKind.WORKPLACE)
    return list(rows.exclude(health=Health.ENDED).order_by("pk"))


def get_connection(workplace: Workplace, connection_id: int) -> Connection:
    """One of them.  Raises NotFound."""
    for connection in list_connections(workplace):
        if connection.pk == connection_id:
            return connection
    raise NotFound("There is no such connection in this workplace.")


def list_every_connection() -> Sequence[Connection]:
    """Those of all workplaces that were not removed, for the operator of the installation."""
    return list(Connection.objects.exclude(health=Health.ENDED).order_by("pk"))
