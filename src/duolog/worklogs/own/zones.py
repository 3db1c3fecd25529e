"""By which clocks a person's days begin."""

from __future__ import annotations

from typing import Final

from duolog.connections.models import Connection
from duolog.connections.queries import list_personal
from duolog.core.worklog_days import Days, same_days
from duolog.core.worklogs import UnknownZone, read_zone
from duolog.people.models import Member

UNSAID: Final = "UTC"
"""Where neither the person nor Jira says which clocks are theirs."""


def zone_of(member: Member) -> str:
    """The name of the zone that decides for which day the member's worklogs count."""
    return member.user.zone or usual_zone(member)


def usual_zone(member: Member) -> str:
    """The zone of those who chose none: that of their oldest account in Jira."""
    told = (each.time_zone for each in list_personal(member))
    return next((name for name in told if _is_known(name)), UNSAID)


def differs(connection: Connection, days: Days) -> bool:
    """Whether Jira's pages count these days of the account by other clocks."""
    name = connection.time_zone
    return _is_known(name) and not same_days(days, read_zone(name))


def _is_known(name: str) -> bool:
    try:
        read_zone(name)
    except UnknownZone:
        return False
    return True
