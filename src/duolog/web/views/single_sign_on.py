"""Signing in with the organisation's own provider: there and back."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from duolog.people.needs import Door, states
from duolog.web.accounts.single_sign_on import UNREADABLE, IssuerAdapter, not_signed_in, sent_back
from duolog.web.answers import go


@states(Door.ANYBODY)
@require_POST
def begin(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the provider, by a header, since the policy lets no form lead away."""
    _must_be_set_up()
    if request.get_host() != urlsplit(settings.PUBLIC_URL).netloc and settings.WORKPLACE_DOMAIN:
        return go(f"{settings.PUBLIC_URL}/accounts/login/")  # the provider knows that name alone
    try:
        view = OAuth2LoginView.adapter_view(IssuerAdapter(request, settings.OIDC_PROVIDER_ID))
        answer: HttpResponseBase = view(request)
    except UNREADABLE as error:
        answer = not_signed_in(request, error)
    return go(answer["Location"]) if "Location" in answer else answer


@states(Door.ANYBODY)
@require_GET
def finish(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take up what the provider sends the browser back with."""
    _must_be_set_up()
    try:
        view = OAuth2CallbackView.adapter_view(IssuerAdapter(request, provider_id))
        answer: HttpResponseBase = view(request)
    except ImmediateHttpResponse as at_once:
        answer = at_once.response
    except UNREADABLE as error:
        answer = not_signed_in(request, error)
    return answer


@states(Door.ANYBODY)
@require_GET
def cancelled(request: HttpRequest) -> HttpResponseBase:
    """They changed their mind at the provider."""
    return sent_back(request, f"You are not signed in: {settings.OIDC_NAME} was left.")


def _must_be_set_up() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404("This server has no single sign-on.")
