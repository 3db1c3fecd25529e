"""Who is calling, by the rules of Cloud and of Server (jira.md 2).  Grants no permission."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from jirasim.site.model import User
from jirasim.site.product import Deployment
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
    """Judge the `Authorization` header."""
    if not authorization:
        return NOBODY
    scheme, _, value = authorization.partition(" ")
    judge = JUDGES[site.product.deployment].get(scheme.lower())
    return FAILED if judge is None else judge(site, value.strip())


def _basic(value: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    email, _, secret = text.partition(":")
    return email, secret


def _email_and_token(site: Site, value: str) -> Caller:
    """An API token of Cloud.  E-mail and token must belong to the same account."""
    email, secret = _basic(value)
    owner = _owner(site, secret)
    if owner is not None:
        return Caller(Login.OK, owner) if owner.email.lower() == email.lower() else FAILED
    user = next((one for one in site.state.users.values() if one.email == email.lower()), None)
    return Caller(Login.ACCOUNT_LOGIN) if _knows_password(site, user, secret) else FAILED


def _name_and_password(site: Site, value: str) -> Caller:
    """The login of Server: the user name, never the e-mail address."""
    name, password = _basic(value)
    user = site.find_login(name)
    if user is None or not user.active or not _knows_password(site, user, password):
        return FAILED
    return Caller(Login.OK, user)


def _access_token(site: Site, value: str) -> Caller:
    """A personal access token of Server."""
    owner = _owner(site, value)
    return FAILED if owner is None else Caller(Login.OK, owner)


def _owner(site: Site, secret: str) -> User | None:
    """Whose valid token this is."""
    token = site.state.tokens.get(secret)
    if token is None or token.revoked:
        return None
    user = site.state.users[token.account_id]
    lapsed = token.expires_at is not None and token.expires_at <= site.now()
    return user if user.active and not lapsed else None


def _knows_password(site: Site, user: User | None, password: str) -> bool:
    return user is not None and site.state.passwords.get(user.account_id) == password


Judge = Callable[[Site, str], Caller]
JUDGES: Mapping[Deployment, Mapping[str, Judge]] = {
    Deployment.CLOUD: {"basic": _email_and_token},
    Deployment.SERVER: {"basic": _name_and_password, "bearer": _access_token},
}
