"""`/teams/{id}/members`: who belongs to a team, and who sets it up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.shapes import Body, Listing, Shape
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.workplace import queries, services
from duolog.workplace.models import TeamMember

router = Router(tags=["Teams"])


class TeamMemberShape(Shape):
    """A member's place in a team."""

    member_id: str
    name: str
    is_admin: bool


class Place(Body):
    """What the member is in the team: one of it, or its admin, who sets it up."""

    is_admin: bool = False


@router.get("/teams/{int:team_id}/members", response=Listing[TeamMemberShape])
@states(Right.VIEW)
def list_team_members(request: HttpRequest, team_id: int) -> Listing[TeamMemberShape]:
    """Who belongs to the team, by name."""
    team = queries.get_team(caller_of(request).workplace, team_id)
    places = queries.list_team_members(team)
    return Listing[TeamMemberShape](items=[_place(each) for each in places])


@router.put("/teams/{int:team_id}/members/{int:member_id}", response=TeamMemberShape)
@states(Right.MANAGE_TEAM)
def put_team_member(
    request: HttpRequest, team_id: int, member_id: int, body: Place
) -> TeamMemberShape:
    """Have a member in the team, as its admin or not; asking again changes nothing."""
    actor = caller_of(request).actor
    return _place(services.add_team_member(team_id, member_id, actor=actor, is_admin=body.is_admin))


@router.delete("/teams/{int:team_id}/members/{int:member_id}", response={204: None})
@states(Right.MANAGE_TEAM)
def remove_team_member(request: HttpRequest, team_id: int, member_id: int) -> HttpResponse:
    """Have a member out of the team; what is assigned to them stays so."""
    services.remove_team_member(team_id, member_id, actor=caller_of(request).actor)
    return HttpResponse(status=204)


def _place(place: TeamMember) -> TeamMemberShape:
    return TeamMemberShape(
        member_id=str(place.member_id), name=place.member.name, is_admin=place.is_admin
    )
