"""OAuth 2.0 (3LO) of Atlassian's cloud: what is said, and what the answers mean (jira.md 2.2).

Pure, but for the randomness of `Pkce.new`.  The calls themselves are in `oauth_calls`.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlencode, urlsplit

from pydantic import Field

from duolog.core.errors import Disconnected, Refused, SyncError
from duolog.jira.troubles import CONNECT_AGAIN, Barred, Trouble
from duolog.jira.wire.parse import Many, Wire

# The document of today says `read:me` for what the seed's form calls *View account*, and what was
# `read:account` before; an app must have been given each of these in Atlassian's console.
SCOPES: Final = (
    "read:jira-work",
    "write:jira-work",
    "read:jira-user",
    "manage:jira-webhook",
    "read:me",
    "offline_access",
)
AUDIENCE: Final = "api.atlassian.com"


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where Atlassian's sign-in and its gateway are; both are one simulator in tests."""

    auth: str = "https://auth.atlassian.com"
    api: str = "https://api.atlassian.com"

    def gateway(self, cloud_id: str) -> str:
        """Where the REST interface of a site is, for OAuth and for tokens with scopes."""
        return f"{self.api}/ex/jira/{cloud_id}"


ATLASSIAN: Final = Hosts()


@dataclass(frozen=True, slots=True)
class App:
    """An OAuth 2.0 app as it is registered at Atlassian."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Pkce:
    """Proof that who exchanges the code is who asked for it (RFC 7636): kept here until then."""

    verifier: str = field(repr=False)

    @classmethod
    def new(cls) -> Pkce:
        """One that nobody guesses."""
        return cls(secrets.token_urlsafe(64))

    @property
    def challenge(self) -> str:
        """What may be seen of it: the digest."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class Grant(Wire):
    """What a person's consent is worth now.

    `refresh_token` replaces the one that was used: store it before the access token is used.
    It is empty where `offline_access` was not allowed.
    """

    access_token: Annotated[str, Field(alias="access_token", repr=False)]
    refresh_token: Annotated[str, Field(alias="refresh_token", repr=False)] = ""
    expires_in: Annotated[int, Field(alias="expires_in", gt=0)]
    scope: str = ""

    @property
    def life(self) -> timedelta:
        """How long the access token is good for, from its coming on."""
        return timedelta(seconds=self.expires_in)

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the person allowed, of what was asked."""
        return tuple(self.scope.split())


class GrantedSite(Wire):
    """A site that a grant is good for; `id` is its cloud id."""

    id: str
    url: str
    name: str = ""
    scopes: Many[str] = ()


def authorize_address(app: App, *, state: str, challenge: str, hosts: Hosts = ATLASSIAN) -> str:
    """Where the person's browser goes to let us in.  `state` comes back with the answer."""
    query = {
        "audience": AUDIENCE,
        "client_id": app.client_id,
        "scope": " ".join(SCOPES),
        "redirect_uri": app.redirect_uri,
        "state": state,
        "response_type": "code",
        "prompt": "consent",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{hosts.auth}/authorize?{urlencode(query)}"


def choose_site(sites: Sequence[GrantedSite], base_url: str) -> GrantedSite:
    """The granted site that a person meant, by its host or its address at the gateway.

    A site may be listed more than once, with other scopes each time: those are put together.
    Raises Barred, naming the sites that were granted, where it is not among them.
    """
    wanted = _host(base_url)
    found = [it for it in sites if _host(it.url) == wanted or base_url.endswith(f"/{it.id}")]
    if not found:
        raise _another_site(sites, wanted)
    scopes = dict.fromkeys(scope for site in found for scope in site.scopes)
    return found[0].model_copy(update={"scopes": tuple(scopes)})


def _host(address: str) -> str:
    parts = urlsplit(address)
    return parts.netloc.rpartition("@")[2].lower().rstrip(".")


def _another_site(sites: Sequence[GrantedSite], wanted: str) -> Barred:
    if not sites:
        return Barred(
            Trouble.OTHER_SITE,
            "Atlassian let us into no Jira site.",
            hint=f"Sign in once more with an account that uses {wanted}, and choose that site.",
        )
    granted = ", ".join(sorted({_host(site.url) for site in sites}))
    return Barred(
        Trouble.OTHER_SITE,
        f"You let us into {granted}, not into {wanted}.",
        hint="Sign in once more and choose that site under “Use app on”, or connect the one you chose.",
    )


def refused_at_consent(error: str, description: str = "") -> SyncError:
    """What a person should read when Atlassian sends them back without a code."""
    if error == "access_denied":
        return Refused(
            "You did not let Duolog in, so nothing was connected.",
            hint="Start again when you are ready, and choose Accept.",
        )
    said = description.strip().rstrip(".") or error or "it did not say why"
    return Refused(f"Atlassian did not let us in: {said[:300]}.", hint=_ASK_ADMIN)


class Complaint(Wire):
    """What the token address answers instead of a grant."""

    error: str = ""
    error_description: Annotated[str, Field(alias="error_description")] = ""


_ASK_ADMIN: Final = (
    "Have the app checked at developer.atlassian.com: its callback address, its scopes under "
    "Permissions, and its client id and secret as entered here."
)


def exchange_refused(status: int, complaint: Complaint) -> SyncError:
    """Why a code gave no grant; nothing is connected, and the code is gone."""
    if _is_the_app(status, complaint):
        return _wrong_app(status)
    if complaint.error == "invalid_grant":
        return Refused(
            f"The code from Atlassian was used already, or is too old ({status}).",
            hint="Start the sign-in again, and let it finish in one go. If it fails each time, "
            f"the callback address of the app differs from ours. {_ASK_ADMIN}",
        )
    return _unexplained(status, complaint)


def renewal_refused(status: int, complaint: Complaint) -> SyncError:
    """Why a refresh token gave no grant: where the grant has ended, only its person can help."""
    if _grant_has_ended(complaint):
        return Barred(
            Trouble.WRONG,
            f"Atlassian has ended what you allowed ({status}): it was taken back, the password "
            "was changed, or it was not used for 90 days.",
            hint=CONNECT_AGAIN,
        )
    return _wrong_app(status) if _is_the_app(status, complaint) else _unexplained(status, complaint)


def _grant_has_ended(complaint: Complaint) -> bool:
    """Atlassian documents `invalid_grant`; some get `unauthorized_client` and these words instead.

    The second was reported by Parabol (ParabolInc/parabol#11849).
    """
    words = complaint.error_description.lower().replace("_", " ")
    return complaint.error == "invalid_grant" or "refresh token is invalid" in words


def _is_the_app(status: int, complaint: Complaint) -> bool:
    wrong = {"invalid_client", "unauthorized_client", "access_denied"}
    return status == 401 or complaint.error in wrong


def _wrong_app(status: int) -> Disconnected:
    return Disconnected(
        f"Atlassian does not know this OAuth app, or its client secret is another ({status}).",
        hint="Enter client id and secret anew, as developer.atlassian.com shows them.",
    )


def _unexplained(status: int, complaint: Complaint) -> Refused:
    said = complaint.error_description.strip().rstrip(".") or complaint.error
    because = f": {said[:300]}" if said else ""
    return Refused(f"Atlassian gave no access{because} ({status}).", hint=_ASK_ADMIN)
