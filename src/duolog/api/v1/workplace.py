"""`/workplace`: the workplace of the calling member, and whether it has teams."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from ninja import Router

from duolog.api.callers import Caller, caller_of
from duolog.api.shapes import Body, Shape
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.people.services import ask_admins_for_second_factor, rename_workplace
from duolog.workplace import queries
from duolog.workplace.services import turn_teams_off, turn_teams_on

router = Router(tags=["People"])


class WorkplaceSettings(Shape):
    """A workplace; without teams, `team_id` is where all items are."""

    id: str
    slug: str
    name: str
    has_teams: bool
    team_id: str | None
    admins_need_second_factor: bool


class WorkplaceChanges(Body):
    """What can be changed of a workplace."""

    name: str | None = None
    has_teams: bool | None = None
    admins_need_second_factor: bool | None = None


@router.get("/workplace", response=WorkplaceSettings)
@states(Right.VIEW)
def read_workplace(request: HttpRequest) -> WorkplaceSettings:
    """The workplace that all calls are about."""
    return _workplace(caller_of(request))


@router.patch("/workplace", response=WorkplaceSettings)
@states(Right.MANAGE_PEOPLE)
def update_workplace(request: HttpRequest, body: WorkplaceChanges) -> WorkplaceSettings:
    """Rename it, turn its teams off or on, or ask its admins for a second factor."""
    caller = caller_of(request)
    with transaction.atomic():
        if body.name is not None:
            rename_workplace(caller.member, name=body.name)
        if body.admins_need_second_factor is not None:
            ask_admins_for_second_factor(caller.member, asked=body.admins_need_second_factor)
        if body.has_teams is not None:
            turn = turn_teams_on if body.has_teams else turn_teams_off
            turn(caller.workplace, actor=caller.actor)
    return _workplace(caller)


def _workplace(caller: Caller) -> WorkplaceSettings:
    here = caller.workplace
    team = queries.find_hidden_team(here)
    return WorkplaceSettings(
        id=str(here.pk),
        slug=here.slug,
        name=here.name,
        has_teams=team is None,
        team_id=None if team is None else str(team.pk),
        admins_need_second_factor=here.admins_need_second_factor,
    )
