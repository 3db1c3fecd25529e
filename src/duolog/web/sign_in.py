"""How allauth signs people in here: its adapters, with our words and our seal."""

from __future__ import annotations

import io
from typing import Any, ClassVar

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

from duolog.connections.seal import seal, unseal
from duolog.people.devices import device_of
from duolog.people.models import User


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
