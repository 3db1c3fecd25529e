"""What the Jira pages of a team share.  No page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from duolog.people.models import Member
from duolog.people.queries import list_members
from duolog.sync.mapping import Choice
from duolog.web.binding_rules import CONFLICTS, DELETES, DIRECTIONS, STARTS
from duolog.web.mapping_tables import Here as Ours
from duolog.web.pages import Here, show
from duolog.workplace.models import Team
from duolog.workplace.queries import list_readings

FORM: Final = {
    "directions": DIRECTIONS,
    "starts": STARTS,
    "conflict_choices": CONFLICTS,
    "delete_choices": DELETES,
}
"""The options of the rules, for `web/jira/rules_fields.html`."""


def ours(member: Member, team: Team) -> Ours:
    """The team's own values, for the tables."""
    return Ours(
        statuses=[Choice(str(each.pk), each.name) for each in team.statuses.all()],
        members=[Choice(str(each.pk), each.name) for each in list_members(member.workplace)],
        readings=[Choice(each.value, each.words) for each in list_readings(member.workplace)],
    )


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
