"""Single sign-on by OpenID Connect: allauth's flow, with who may come in decided by `people`."""

from __future__ import annotations

import logging
from typing import Any, Final

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from duolog.people.errors import Forbidden
from duolog.people.single_sign_on import Identity, let_in

log = logging.getLogger(__name__)

UNREADABLE: Final = (OSError, OAuth2Error, KeyError, TypeError, ValueError)
"""What allauth lets through where the provider does not answer as it should.

Whatever `requests` raises is an OSError.
"""


def sent_back(request: HttpRequest, sentence: str) -> HttpResponseBase:
    """The sign-in page, which says why."""
    messages.error(request, sentence)
    return redirect("account_login")


def not_signed_in(request: HttpRequest, error: Exception | None) -> HttpResponseBase:
    """The sign-in page after the provider failed; the log has the kind of failure, no token."""
    log.warning("Single sign-on failed: %s", type(error).__name__)
    return sent_back(
        request, f"Signing in with {settings.OIDC_NAME} did not work. Try again in a minute."
    )


class IssuerAdapter(OpenIDConnectOAuth2Adapter):
    """The code flow, believing nothing but the issuer that the settings name."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the issuer says of itself."""
        found: dict[str, Any] = super().openid_config
        if found["issuer"].rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error("The provider calls itself by another name than the settings.")
        return found

    def get_access_token_data(self, *arguments: Any, **options: Any) -> Any:
        """The tokens; their signature is checked although they came over TLS."""
        found = super().get_access_token_data(*arguments, **options)
        self.did_fetch_access_token = False
        return found


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Lets in whom `people` lets in; no account is made or joined by allauth itself."""

    def get_requests_session(self) -> Any:
        """How the provider is asked: with an end, over TLS where the issuer is, and never led away."""
        session = super().get_requests_session()
        session.max_redirects = 0
        if settings.OIDC_ISSUER.startswith("https://"):
            session.adapters.pop("http://")
        return session

    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: Any) -> bool:
        """Nobody makes an account without an invitation."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find or make the user, or answer with the reason why not."""
        said = sociallogin.account.extra_data
        id_token, userinfo = said["id_token"], said["userinfo"]
        if id_token["sub"] != userinfo["sub"] or sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(not_signed_in(request, None))
        if sociallogin.is_existing:
            return
        try:
            user = let_in(_identity(userinfo), settings.OIDC_NAME)
        except Forbidden as refused:
            raise ImmediateHttpResponse(sent_back(request, str(refused))) from refused
        sociallogin.connect(request, user)

    def on_authentication_error(
        self, request: HttpRequest, _provider: Any, *, exception: Exception | None, **_said: Any
    ) -> None:
        """Back to the sign-in page, in our words."""
        raise ImmediateHttpResponse(not_signed_in(request, exception))


def _identity(userinfo: dict[str, Any]) -> Identity:
    """Some providers send their truths as texts."""
    return Identity(
        email=str(userinfo.get("email") or ""),
        is_confirmed=str(userinfo.get("email_verified")).lower() == "true",
        name=str(userinfo.get("name") or ""),
    )
