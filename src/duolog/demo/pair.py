"""Connects the workplace with the simulated Jira, brings both in step, logs the owner's time, and
leaves two things for a person to look at: a conflict and a held item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from duolog.connections.models import Connection, ConnectionKind, Deployment, Method
from duolog.connections.services import NewConnection, close_clients, connect
from duolog.connections.webhook_services import register
from duolog.demo.background import is_at_rest, is_idle, wait, working
from duolog.demo.content import platform
from duolog.demo.people import Cast
from duolog.demo.time import has_come, log_time
from duolog.jira.auth import AccessToken, ApiToken
from duolog.jira.client import JiraClient, open_client
from duolog.jira.dialect import DIALECTS
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import Options
from duolog.sync.binding.services import Wish, bind_team, poll_now
from duolog.sync.models import Binding, Link, LinkState
from duolog.workplace.models import Team, WorkItem
from duolog.workplace.services import update_item


def pair(cast: Cast, team: Team, jira: Mapping[str, Any]) -> tuple[Binding, str]:
    """Bind the team both ways, run until in step, and answer the binding and webhook address."""
    connection = connect(cast.owner, _credential(jira, jira, "Fernhill Jira"))
    mine = connect(
        cast.owner,
        replace(_credential(jira["people"][0], jira, "My Jira"), kind=ConnectionKind.PERSONAL),
    )
    with working():
        wait("the new items, which no binding wants yet", is_idle)
        binding = bind_team(cast.owner, team, Wish(connection, jira["project_key"]))
        wait("the first exchange", lambda: is_at_rest(binding))
        log_time(cast.owner, mine, binding)
        wait("the time that is logged", is_idle)
        poll_now(cast.owner, binding)
        wait("that time to come here", lambda: has_come(binding) and is_at_rest(binding))
        _quarrel(cast, binding, jira)
    return binding, _listen(cast, connection)


def _credential(account: Mapping[str, Any], jira: Mapping[str, Any], label: str) -> NewConnection:
    """By API token on Cloud, by personal access token on Server."""
    is_cloud = jira["deployment"] == Deployment.CLOUD
    return NewConnection(
        address=jira["url"],
        deployment=jira["deployment"],
        method=Method.API_TOKEN if is_cloud else Method.PAT,
        email=account["email"] if is_cloud else "",
        secret=account["api_token"],
        label=label,
    )


def _hands_of(person: Mapping[str, Any], jira: Mapping[str, Any]) -> JiraClient:
    """Jira, as one of its people uses it."""
    is_cloud = jira["deployment"] == Deployment.CLOUD
    token = person["api_token"]
    credential = ApiToken(person["email"], token) if is_cloud else AccessToken(token)
    private = Options(policy=HostPolicy(allow_private=True, allow_http=True))
    dialect = DIALECTS[jira["deployment"]]
    return open_client(jira["url"], credential, dialect=dialect, options=private)


def _quarrel(cast: Cast, binding: Binding, jira: Mapping[str, Any]) -> None:
    """Title and due date of one item change on both sides before either hears of the other."""
    item = WorkItem.objects.get(team=binding.team_id, title=platform.CONTESTED)
    link = Link.objects.get(binding=binding, work_item=item)
    today = timezone.localdate()
    with _hands_of(jira["people"][0], jira) as client:
        client.issues.edit(
            str(link.issue_id),
            fields={
                "summary": "Warn five minutes before a session ends",
                "duedate": (today + timedelta(days=5)).isoformat(),
            },
        )
    update_item(
        item.pk,
        {
            "title": "Warn before a session ends, and offer to stay",
            "due_on": today + timedelta(days=12),
        },
        actor=cast.actor("aiko"),
    )
    conflicted = Link.objects.filter(pk=link.pk, state=LinkState.CONFLICT)
    wait("the conflict to be noticed", conflicted.exists)


def _listen(cast: Cast, connection: Connection) -> str:
    """Have Jira tell of its changes from now on; the server is not up before, so not sooner."""
    try:
        return register(cast.owner, connection)
    finally:
        close_clients()
