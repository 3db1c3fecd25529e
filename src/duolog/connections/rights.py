"""Whose a connection is: the one place that says who may see and use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from duolog.connections.models import Connection, ConnectionKind
from duolog.people.errors import NotFound
from duolog.people.models import Member
from duolog.people.rights import Right, require

RIGHT_FOR: Final[Mapping[str, Right]] = {
    ConnectionKind.WORKPLACE: Right.CONNECT,
    ConnectionKind.PERSONAL: Right.CONNECT_SELF,
}
"""What one needs to make, change or end a connection of each kind."""


def require_use(by: Member, connection: Connection) -> None:
    """Raise unless `by` may change the connection, and have Jira asked over it.

    A personal connection is its member's alone: to everybody else, an owner too, it is not there.
    """
    if not is_in_sight(by, connection):
        raise NotFound("There is no such connection in this workplace.")
    require(by, RIGHT_FOR[connection.kind])


def is_in_sight(by: Member, connection: Connection) -> bool:
    """Whether the connection is the workplace's, or the member's own."""
    if connection.workplace_id != by.workplace_id:
        return False
    return connection.kind == ConnectionKind.WORKPLACE or connection.member_id == by.pk
