"""What a connection looks like outside, and what may be asked of it.  Reads rows, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from duolog.api.shapes import Body, Moment, Shape
from duolog.connections.budget import Budget
from duolog.connections.certificates import certificate_ends
from duolog.connections.models import Connection, ConnectionKind, Deployment, Health
from duolog.connections.report import Report
from duolog.connections.wishes import NewConnection as Wish
from duolog.connections.wishes import NewCredential
from duolog.sync.shown.overview import Stops

Method = Literal["oauth", "api_token", "pat", "basic"]
Label = Annotated[str, Field(max_length=120)]
Email = Annotated[str, Field(max_length=254)]
Username = Annotated[str, Field(max_length=255)]
Secret = Annotated[str, Field(max_length=4000)]
Pem = Annotated[str, Field(max_length=200_000)]

NAMES_OUTSIDE: Final[Mapping[str, str]] = {"ca_certificate": "ca_file"}
"""What the contract calls a field otherwise than we do."""


class ReportShape(Shape):
    """What the test found; `skew_seconds` is Jira's clock minus ours, `missing` are permissions.

    `missing_scopes` is what an OAuth consent leaves out.
    """

    account_id: str
    account_name: str
    email: str = ""
    time_zone: str
    deployment: Deployment = Deployment.CLOUD
    version: str
    site_name: str
    missing: list[str]
    missing_scopes: list[str] = Field(default_factory=list)
    is_administrator: bool = True
    skew_seconds: int
    warnings: list[str]


class ConnectionShape(Shape):
    """Access to one Jira site; where it needs attention, `reason` and `hint` say why.

    `expires_at` is when the credential ends by itself, `certificate_ends_at` the certificate that
    is trusted for this site, where either is known.  Of the `calls_last_hour` Jira put some off;
    `budget_share` is how much of what it lets through is in use, from 0 to 1, null where it does
    not say.
    """

    id: str
    kind: ConnectionKind
    label: str
    deployment: Deployment
    address: str
    method: Method
    email: str
    username: str
    account_id: str
    account_name: str
    health: Health
    reason: str
    hint: str
    report: ReportShape
    writes_in_my_name: bool
    expires_at: Moment | None
    certificate_ends_at: Moment | None
    checked_at: Moment | None
    last_success_at: Moment | None
    calls_last_hour: int
    calls_put_off: int
    budget_share: float | None
    created_at: Moment


class NewConnection(Body):
    """A site and a credential for it, which is tested at once.

    What is needed follows from `method`: `email` and `secret` for an API token, `secret` for a
    personal access token, `username` and `secret` for a password, nothing for `oauth`: a person
    consents in a browser then.  `ca_file` is the content of a certificate's file, where the site's
    own is signed by an authority of yours.
    """

    kind: ConnectionKind = ConnectionKind.WORKPLACE
    deployment: Deployment = Deployment.CLOUD
    address: Annotated[str, Field(max_length=200)]
    method: Method = "api_token"
    email: Email = ""
    username: Username = ""
    secret: Secret = ""
    label: Label = ""
    ca_file: Pem = ""
    expires_on: date | None = None

    def wish(self) -> Wish:
        """The same as the service takes it."""
        return Wish(
            address=self.address,
            email=self.email,
            secret=self.secret,
            label=self.label,
            deployment=self.deployment,
            kind=self.kind,
            method=self.method,
            username=self.username,
            ca_certificate=self.ca_file,
            expires_on=self.expires_on,
        )


class ConnectionChanges(Body):
    """What is to change; what is left out stays.

    Another credential is tried before it replaces the old one; it needs `secret`, and may come
    with another `method`, `email`, `username` or `ca_file`.
    """

    label: Label | None = None
    method: Method | None = None
    email: Email | None = None
    username: Username | None = None
    secret: Secret | None = None
    ca_file: Pem | None = None
    expires_on: date | None = None
    writes_in_my_name: bool | None = None

    def credential(self, connection: Connection) -> NewCredential | None:
        """The credential to try, or None where none was named."""
        named = (self.method, self.email, self.username, self.secret, self.ca_file)
        if all(each is None for each in named):
            return None
        return NewCredential(
            secret=self.secret or "",
            method=self.method or connection.method,
            email=connection.email if self.email is None else self.email,
            username=connection.username if self.username is None else self.username,
            ca_certificate=self.ca_file,
            expires_on=self.expires_on,
        )

    @property
    def names_an_end(self) -> bool:
        """Whether the day on which the credential ends was given, be it null."""
        return "expires_on" in self.model_fields_set


class SignInShape(Shape):
    """Where a person goes to consent, in a browser signed in here as the member who asked.

    The address is good for an hour, once; on the way back the connection is made or renewed.
    """

    authorize_url: str


class StoppingShape(Shape):
    """A team or project, by its `name`, that stops being kept in step."""

    binding_id: str
    name: str
    team_id: str
    team: str
    jira_project_key: str
    items: int


class StopsShape(Shape):
    """What stops when a connection is removed; items, issues and links stay as they are.

    `webhook` says what becomes of it: `removed` where we registered it, `left` where it was
    pasted into Jira, `none`.
    """

    bindings: list[StoppingShape]
    items: int
    webhook: Literal["removed", "left", "none"]


def connection_shape(connection: Connection, budget: Budget) -> ConnectionShape:
    """A connection as it is told."""
    return ConnectionShape.model_validate(
        {
            **{name: getattr(connection, name) for name in _AS_STORED},
            "id": str(connection.pk),
            "address": connection.base_url,
            "calls_last_hour": budget.calls,
            "calls_put_off": budget.put_off,
            "budget_share": budget.share,
            "certificate_ends_at": certificate_ends(connection.ca_certificate),
        }
    )


def report_shape(report: Report) -> ReportShape:
    """What a test found, as it is told."""
    return ReportShape.model_validate(report.to_json())


def stops_shape(stops: Stops) -> StopsShape:
    """What would stop, as it is told."""
    return StopsShape(
        bindings=[
            StoppingShape(
                binding_id=str(each.binding.pk),
                name=each.name,
                team_id=str(each.binding.team_id),
                team=each.binding.team.shown_name,
                jira_project_key=each.binding.jira_project_key,
                items=each.links,
            )
            for each in stops.shared
        ],
        items=stops.items,
        webhook=stops.webhook,
    )


def outside(errors: Mapping[str, Any]) -> dict[str, Any]:
    """Sentences by field, the fields named as the contract does."""
    return {NAMES_OUTSIDE.get(name, name): words for name, words in errors.items()}


_AS_STORED: Final[Sequence[str]] = (
    "kind", "label", "deployment", "method", "email", "username", "account_id", "account_name",
    "health", "reason", "hint", "report", "writes_in_my_name", "expires_at", "checked_at",
    "last_success_at", "created_at",
)  # fmt: skip
