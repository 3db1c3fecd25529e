"""OAuth 2.0 grants: consent, codes, rotating refresh tokens (jira.md 2.2, 2.3).

The rules of both products, which differ in few things.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from jirasim.site.credentials import AccessToken, Code, Grant, OAuthApp, RefreshToken
from jirasim.site.model import User
from jirasim.site.state import Site

CODE_LIFE: Final = timedelta(minutes=5)
LEEWAY: Final = timedelta(minutes=10)
INACTIVITY: Final = timedelta(days=90)
ABSOLUTE: Final = timedelta(days=365)
CLOUD_LIFE: Final = timedelta(hours=1)
SERVER_LIFE: Final = timedelta(hours=2)
OFFLINE: Final = "offline_access"
UNKNOWN_REFRESH: Final = "Unknown or invalid refresh token."
BAD_CODE: Final = "Invalid authorization code"


class OAuthRefusal(Exception):
    """What the token address answers instead of tokens."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Request:
    """What an app asks of a person at the consent page."""

    app: OAuthApp
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Fresh tokens.  `refresh` empty: none was asked for."""

    access: str
    refresh: str
    expires_in: int
    scopes: tuple[str, ...]


def acceptable(redirect_uri: str) -> bool:
    """Whether an app may register this address: https, or http on this machine, no fragment."""
    try:
        address = urlsplit(redirect_uri)
        host = address.hostname
    except ValueError:
        return False
    if not host or "#" in redirect_uri or "\\" in redirect_uri or address.username is not None:
        return False
    local = address.scheme == "http" and host in {"localhost", "127.0.0.1"}
    return local or address.scheme == "https"


def secret(size: int) -> str:
    """Something that nobody guesses, of so many bytes."""
    return secrets.token_urlsafe(size)


def consent(site: Site, user: User, request: Request) -> Code:
    """The person allows it: a grant, and the code for the app."""
    access, now = site.state.access, site.now()
    grant = Grant(
        site.next_id("grant", first=1),
        request.app.client_id,
        user.account_id,
        request.scopes,
        now,
    )
    code = Code(
        secret(32),
        grant.id,
        request.redirect_uri,
        now + CODE_LIFE,
        request.challenge,
        request.method,
    )
    access.grants[grant.id] = grant
    access.codes[code.value] = code
    site.revision += 1
    return code


def exchange(site: Site, app: OAuthApp, given: str, *, redirect_uri: str, verifier: str) -> Pair:
    """Tokens for a code, once.  A code that is shown again takes its grant with it."""
    code = site.state.access.codes.get(given)
    if code is None:
        raise OAuthRefusal(403, "invalid_grant", BAD_CODE)
    grant = site.state.access.grants[code.grant_id]
    if grant.client_id != app.client_id:
        raise OAuthRefusal(403, "invalid_grant", BAD_CODE)
    if code.used:
        revoke(site, grant)
        raise OAuthRefusal(403, "invalid_grant", BAD_CODE)
    if code.expires_at <= site.now() or grant.revoked or code.redirect_uri != redirect_uri:
        raise OAuthRefusal(403, "invalid_grant", BAD_CODE)
    if not proves(code, verifier):
        raise OAuthRefusal(403, "invalid_grant", "Failed to verify code verifier")
    site.state.access.codes[given] = replace(code, used=True)
    return _issue(site, grant)


def refresh(site: Site, app: OAuthApp, given: str) -> Pair:
    """Tokens for a refresh token, which is used up by that.

    It may be shown again for ten minutes, for an answer that was lost; later that is taken for
    theft, and the whole grant dies.
    """
    access, now = site.state.access, site.now()
    token = access.refresh_tokens.get(given)
    grant = None if token is None else access.grants[token.grant_id]
    if token is None or grant is None or grant.client_id != app.client_id:
        raise OAuthRefusal(403, "invalid_grant", UNKNOWN_REFRESH)
    if token.used_at is not None and token.used_at + LEEWAY <= now:
        revoke(site, grant)
    idle, old = token.issued_at + INACTIVITY <= now, grant.created + ABSOLUTE <= now
    dead = access.grants[grant.id].revoked or not site.state.users[grant.account_id].active
    if dead or idle or old:
        raise OAuthRefusal(403, "invalid_grant", UNKNOWN_REFRESH)
    if token.used_at is None:
        access.refresh_tokens[given] = replace(token, used_at=now)
    return _issue(site, grant)


def standing(site: Site, access_token: str) -> Grant | None:
    """The grant that an access token stands for, while both are valid."""
    token = site.state.access.access_tokens.get(access_token)
    if token is None or token.expires_at <= site.now():
        return None
    grant = site.state.access.grants[token.grant_id]
    return None if grant.revoked else grant


def revoke(site: Site, grant: Grant) -> None:
    """End a grant; none of its tokens is good for anything from now on."""
    site.state.access.grants[grant.id] = replace(grant, revoked=True)
    site.revision += 1


def proves(code: Code, verifier: str) -> bool:
    """Whether the verifier fits the challenge of the consent (RFC 7636)."""
    if not code.challenge:
        return True
    if code.method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return hmac.compare_digest(verifier.encode(), code.challenge.encode())


def _issue(site: Site, grant: Grant) -> Pair:
    access, now, cloud = site.state.access, site.now(), site.product.cloud
    life = CLOUD_LIFE if cloud else SERVER_LIFE
    token = AccessToken(f"eyJ{secret(96)}", grant.id, now + life)
    access.access_tokens[token.secret] = token
    renewal = ""
    if not cloud or OFFLINE in grant.scopes:
        renewal = f"eyJ{secret(72)}"
        access.refresh_tokens[renewal] = RefreshToken(renewal, grant.id, now)
    site.revision += 1
    return Pair(token.secret, renewal, int(life.total_seconds()), grant.scopes)
