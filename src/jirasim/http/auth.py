"""Who is calling, by the rules of Cloud and of Server (jira.md 2).  Grants no permission."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from http.cookies import CookieError, SimpleCookie

from jirasim.site import consents, logins
from jirasim.site.credentials import ApiToken
from jirasim.site.logins import Outcome
from jirasim.site.model import User
from jirasim.site.permissions import ADMINISTRATORS
from jirasim.site.product import Product
from jirasim.site.state import Site

SESSION_COOKIE = "JSESSIONID"


class Login(Enum):
    """How a request came in."""

    NONE = "no credential given"
    OK = "an accepted credential"
    FAILED = "a credential that was not accepted"
    ACCOUNT_LOGIN = "an account password, which Cloud refuses"
    REJECTED = "a name and password that Server did not accept"
    DENIED = "a password that Server does not look at before a CAPTCHA is solved"
    SWITCHED_OFF = "a password where passwords are switched off"


@dataclass(frozen=True, slots=True)
class Caller:
    """The account behind a request, or nobody.

    `scopes` is what the credential is good for, None for everything; `app` is the OAuth app that
    sent it, if one did.
    """

    login: Login
    user: User | None = None
    scopes: frozenset[str] | None = None
    app: str = ""


NOBODY = Caller(Login.NONE)
FAILED = Caller(Login.FAILED)


def identify(site: Site, headers: Mapping[str, str], *, gateway: bool = False) -> Caller:
    """Judge the `Authorization` header, or on Server the cookie of a session."""
    authorization = headers.get("authorization")
    if not authorization:
        return NOBODY if site.product.cloud else _in_session(site, headers)
    scheme, _, value = authorization.partition(" ")
    judge = _judges(site.product, gateway=gateway).get(scheme.lower())
    return FAILED if judge is None else judge(site, value.strip())


def session_of(headers: Mapping[str, str]) -> str:
    """The session that the cookies name, or nothing."""
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[SESSION_COOKIE].value if SESSION_COOKIE in cookies else ""


def _in_session(site: Site, headers: Mapping[str, str]) -> Caller:
    user = logins.session_user(site, session_of(headers))
    return NOBODY if user is None else Caller(Login.OK, user)


def _basic(value: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    email, _, secret = text.partition(":")
    return email, secret


def _email_and_token(site: Site, value: str) -> Caller:
    """An API token at the site of Cloud: one without scopes, with its owner's e-mail."""
    email, secret = _basic(value)
    token = site.state.tokens.get(secret)
    if token is not None:
        owner = _owner(site, token)
        fits = owner is not None and owner.email.lower() == email.lower() and token.scopes is None
        return Caller(Login.OK, owner) if fits else FAILED
    user = next((one for one in site.state.users.values() if one.email == email.lower()), None)
    knows = user is not None and site.state.passwords.get(user.account_id) == secret
    return Caller(Login.ACCOUNT_LOGIN) if knows else FAILED


def _email_and_scoped_token(site: Site, value: str) -> Caller:
    """An API token at the gateway of Cloud: one with scopes (jira.md 1)."""
    email, secret = _basic(value)
    token = site.state.tokens.get(secret)
    owner = None if token is None else _owner(site, token)
    if token is None or owner is None or token.scopes is None:
        return FAILED
    if owner.email.lower() != email.lower():
        return FAILED
    return Caller(Login.OK, owner, frozenset(token.scopes))


def _name_and_password(site: Site, value: str) -> Caller:
    """The login of Server: the user name, never the e-mail address."""
    if not site.state.settings.basic_auth:
        return Caller(Login.SWITCHED_OFF)
    outcome, user = logins.try_password(site, *_basic(value))
    match outcome:
        case Outcome.OK:
            return Caller(Login.OK, user)
        case Outcome.FAILED:
            return Caller(Login.REJECTED)
        case Outcome.DENIED:
            return Caller(Login.DENIED)


def _bearer_of_server(site: Site, value: str) -> Caller:
    """A personal access token of Server, or the access token of an incoming link."""
    token = site.state.tokens.get(value)
    if token is None:
        return _link_token(site, value)
    owner = _owner(site, token) if takes_personal_tokens(site) else None
    return FAILED if owner is None else Caller(Login.OK, owner)


def takes_personal_tokens(site: Site) -> bool:
    """Whether there are personal access tokens: since 8.14, unless switched off."""
    return site.product.version >= (8, 14) and site.state.settings.personal_tokens


def _link_token(site: Site, value: str) -> Caller:
    """Administration needs the scope as well as the right."""
    caller = _app_token(site, value)
    if caller.user is None or caller.scopes is None or caller.scopes & {"ADMIN", "SYSTEM_ADMIN"}:
        return caller
    plain = caller.user.groups - {ADMINISTRATORS}
    return replace(caller, user=replace(caller.user, groups=plain))


def _app_token(site: Site, value: str) -> Caller:
    """The access token of an OAuth 2.0 app."""
    grant = consents.standing(site, value)
    if grant is None:
        return FAILED
    user = site.state.users[grant.account_id]
    if not user.active:
        return FAILED
    return Caller(Login.OK, user, frozenset(grant.scopes), grant.client_id)


def _owner(site: Site, token: ApiToken) -> User | None:
    """Whose token this is, while it is valid."""
    user = site.state.users[token.account_id]
    lapsed = token.expires_at is not None and token.expires_at <= site.now()
    return user if user.active and not lapsed and not token.revoked else None


Judge = Callable[[Site, str], Caller]
CLOUD_SITE: Mapping[str, Judge] = {"basic": _email_and_token}
CLOUD_GATEWAY: Mapping[str, Judge] = {"basic": _email_and_scoped_token, "bearer": _app_token}
SERVER: Mapping[str, Judge] = {"basic": _name_and_password, "bearer": _bearer_of_server}


def _judges(product: Product, *, gateway: bool) -> Mapping[str, Judge]:
    if not product.cloud:
        return SERVER
    return CLOUD_GATEWAY if gateway else CLOUD_SITE
