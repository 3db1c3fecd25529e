"""A member's own time as if it had been read: connections, issues, worklogs.  Asks no Jira."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from duolog.connections.models import Connection, ConnectionKind, Deployment, Method
from duolog.connections.seal import seal
from duolog.people.models import Member
from duolog.work.lanes import ensure_lane
from duolog.worklogs.models import JiraIssue, OwnWorklog, ReadRange
from duolog.worklogs.own.zones import zone_of

_numbers: Final = itertools.count(10_000)


def a_connection(
    member: Member, label: str = "Fernhill Cloud", *, zone: str = "UTC", **fields: Any
) -> Connection:
    """A personal connection to a site that is not there."""
    number = next(_numbers)
    made = Connection.objects.create(
        workplace=member.workplace,
        kind=ConnectionKind.PERSONAL,
        member=member,
        label=label,
        deployment=fields.pop("deployment", Deployment.CLOUD),
        base_url=f"http://127.0.0.1:9/{number}",
        method=Method.API_TOKEN,
        email="me@example.com",
        sealed_secret=seal("secret"),
        account_id=f"account-{number}",
        account_name=member.name,
        time_zone=zone,
        **fields,
    )
    ensure_lane(made.lane, max_inflight=2)
    return made


def an_issue(connection: Connection, key: str = "FHP-418", summary: str = "Retry it") -> JiraIssue:
    """An issue that was seen over the connection."""
    project = key.partition("-")[0]
    return JiraIssue.objects.create(
        connection=connection,
        issue_id=str(next(_numbers)),
        key=key,
        summary=summary,
        type_name="Task",
        project_key=project,
        project_name=f"Project {project}",
    )


def a_worklog(
    issue: JiraIssue, day: date, clock: str = "09:00", seconds: int = 3600, **fields: Any
) -> OwnWorklog:
    """A worklog that Jira has, begun at this time by UTC's clocks."""
    started = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)
    return OwnWorklog.objects.create(
        connection=issue.connection,
        issue=issue,
        jira_id=str(next(_numbers)),
        started_at=started,
        seconds=seconds,
        **fields,
    )


def read_whole(member: Member, first: date, last: date) -> None:
    """Have the days of all connections known as read whole, just now."""
    now = timezone.now()
    for connection in Connection.objects.filter(member=member):
        ReadRange.objects.update_or_create(
            connection=connection,
            first=first,
            last=last,
            zone=zone_of(member),
            defaults={"asked_at": now - timedelta(seconds=1), "tried_at": now, "read_at": now},
        )
