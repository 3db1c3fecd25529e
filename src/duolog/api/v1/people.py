"""`/members` and `/invitations`: who belongs to the workplace, and who may join."""

from __future__ import annotations

import contextlib
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from duolog.api.callers import caller_of
from duolog.api.once import create_once
from duolog.api.openapi import ONCE
from duolog.api.shapes import Body, Listing, Moment, Shape
from duolog.people import queries, services
from duolog.people.invitations import NotMailed, link_of, mail_invitation
from duolog.people.models import Invitation, Member, Role
from duolog.people.needs import states
from duolog.people.rights import Right

router = Router(tags=["People"])


class MemberShape(Shape):
    """A user in the workplace, with a role."""

    id: str
    name: str
    email: str
    role: Role
    joined_at: Moment


class MemberChanges(Body):
    """What can be changed of a member."""

    role: Role


class InvitationShape(Shape):
    """An open offer to join."""

    id: str
    email: str
    role: Role
    invited_by: str | None
    created_at: Moment
    expires_at: Moment
    mailed_at: Moment | None


class InvitationMade(InvitationShape):
    """A new offer with its link, which is told this once."""

    url: str


class NewInvitation(Body):
    """Whom to invite."""

    email: Annotated[str, Field(max_length=254)]
    role: Role = Role.MEMBER
    mail: bool = False
    """Whether the link is also mailed to that address; `mailed_at` of the list tells if it left."""


class Renewal(Body):
    """How the new link of an invitation goes out."""

    mail: bool = False


@router.get("/members", response=Listing[MemberShape])
@states(Right.VIEW)
def list_members(request: HttpRequest) -> Listing[MemberShape]:
    """Who belongs to the workplace, by name."""
    members = queries.list_members(caller_of(request).workplace)
    return Listing[MemberShape](items=[_member(member) for member in members])


@router.get("/members/{int:member_id}", response=MemberShape)
@states(Right.VIEW)
def read_member(request: HttpRequest, member_id: int) -> MemberShape:
    """One member."""
    return _member(queries.get_member(caller_of(request).workplace, member_id))


@router.patch("/members/{int:member_id}", response=MemberShape)
@states(Right.MANAGE_PEOPLE)
def update_member(request: HttpRequest, member_id: int, body: MemberChanges) -> MemberShape:
    """Give a member another role; a workplace keeps at least one owner."""
    return _member(services.change_role(member_id, body.role, by=caller_of(request).member))


@router.delete("/members/{int:member_id}", response={204: None})
@states(Right.MANAGE_PEOPLE, own=Right.VIEW)
def remove_member(request: HttpRequest, member_id: int) -> HttpResponse:
    """End a membership, or one's own; what the member wrote stays theirs."""
    services.remove_member(member_id, by=caller_of(request).member)
    return HttpResponse(status=204)


@router.get("/invitations", response=Listing[InvitationShape])
@states(Right.MANAGE_PEOPLE)
def list_invitations(request: HttpRequest) -> Listing[InvitationShape]:
    """Invitations that nobody has used, newest first."""
    caller = caller_of(request)
    found = queries.list_open_invitations(caller.workplace)
    return Listing[InvitationShape](items=[_invitation(each) for each in found])


@router.post("/invitations", response={201: InvitationMade}, openapi_extra=ONCE)
@states(Right.MANAGE_PEOPLE)
def create_invitation(request: HttpRequest, body: NewInvitation) -> HttpResponse:
    """Make a link by which a person joins, good for seven days."""
    caller = caller_of(request)

    def create() -> InvitationMade:
        made, secret = services.invite(caller.member, email=body.email, role=body.role)
        return _made(made, secret, mail=body.mail)

    return create_once(request, create)


@router.post("/invitations/{int:invitation_id}/renew", response=InvitationMade)
@states(Right.MANAGE_PEOPLE)
def renew_invitation(request: HttpRequest, invitation_id: int, body: Renewal) -> InvitationMade:
    """Make a new link, good for seven more days; the one before opens nothing more."""
    made, secret = services.renew_invitation(invitation_id, by=caller_of(request).member)
    return _made(made, secret, mail=body.mail)


@router.delete("/invitations/{int:invitation_id}", response={204: None})
@states(Right.MANAGE_PEOPLE)
def withdraw_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take back an open invitation."""
    services.withdraw_invitation(invitation_id, by=caller_of(request).member)
    return HttpResponse(status=204)


def _member(member: Member) -> MemberShape:
    return MemberShape(
        id=str(member.pk),
        name=member.name,
        email=member.user.email,
        role=Role(member.role),
        joined_at=member.joined_at,
    )


def _made(invitation: Invitation, secret: str, *, mail: bool) -> InvitationMade:
    """Mails the link once the invitation is stored, for no transaction spans the network."""

    def send() -> None:
        with contextlib.suppress(NotMailed):
            mail_invitation(invitation, secret)

    if mail:
        transaction.on_commit(send)
    return InvitationMade(**_invitation(invitation).model_dump(), url=link_of(secret))


def _invitation(invitation: Invitation) -> InvitationShape:
    return InvitationShape(
        id=str(invitation.pk),
        email=invitation.email,
        role=Role(invitation.role),
        invited_by=invitation.invited_by.name if invitation.invited_by else None,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        mailed_at=invitation.mailed_at,
    )
