"""`/oauth-app`: the OAuth app by which a workplace signs in with Atlassian.  Never tells its secret."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from duolog.api.callers import caller_of
from duolog.api.shapes import Body, Shape
from duolog.connections.oauth_app import app_of, callback_url, own_client_id, remove_app, set_app
from duolog.jira.oauth import SCOPES
from duolog.people.models import Workplace
from duolog.people.needs import states
from duolog.people.rights import Right

router = Router(tags=["Connections"])


class OAuthAppShape(Shape):
    """Whose app it is, none where nobody entered one; and what to enter at developer.atlassian.com."""

    client_id: str | None
    of: Literal["workplace", "installation"] | None
    callback_url: str
    scopes: list[str]


class NewOAuthApp(Body):
    """The app as developer.atlassian.com shows it under Settings."""

    client_id: Annotated[str, Field(max_length=120)]
    client_secret: Annotated[str, Field(max_length=4000)]


@router.get("/oauth-app", response=OAuthAppShape)
@states(Right.CONNECT)
def read_oauth_app(request: HttpRequest) -> OAuthAppShape:
    """The app by which people sign in with Atlassian, and what its maker must enter there."""
    return _told(caller_of(request).workplace)


@router.patch("/oauth-app", response=OAuthAppShape)
@states(Right.CONNECT)
def change_oauth_app(request: HttpRequest, body: NewOAuthApp) -> OAuthAppShape:
    """Sign in by this app from now on; what another was allowed lasts until it is renewed."""
    caller = caller_of(request)
    set_app(caller.member, body.client_id, body.client_secret)
    return _told(caller.workplace)


@router.delete("/oauth-app", response={204: None})
@states(Right.CONNECT)
def remove_oauth_app(request: HttpRequest) -> HttpResponse:
    """Forget the workplace's app; that of the installation, if there is one, counts again."""
    remove_app(caller_of(request).member)
    return HttpResponse(status=204)


def _told(workplace: Workplace) -> OAuthAppShape:
    app = app_of(workplace)
    is_own = bool(own_client_id(workplace))
    return OAuthAppShape(
        client_id=app.client_id if app else None,
        of=None if app is None else "workplace" if is_own else "installation",
        callback_url=callback_url(),
        scopes=list(SCOPES),
    )
