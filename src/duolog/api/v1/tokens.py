"""`/tokens`: keys to this API, one's own and, for who manages people, whose there are."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from ninja import Router

from duolog.api.callers import Caller, caller_of
from duolog.api.once import create_once
from duolog.api.openapi import ONCE
from duolog.api.shapes import Body, Listing, Moment, Shape
from duolog.people import queries, services
from duolog.people.models import ApiToken, Scope
from duolog.people.needs import states
from duolog.people.rights import Right, require

router = Router(tags=["Tokens"])


class TokenShape(Shape):
    """A key to the API, without its secret."""

    id: str
    name: str
    scope: Scope
    member_id: str
    member_name: str
    created_at: Moment
    last_used_at: Moment | None
    expires_on: date | None


class TokenMade(TokenShape):
    """A new key with its secret, which is told this once."""

    token: str


class NewToken(Body):
    """What a new token is for, what it may do, and the last day it works, in UTC."""

    name: str
    scope: Scope = Scope.READ
    expires_on: date | None = None


@router.get("/tokens", response=Listing[TokenShape])
@states(Right.VIEW)
def list_tokens(request: HttpRequest, *, everybody: bool = False) -> Listing[TokenShape]:
    """One's own tokens that still work; with `everybody`, those of all members."""
    caller = caller_of(request)
    if everybody:
        require(caller.member, Right.MANAGE_PEOPLE)
        tokens = queries.list_all_tokens(caller.workplace)
    else:
        tokens = queries.list_tokens(caller.member)
    return Listing[TokenShape](items=[_token(each) for each in tokens])


@router.post("/tokens", response={201: TokenMade}, openapi_extra=ONCE)
@states(Right.VIEW)
def create_token(request: HttpRequest, body: NewToken) -> HttpResponse:
    """Make a token for oneself; one that is made with a token does not outlive it."""
    caller = caller_of(request)

    def create() -> TokenMade:
        made, secret = services.create_api_token(
            caller.member,
            name=body.name,
            scope=body.scope,
            expires_on=_last_day(caller, body.expires_on),
        )
        return TokenMade(**_token(made).model_dump(), token=secret)

    return create_once(request, create)


@router.delete("/tokens/{int:token_id}", response={204: None})
@states(Right.VIEW)
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token at once: one's own, or, for who manages people, anybody's here."""
    services.revoke_api_token(caller_of(request).member, token_id)
    return HttpResponse(status=204)


def _last_day(caller: Caller, wanted: date | None) -> date | None:
    days = [day for day in (caller.expires_on, wanted) if day is not None]
    return min(days, default=None)


def _token(token: ApiToken) -> TokenShape:
    return TokenShape(
        id=str(token.pk),
        name=token.name,
        scope=Scope(token.scope),
        member_id=str(token.member_id),
        member_name=token.member.name,
        created_at=token.created_at,
        last_used_at=token.last_used_at,
        expires_on=token.expires_on,
    )
