"""What the Jira pages of a team share.  No page of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from duolog.people.models import Member
from duolog.people.queries import list_members
from duolog.sync.basis.ground import statuses_of_team
from duolog.sync.mapping import Choice, ProjectMeta, table_of_team
from duolog.web.pages import Here, show
from duolog.web.sync.binding_rules import CONFLICTS, DELETES, DIRECTIONS, STARTS
from duolog.web.sync.mapping_tables import Here as Ours
from duolog.web.sync.mapping_tables import OfTeam
from duolog.workplace.models import Team
from duolog.workplace.queries import list_readings

FORM: Final = {
    "directions": DIRECTIONS,
    "starts": STARTS,
    "conflict_choices": CONFLICTS,
    "delete_choices": DELETES,
}
"""The options of the rules, for `web/jira/rules_fields.html`."""


def ours(member: Member, team: Team, others: Sequence[OfTeam] = ()) -> Ours:
    """The team's own values, for the tables, with the statuses of further teams."""
    return Ours(
        statuses=statuses_of(team),
        team=team.shown_name,
        others=others,
        members=[Choice(str(each.pk), each.name) for each in list_members(member.workplace)],
        readings=[Choice(each.value, each.words) for each in list_readings(member.workplace)],
    )


def statuses_of(team: Team) -> list[Choice]:
    """The statuses of a team in their order."""
    return [Choice(str(each.pk), each.name) for each in team.statuses.all()]


def further_teams(
    teams: Sequence[Team], stored: Mapping[str, object], meta: ProjectMeta
) -> list[OfTeam]:
    """Each of the teams with what stands for its statuses, and what would by itself."""
    return [
        OfTeam(
            table_of_team(team.pk),
            team.shown_name,
            statuses_of(team),
            statuses_of_team(stored, meta, team.pk),
            statuses_of_team({}, meta, team.pk),
        )
        for team in teams
    ]


def likely_tables(teams: Sequence[Team], meta: ProjectMeta) -> dict[str, object]:
    """What suggests itself for the statuses of further teams, as tables."""
    return {
        each.table: {"out": dict(each.likely.outbound), "in": dict(each.likely.inbound)}
        for each in further_teams(teams, {}, meta)
    }


def statuses_to_choose(teams: Sequence[Team]) -> list[tuple[str, str]]:
    """The statuses of teams as (id, name), each with its team where there are several."""
    return [
        (each.id, f"{each.name} ({team.shown_name})" if len(teams) > 1 else each.name)
        for team in teams
        for each in statuses_of(team)
    ]


def show_for_team(
    request: HttpRequest,
    member: Member,
    team: Team,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page among the team's settings."""
    here = Here("settings", "team", settings_team=team)
    return show(request, member, template, context, here=here, status=status)


def number_in(text: str) -> int:
    """The number a text holds, else 0."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0
