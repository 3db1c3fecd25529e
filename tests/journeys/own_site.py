"""Connects a person of the journeys to a simulated Jira; imported where Django is set up."""

from __future__ import annotations

from journeys.site import fill

from duolog.connections.services import NewConnection, close_clients, connect
from duolog.people.models import Member, Role


def fill_own(address: str, email: str, token: str) -> None:
    """The usual workplace, and Maya's own connection."""
    fill()
    maya = Member.objects.select_related("workplace", "user").get(role=Role.OWNER)
    maya.user.zone = "Europe/Berlin"
    maya.user.save()
    connect(maya, NewConnection(address, email, token, kind="personal", label="Fernhill Cloud"))
    close_clients()
