"""The spaces (projects) and people of a Jira site that a person may choose from.  Asks Jira."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from duolog.connections.models import Connection
from duolog.connections.services import client_for
from duolog.jira.client import JiraClient
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.mapping import Choice
from duolog.sync.models import Binding, BindingState
from duolog.workplace.models import Team

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Space:
    """A Jira project to choose; `bound_to` names the teams and projects kept in step with it."""

    key: str
    name: str
    bound_to: tuple[str, ...] = ()


def list_spaces(
    by: Member, team: Team | None, connection: Connection, query: str
) -> tuple[Space, ...]:
    """The projects the account may see whose key or name begins like the query, at most 50.

    `team` is the one they are for, None where they are for a project.

    Raises SyncError.
    """
    require(by, Right.BIND, team=team)
    found = client_for(connection).projects.list(query.strip())[:SHOWN]
    rows = Binding.objects.filter(connection=connection).exclude(state=BindingState.ENDED)
    bound: dict[str, list[str]] = {}
    for key, team_name, project in rows.values_list(
        "jira_project_key", "team__name", "project__name"
    ):
        bound.setdefault(key, []).append(project or team_name)
    return tuple(Space(it.key, it.name, tuple(bound.get(it.key, ()))) for it in found)


def list_accounts(connection: Connection, project_key: str) -> tuple[Choice, ...]:
    """The people issues of the project can be assigned to, as far as Jira tells.

    Raises SyncError.
    """
    return assignable(client_for(connection), project_key)


def assignable(client: JiraClient, project_key: str) -> tuple[Choice, ...]:
    """The same, over a client; `sort` is the e-mail where Jira shows it."""
    found: Sequence[Choice] = [
        Choice(a.account_id, a.display_name, a.email_address or "")
        for a in client.people.assignable(project_key)
        if a.active
    ]
    return tuple(found)
