"""What a person changes of a connection without Jira being asked: its label, and when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duolog.connections import services
from duolog.connections.models import Connection, Method
from duolog.people.models import Member
from duolog.web.connections.ways_in import read_day

MAY_END: Final = frozenset({Method.API_TOKEN, Method.PAT})
"""Methods whose credential ends on a day that a person may know."""


@dataclass(frozen=True, slots=True)
class Facts:
    """As a form shows them; the day as a date field has it, empty where it is not known."""

    label: str
    expires_on: str

    @classmethod
    def of(cls, connection: Connection) -> Facts:
        """As they are."""
        end = connection.expires_at
        return cls(connection.label, end.date().isoformat() if end else "")


def change_facts(by: Member, connection: Connection, given: Facts) -> None:
    """Keep the label and, where the method has one, the day it ends.  Raises Invalid."""
    day = read_day(given.expires_on)
    is_other_day = given.expires_on != Facts.of(connection).expires_on
    services.rename(by, connection, given.label)
    if connection.method in MAY_END and is_other_day:
        services.expect_end(by, connection, day)
