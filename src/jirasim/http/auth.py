"""Who is calling, by Cloud's rules for API tokens (jira.md 2.1).  Grants no permission."""

import base64
import binascii
from dataclasses import dataclass
from enum import Enum

from jirasim.site.model import User
from jirasim.site.state import Site


class Login(Enum):
    """How a request came in."""

    NONE = "no credential given"
    OK = "an accepted credential"
    FAILED = "a credential that was not accepted"
    ACCOUNT_LOGIN = "an account password, which Cloud refuses"


@dataclass(frozen=True, slots=True)
class Caller:
    """The account behind a request, or nobody."""

    login: Login
    user: User | None = None


NOBODY = Caller(Login.NONE)
FAILED = Caller(Login.FAILED)


def identify(site: Site, authorization: str | None) -> Caller:
    """Judge the `Authorization` header.  E-mail and token must belong to the same account."""
    if not authorization:
        return NOBODY
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return FAILED
    email, secret = _basic(value)
    return _by_secret(site, email.lower(), secret)


def _basic(value: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    email, _, secret = text.partition(":")
    return email, secret


def _by_secret(site: Site, email: str, secret: str) -> Caller:
    token = site.state.tokens.get(secret)
    if token is None:
        known = email in site.state.passwords and site.state.passwords[email] == secret
        return Caller(Login.ACCOUNT_LOGIN) if known else FAILED
    user = site.state.users[token.account_id]
    lapsed = token.expires_at is not None and token.expires_at <= site.now()
    if token.revoked or lapsed or not user.active or user.email.lower() != email:
        return FAILED
    return Caller(Login.OK, user)
