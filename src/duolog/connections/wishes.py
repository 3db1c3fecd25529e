"""What a person enters to connect, checked before any site is asked.  Stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final

from django.utils import timezone

from duolog.connections.certificates import read_certificates
from duolog.connections.models import METHODS_OF, ConnectionKind, Deployment, Method
from duolog.core.errors import Refused
from duolog.jira.address import SiteAddress, understand
from duolog.jira.auth import AccessToken, ApiToken, Basic, Credential
from duolog.people.errors import Invalid


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A credential to try: what its method needs, the rest empty.

    `ca_certificate` is PEM text; in place of an older credential, None leaves it as it is.
    """

    secret: str = field(default="", repr=False)
    method: str = Method.API_TOKEN
    email: str = ""
    username: str = ""
    ca_certificate: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewConnection:
    """A site as a person names it, and the credential for it."""

    address: str
    email: str = ""
    secret: str = field(default="", repr=False)
    label: str = ""
    deployment: str = Deployment.CLOUD
    kind: str = ConnectionKind.WORKPLACE
    method: str = Method.API_TOKEN
    username: str = ""
    ca_certificate: str = ""
    expires_on: date | None = None

    def credential(self) -> NewCredential:
        """The credential in it."""
        return NewCredential(
            secret=self.secret,
            method=self.method,
            email=self.email,
            username=self.username,
            ca_certificate=self.ca_certificate,
            expires_on=self.expires_on,
        )


def read_address(pasted: str) -> str:
    """The site's address out of what a person pasted.  Raises Invalid with a sentence."""
    return read_site(pasted).base_url


def read_site(pasted: str) -> SiteAddress:
    """The same, with what the address says of the deployment.  Raises Invalid."""
    try:
        return understand(pasted)
    except Refused as error:
        raise Invalid({"address": f"{error} {error.hint}".strip()}) from error


def check_wish(new: NewConnection) -> SiteAddress:
    """The site that is meant, if everything about it can be tried.  Raises Invalid."""
    if new.deployment not in Deployment.values:
        raise Invalid({"deployment": "Choose Jira Cloud, or Jira Server / Data Center."})
    site = read_site(new.address)
    if site.deployment is not None and site.deployment != new.deployment:
        raise wrong_deployment(site.deployment)
    check_credential(new.deployment, new.credential())
    return site


def check_credential(deployment: str, given: NewCredential) -> None:
    """Raise Invalid, with a sentence per field, for what cannot sign in to this deployment."""
    if given.method not in METHODS_OF[deployment]:
        raise Invalid({"method": _methods_of(deployment)})
    if given.method == Method.OAUTH:
        raise Invalid({"method": _IN_THE_BROWSER})
    errors = {name: words for name, words in _missing(given).items() if words}
    if given.expires_on is not None and given.expires_on <= timezone.now().date():
        errors["expires_on"] = "This day has passed. Make a new token, or leave the day out."
    if errors:
        raise Invalid(errors)
    read_certificates(given.ca_certificate or "")


def wrong_deployment(found: str, version: str = "") -> Invalid:
    """What to say where the site is not of the deployment that was chosen."""
    name = Deployment(found).label
    which = f"{name} {version}" if version and found == Deployment.SERVER else name
    return Invalid({"deployment": f"This site is {which}. Choose {name}."})


def signer(given: NewCredential) -> Credential:
    """What signs requests with a credential that was checked."""
    match given.method:
        case Method.PAT:
            return AccessToken(given.secret)
        case Method.BASIC:
            return Basic(given.username, given.secret)
        case _:
            return ApiToken(given.email, given.secret)


def end_of(day: date | None) -> datetime | None:
    """When a credential that ends on this day ends at the earliest."""
    return None if day is None else datetime.combine(day, time.min, UTC)


def _missing(given: NewCredential) -> Mapping[str, str]:
    has_secret = bool(given.secret.strip())
    match given.method:
        case Method.PAT:
            return {"secret": "" if has_secret else _PASTE_PAT}
        case Method.BASIC:
            return {
                "username": "" if given.username.strip() else _ENTER_NAME,
                "secret": "" if has_secret else "Enter the password.",
            }
        case _:
            return {
                "email": "" if "@" in given.email else _ENTER_EMAIL,
                "secret": "" if has_secret else _PASTE_IT,
            }


def _methods_of(deployment: str) -> str:
    names = " or ".join(f"“{method.label}”" for method in METHODS_OF[deployment])
    return f"{Deployment(deployment).label} is signed in to by {names}."


_ENTER_EMAIL: Final = "Enter the e-mail address of the Atlassian account that made the token."
_PASTE_IT: Final = "Paste the API token. Make one at id.atlassian.com, Security."
_PASTE_PAT: Final = (
    "Paste the personal access token. Make one in Jira, in your profile under Personal Access "
    "Tokens; it is shown only once."
)
_ENTER_NAME: Final = "Enter the user name by which you sign in to Jira, not the e-mail address."
_IN_THE_BROWSER: Final = "Signing in with Atlassian needs a person in a browser: begin it there, and no secret is entered."
