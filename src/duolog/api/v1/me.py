"""`/me`: who asks."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from duolog.api.callers import Caller, caller_of
from duolog.api.shapes import Body, Shape
from duolog.people.errors import Invalid
from duolog.people.models import Role, Scope
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.people.zones import choose_zone
from duolog.worklogs.own.zones import zone_of

router = Router(tags=["Me"])


class WorkplaceShape(Shape):
    """The workplace that all calls are about."""

    id: str
    slug: str
    name: str


class Me(Shape):
    """The member on whose behalf the request is made.

    `time_zone`, an IANA name, decides for which day the member's worklogs count.
    """

    id: str
    name: str
    email: str
    role: Role
    scope: Scope
    time_zone: str
    workplace: WorkplaceShape


class MyChanges(Body):
    """What is to change; an empty `time_zone` is that of the oldest account in Jira."""

    time_zone: Annotated[str, Field(max_length=64)]


@router.get("/me", response=Me)
@states(Right.VIEW)
def read_me(request: HttpRequest) -> Me:
    """The member that the token or the session belongs to."""
    return _me(caller_of(request))


@router.patch("/me", response=Me)
@states(Right.VIEW)
def update_me(request: HttpRequest, body: MyChanges) -> Me:
    """Choose the time zone in which one's worklogs count for days."""
    caller = caller_of(request)
    try:
        choose_zone(caller.member.user, body.time_zone)
    except Invalid as invalid:
        raise Invalid({"time_zone": invalid.errors["zone"]}) from invalid
    return _me(caller)


def _me(caller: Caller) -> Me:
    member, here = caller.member, caller.workplace
    return Me(
        id=str(member.pk),
        name=member.name,
        email=member.user.email,
        role=Role(member.role),
        scope=caller.scope,
        time_zone=zone_of(member),
        workplace=WorkplaceShape(id=str(here.pk), slug=here.slug, name=here.name),
    )
