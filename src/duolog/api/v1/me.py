"""`/me`: who asks."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.shapes import Shape
from duolog.people.models import Role, Scope
from duolog.people.needs import states
from duolog.people.rights import Right

router = Router(tags=["Me"])


class WorkplaceShape(Shape):
    """The workplace that all calls are about."""

    id: str
    slug: str
    name: str


class Me(Shape):
    """The member on whose behalf the request is made."""

    id: str
    name: str
    email: str
    role: Role
    scope: Scope
    workplace: WorkplaceShape


@router.get("/me", response=Me)
@states(Right.VIEW)
def read_me(request: HttpRequest) -> Me:
    """The member that the token or the session belongs to."""
    caller = caller_of(request)
    member, here = caller.member, caller.workplace
    return Me(
        id=str(member.pk),
        name=member.name,
        email=member.user.email,
        role=Role(member.role),
        scope=caller.scope,
        workplace=WorkplaceShape(id=str(here.pk), slug=here.slug, name=here.name),
    )
