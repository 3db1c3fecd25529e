"""A member with their own connection to a simulated Jira, and two issues to log time on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from helpers.builders import a_member, a_workplace
from helpers.jirasim import Account, Jira

from duolog.connections.models import Connection, ConnectionKind, Method
from duolog.connections.services import NewConnection, close_clients, connect
from duolog.people.models import Member, Workplace
from duolog.sync.handlers import HANDLERS
from duolog.work.queue import release_leases
from duolog.worker.attempt import run_until_idle
from duolog.worklogs.models import OwnWorklog
from duolog.worklogs.own.refreshing import ask_to_refresh
from duolog.worklogs.own.services import NewOwn, log

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONGEST_LAG = 300.0


@dataclass
class OwnTime:
    """Who logs time, over which connection, on which issues (ids)."""

    jira: Jira
    workplace: Workplace
    member: Member
    connection: Connection
    issue: str
    other: str

    def log(self, seconds: int | str = 3600, comment: str = "", *, later: int = 0) -> OwnWorklog:
        """Log time on the first issue; it is stored, not yet sent."""
        new = NewOwn(started=NINE + timedelta(hours=later), seconds=seconds, comment=comment)
        return log(self.member, self.connection.pk, self.issue, new)

    def saved(self, seconds: int | str = 3600, comment: str = "", *, later: int = 0) -> OwnWorklog:
        """Log time on the first issue, and have it in Jira."""
        row = self.log(seconds, comment, later=later)
        self.run()
        return again(row)

    def run(self, *, within: float = 0) -> int:
        """Run all that is due."""
        return run_until_idle(HANDLERS, within=within)

    def after_restart(self) -> None:
        """What a new process does: free what the dead one held, then all that is due."""
        release_leases()
        self.run(within=LONGEST_LAG)

    def refresh(self) -> None:
        """Have what was done in Jira itself read."""
        ask_to_refresh(self.member, NINE.date(), NINE.date(), at_once=True)
        self.run()

    def there(self, issue: str = "", *, by: int = 0) -> list[dict[str, Any]]:
        """The worklogs of an issue, the first where none is named, as one of its people sees them."""
        path = f"issue/{issue or self.issue}/worklog"
        told = self.jira.ask("GET", path, by=self.jira.people[by])["worklogs"]
        return sorted(told, key=lambda each: int(each["id"]))

    def seconds_there(self, issue: str = "") -> list[int]:
        """How long those last."""
        return [each["timeSpentSeconds"] for each in self.there(issue)]

    def fault(self, method: str, path: str, fault: str, **more: Any) -> None:
        """Have the next matching call fail."""
        match = {"method": method, "path": path}
        self.jira.sim("POST", "faults", [{"match": match, "fault": fault, "times": 1, **more}])


def again(row: OwnWorklog) -> OwnWorklog:
    """The row as it is now."""
    return OwnWorklog.objects.select_related("connection", "issue__connection").get(pk=row.pk)


def connect_own(member: Member, jira: Jira, account: Account | None = None) -> Connection:
    """The member's own connection, as one of the site's people."""
    who = account or jira.people[0]
    return connect(
        member,
        NewConnection(
            kind=ConnectionKind.PERSONAL,
            address=jira.url,
            deployment=jira.deployment,
            method=Method.API_TOKEN if jira.is_cloud else Method.PAT,
            email=who.email,
            secret=who.api_token,
        ),
    )


@contextlib.contextmanager
def own_time(
    jira: Jira, member: Member | None = None, *, account: Account | None = None
) -> Iterator[OwnTime]:
    """A member connected as the first person of the site, or another, and two new issues."""
    jira.new_project()
    jira.reset()
    member = member or a_member(a_workplace(), name="Maya Lind")
    connection = connect_own(member, jira, account)
    issue, other = jira.create("First"), jira.create("Second")
    try:
        yield OwnTime(jira, member.workplace, member, connection, issue, other)
    finally:
        close_clients()


@contextlib.contextmanager
def without_permission(jira: Jira, permission: str) -> Iterator[None]:
    """Nobody has this permission in the project."""
    place = f"project/{jira.project_key}/permissionscheme"
    usual = jira.ask("GET", f"{place}?expand=permissions", by=jira.service)
    left = [
        {"permission": each["permission"], "holder": each["holder"]}
        for each in usual["permissions"]
        if each["permission"] != permission
    ]
    scheme = {"name": f"Without {permission}", "permissions": left}
    made = jira.ask("POST", "permissionscheme", scheme, by=jira.service)
    jira.ask("PUT", place, {"id": made["id"]}, by=jira.service)
    try:
        yield
    finally:
        jira.ask("PUT", place, {"id": usual["id"]}, by=jira.service)
        jira.ask("DELETE", f"permissionscheme/{made['id']}", by=jira.service)
