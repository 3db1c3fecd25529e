"""How time on an item reaches its issue as the member's own worklog, where they have a way there."""

from __future__ import annotations

from dataclasses import dataclass

from duolog.connections.models import Connection, Health
from duolog.connections.queries import list_personal
from duolog.core.errors import SyncError
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.sync.binding.services import look_now
from duolog.sync.models import Link
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.models import OwnWorklog
from duolog.worklogs.own.services import Act, How, NewOwn, log, settled


@dataclass(frozen=True, slots=True)
class OwnWay:
    """The member's own connection to the site of an item's issue."""

    connection: Connection
    link: Link
    issue_id: str

    def log(self, member: Member, new: NewWorklog, act: Act) -> OwnWorklog | None:
        """The worklog as the member's own; None where their account does not reach the issue.

        Raises Invalid for what was typed.
        """
        told = NewOwn(started=new.started, seconds=new.seconds, comment=new.comment)
        try:
            made = log(member, self.connection.pk, self.issue_id, told, How(act=act))
        except SyncError:
            return None
        except Invalid as invalid:
            if "issue" in invalid.errors:
                return None
            raise
        (row,) = settled([made])
        look_now(member, self.link)
        return row


def own_way(member: Member, link: Link | None) -> OwnWay | None:
    """The way, where what is written in Jira also comes here.

    Where the connection may write in the member's name, what is logged here already becomes their
    own worklog there; then there is no need of another way.
    """
    if link is None or link.issue_id is None or link.ended_at is not None:
        return None
    if not link.binding.is_two_way:
        return None
    site = link.binding.connection.base_url
    mine = (each for each in list_personal(member) if each.base_url == site)
    connection = next(mine, None)
    if connection is None or connection.health != Health.CONNECTED:
        return None
    if connection.writes_in_my_name:
        return None
    return OwnWay(connection, link, link.issue_id)
