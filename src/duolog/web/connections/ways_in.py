"""Forms that ask for the way into a Jira: where it is, by which method, with what.  No queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import urlencode, urlsplit

from duolog.connections.models import METHODS_OF, Connection, ConnectionKind, Deployment, Method
from duolog.connections.services import NewConnection, NewCredential
from duolog.core.errors import Refused
from duolog.jira import dialect
from duolog.jira.address import understand
from duolog.people.errors import Invalid

API_TOKENS_PAGE: Final = "https://id.atlassian.com/manage-profile/security/api-tokens"
DEVELOPER_CONSOLE: Final = "https://developer.atlassian.com/console/myapps/"
PATS_PATH: Final = (
    "/secure/ViewProfile.jspa?selectedTab="
    "com.atlassian.pats.pats-plugin:jira-user-personal-access-tokens"
)
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    Method.OAUTH: (
        "Sign in with Atlassian",
        "Approve it on Atlassian's own page. There is no token to copy, and none to renew.",
    ),
    Method.API_TOKEN: (
        "E-mail and API token",
        "A token made at id.atlassian.com. It ends after a year at most.",
    ),
    Method.PAT: (
        "Personal access token",
        "A token made in the account's profile in Jira. It can be taken back alone.",
    ),
    Method.BASIC: (
        "User name and password",
        "Where tokens cannot be had. Single sign-on may forbid it.",
    ),
}
SCOPE_WORDS: Final[Mapping[str, str]] = {
    "read:jira-work": "View Jira issue data",
    "write:jira-work": "Create and manage issues",
    "read:jira-user": "View user profiles",
    "manage:jira-webhook": "Manage Jira webhooks",
    "read:me": "View active user profile",
    "read:account": "View user profiles of the account",
}


@dataclass(frozen=True, slots=True)
class Entered:
    """What a person has entered, but for the secret, which no page ever shows again."""

    deployment: str = Deployment.CLOUD
    address: str = ""
    method: str = Method.OAUTH
    email: str = ""
    username: str = ""
    label: str = ""
    expires_on: str = ""
    ca_certificate: str = ""

    @property
    def place(self) -> Place:
        """What the address is understood as."""
        return read_place(self.address, self.deployment)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads; `advice` names a doubt, `problem` why it leads nowhere."""

    base_url: str = ""
    context: str = ""
    advice: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One method as the form offers it."""

    method: str
    name: str
    sentence: str
    is_recommended: bool


@dataclass(frozen=True, slots=True)
class App:
    """The OAuth app: whether there is one, and what whoever makes it has to copy and tick.

    `client_id` is that of the workplace's own, empty where the installation brings it.
    """

    is_there: bool
    client_id: str
    may_be_set: bool
    callback: str
    scopes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WayForm:
    """The form for a method: a new connection, or another credential of `connection`."""

    entered: Entered
    kind: str
    post_url: str
    way_url: str
    submit: str
    app: App | None = None
    connection: Connection | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def ways(self) -> tuple[Way, ...]:
        """The methods to choose from, the recommended one first."""
        methods = METHODS_OF[self.entered.deployment]
        return tuple(Way(each, *WORDS[each], each == methods[0]) for each in methods)

    @property
    def place(self) -> Place:
        """The site."""
        return self.entered.place

    @property
    def is_personal(self) -> bool:
        """Whether it is for the person alone."""
        return self.kind == ConnectionKind.PERSONAL

    @property
    def tokens_page(self) -> str:
        """Where the credential is made."""
        if self.entered.deployment == Deployment.CLOUD:
            return API_TOKENS_PAGE
        return f"{self.place.base_url}{PATS_PATH}"

    @property
    def place_query(self) -> str:
        """The site as the query of a link."""
        return place_query(self.entered)

    @property
    def developer_console(self) -> str:
        """Where OAuth apps are made."""
        return DEVELOPER_CONSOLE


def read_place(address: str, deployment: str) -> Place:
    """What an address is understood as, seen from the chosen deployment."""
    try:
        site = understand(address)
    except Refused as error:
        return Place(problem=f"{error} {error.hint}".strip())
    place = Place(site.base_url, urlsplit(site.base_url).path)
    if deployment == Deployment.SERVER and site.deployment == dialect.Deployment.CLOUD:
        return Place(problem=_NOT_A_SERVER.format(site.base_url))
    if deployment == Deployment.CLOUD and site.deployment is None:
        return Place(place.base_url, place.context, advice=_PERHAPS_A_SERVER)
    return place


_NOT_A_SERVER: Final = (
    "{} is Jira Cloud. Choose Jira Cloud above, or enter the whole name of your server, such as "
    "jira.company.com."
)
_PERHAPS_A_SERVER: Final = (
    "This is not an address of Atlassian's cloud. If your company runs this Jira itself, choose "
    "Server or Data Center."
)


def read_entered(given: Mapping[str, str]) -> Entered:
    """What a form or an address says; what no deployment has becomes the recommended choice."""
    deployment = given.get("deployment", "")
    if deployment not in METHODS_OF:
        deployment = Deployment.CLOUD
    method = given.get("method", "")
    if method not in METHODS_OF[deployment]:
        method = METHODS_OF[deployment][0]
    texts = ("address", "email", "username", "label", "expires_on", "ca_certificate")
    return Entered(deployment, method=method, **{each: given.get(each, "") for each in texts})


def place_query(entered: Entered, **more: str) -> str:
    """Deployment and address as the query of a link."""
    return urlencode({"deployment": entered.deployment, "address": entered.address, **more})


def new_connection(entered: Entered, secret: str, kind: str) -> NewConnection:
    """What was entered, for the service.  Raises Invalid for a day that is none."""
    return NewConnection(
        address=entered.address,
        deployment=entered.deployment,
        method=entered.method,
        kind=kind,
        email=entered.email,
        username=entered.username,
        secret=secret,
        label=entered.label,
        ca_certificate=entered.ca_certificate,
        expires_on=read_day(entered.expires_on),
    )


def new_credential(entered: Entered, secret: str) -> NewCredential:
    """What was entered to replace a credential.  Raises Invalid for a day that is none."""
    return NewCredential(
        method=entered.method,
        email=entered.email,
        username=entered.username,
        secret=secret,
        ca_certificate=entered.ca_certificate or None,
        expires_on=read_day(entered.expires_on),
    )


def read_day(text: str) -> date | None:
    """The day of a date field; None where it is empty.  Raises Invalid."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(
            {"expires_on": "Enter a day, such as 2027-06-30, or leave it empty."}
        ) from None
