"""How allauth signs people in here: its adapters, with our words and our seal."""

from __future__ import annotations

import io
from typing import Any, ClassVar
from urllib.parse import urlsplit

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

from duolog.connections.seal import seal, unseal
from duolog.people.devices import device_of
from duolog.people.models import User


def _published(url: str) -> str:
    return f"{settings.PUBLIC_URL}{urlsplit(url).path}"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation only."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "E-mail and password do not belong together. Check both; the password may have changed."
        ),
        "too_many_login_attempts": (
            "Too many wrong tries for this account. Wait five minutes, then try again."
        ),
        "incorrect_password": "That is not your password.",
        "email_taken": "That address belongs to an account already.",
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody makes an account without an invitation."""
        return False

    def pre_login(
        self,
        request: HttpRequest,
        user: User,
        *,
        signal_kwargs: dict[str, Any] | None,
        **others: Any,
    ) -> HttpResponse | None:
        """Where only single sign-on counts, no other way leads in, whatever was proven."""
        if settings.OIDC_ONLY and "sociallogin" not in (signal_kwargs or {}):
            messages.error(request, f"Sign in with {settings.OIDC_NAME}: it is the only way in.")
            return redirect("account_login")
        answer: HttpResponse | None = super().pre_login(
            request, user, signal_kwargs=signal_kwargs, **others
        )
        return answer

    def is_reauthentication_required(self, *, app: str, **others: Any) -> bool:
        """No password is asked for where none signs in."""
        if settings.OIDC_ONLY:
            return False
        return bool(super().is_reauthentication_required(app=app, **others))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """None where no password signs in."""
        if not settings.OIDC_ONLY:
            super().send_password_reset_mail(user, email, context)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under our own address, whatever name the request came by."""
        return _published(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Likewise."""
        return _published(super().get_email_confirmation_url(request, emailconfirmation))

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        """Back to where one came from."""
        return reverse("mfa_index")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors, their secrets sealed like those of connections."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That does not fit. Wait for the next code and type it at once.",
    }

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return unseal(encrypted_text.encode())

    def build_totp_svg(self, url: str) -> str:
        """The picture as an element of the page, since the policy allows no picture in an address."""
        picture = qrcode.make(url, image_factory=SvgPathImage, border=2)
        drawn = io.BytesIO()
        picture.save(drawn)
        return "<svg" + drawn.getvalue().decode().partition("<svg")[2]

    def generate_authenticator_name(self, _user: User, _kind: str) -> str:
        """Named after where it is made."""
        return device_of(context.request.headers.get("User-Agent", ""))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whose passkeys they are: one domain's, also where each workplace has a name in it."""
        host = context.request.get_host().partition(":")[0]
        domain = settings.WORKPLACE_DOMAIN
        is_inside = domain and f".{host}".endswith(f".{domain}")
        return {"id": domain if is_inside else host, "name": "Duolog"}
