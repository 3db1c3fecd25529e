"""`/teams`: teams and their statuses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.once import create_once
from duolog.api.openapi import ONCE
from duolog.api.shapes import Body, Listing, Moment, RowId, Shape
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.workplace import queries, services
from duolog.workplace.models import Stage, Status, Team

router = Router(tags=["Teams"])


class TeamShape(Shape):
    """People who share a key prefix and statuses."""

    id: str
    name: str
    key_prefix: str
    created_at: Moment
    archived_at: Moment | None


class StatusShape(Shape):
    """One step of a team's workflow."""

    id: str
    name: str
    stage: Stage
    position: int


class NewTeam(Body):
    """A team to be made; its prefix begins the keys of its items."""

    name: str
    key_prefix: str


class TeamChanges(Body):
    """What can be changed of a team."""

    name: str


class NewStatus(Body):
    """A status at the end of the workflow."""

    name: str
    stage: Stage


class StatusChanges(Body):
    """What can be changed of a status."""

    name: str | None = None
    stage: Stage | None = None


class StatusOrder(Body):
    """All statuses of the team, in their new order."""

    status_ids: list[RowId]


@router.get("/teams", response=Listing[TeamShape])
@states(Right.VIEW)
def list_teams(request: HttpRequest) -> Listing[TeamShape]:
    """The teams at work, by name; none where teams are turned off."""
    teams = queries.list_teams(caller_of(request).workplace)
    teams = tuple(team for team in teams if not team.is_hidden)
    return Listing[TeamShape](items=[_team(team) for team in teams])


@router.post("/teams", response={201: TeamShape}, openapi_extra=ONCE)
@states(Right.CREATE_TEAM)
def create_team(request: HttpRequest, body: NewTeam) -> HttpResponse:
    """Make a team with the usual statuses."""
    caller = caller_of(request)
    return create_once(
        request,
        lambda: _team(
            services.create_team(
                caller.workplace, name=body.name, key_prefix=body.key_prefix, actor=caller.actor
            )
        ),
    )


@router.get("/teams/{int:team_id}", response=TeamShape)
@states(Right.VIEW)
def read_team(request: HttpRequest, team_id: int) -> TeamShape:
    """One team, archived or not."""
    return _team(queries.get_team(caller_of(request).workplace, team_id))


@router.patch("/teams/{int:team_id}", response=TeamShape)
@states(Right.MANAGE_TEAM)
def update_team(request: HttpRequest, team_id: int, body: TeamChanges) -> TeamShape:
    """Rename a team; the keys of its items stay."""
    return _team(services.rename_team(team_id, body.name, actor=caller_of(request).actor))


@router.delete("/teams/{int:team_id}", response={204: None})
@states(Right.MANAGE_TEAM)
def archive_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Take a team out of sight; its items stay readable."""
    services.archive_team(team_id, actor=caller_of(request).actor)
    return HttpResponse(status=204)


@router.get("/teams/{int:team_id}/statuses", response=Listing[StatusShape])
@states(Right.VIEW)
def list_statuses(request: HttpRequest, team_id: int) -> Listing[StatusShape]:
    """The statuses of a team, in their order."""
    team = queries.get_team(caller_of(request).workplace, team_id)
    return _statuses(team)


@router.post("/teams/{int:team_id}/statuses", response={201: StatusShape}, openapi_extra=ONCE)
@states(Right.MANAGE_TEAM)
def create_status(request: HttpRequest, team_id: int, body: NewStatus) -> HttpResponse:
    """Add a status at the end of the workflow."""
    actor = caller_of(request).actor
    return create_once(
        request,
        lambda: _status(
            services.add_status(team_id, name=body.name, stage=body.stage, actor=actor)
        ),
    )


@router.patch("/teams/{int:team_id}/statuses", response=Listing[StatusShape])
@states(Right.MANAGE_TEAM)
def reorder_statuses(request: HttpRequest, team_id: int, body: StatusOrder) -> Listing[StatusShape]:
    """Put all statuses of the team into an order."""
    caller = caller_of(request)
    services.reorder_statuses(team_id, body.status_ids, actor=caller.actor)
    return _statuses(queries.get_team(caller.workplace, team_id))


@router.patch("/teams/{int:team_id}/statuses/{int:status_id}", response=StatusShape)
@states(Right.MANAGE_TEAM)
def update_status(
    request: HttpRequest, team_id: int, status_id: int, body: StatusChanges
) -> StatusShape:
    """Rename a status, or say anew which stage it stands for."""
    caller = caller_of(request)
    status = queries.get_status(queries.get_team(caller.workplace, team_id), status_id)
    changed = services.update_status(
        status.pk, name=body.name, stage=body.stage, actor=caller.actor
    )
    return _status(changed)


@router.delete("/teams/{int:team_id}/statuses/{int:status_id}", response={204: None})
@states(Right.MANAGE_TEAM)
def remove_status(
    request: HttpRequest, team_id: int, status_id: int, move_to: RowId
) -> HttpResponse:
    """Remove a status; its items go to the status `move_to`."""
    caller = caller_of(request)
    status = queries.get_status(queries.get_team(caller.workplace, team_id), status_id)
    services.remove_status(status.pk, to=move_to, actor=caller.actor)
    return HttpResponse(status=204)


def _statuses(team: Team) -> Listing[StatusShape]:
    return Listing[StatusShape](items=[_status(status) for status in team.statuses.all()])


def _team(team: Team) -> TeamShape:
    return TeamShape(
        id=str(team.pk),
        name=team.shown_name,
        key_prefix=team.key_prefix,
        created_at=team.created_at,
        archived_at=team.archived_at,
    )


def _status(status: Status) -> StatusShape:
    return StatusShape(
        id=str(status.pk), name=status.name, stage=Stage(status.stage), position=status.position
    )
