"""`/connections`: access to Jira sites, its test and its webhook.  Never tells a secret."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from duolog.api.callers import caller_of
from duolog.api.once import create_once_in_jira
from duolog.api.openapi import ONCE
from duolog.api.shapes import Body, Listing, Moment, Shape
from duolog.connections import services
from duolog.connections.gate import GATE
from duolog.connections.models import Connection, ConnectionKind, Deployment, Health
from duolog.connections.queries import get_connection, list_connections
from duolog.connections.report import Report
from duolog.connections.webhooks import EVENTS, webhook_is_signed, webhook_url
from duolog.people.needs import states
from duolog.people.rights import Right

router = Router(tags=["Connections"])

Method = Literal["oauth", "api_token", "pat", "basic"]
Label = Annotated[str, Field(max_length=120)]
Email = Annotated[str, Field(max_length=254)]
Secret = Annotated[str, Field(max_length=4000)]


class ReportShape(Shape):
    """What the test found; `skew_seconds` is Jira's clock minus ours, `missing` are permissions."""

    account_id: str
    account_name: str
    time_zone: str
    version: str
    site_name: str
    missing: list[str]
    skew_seconds: int
    warnings: list[str]


class ConnectionShape(Shape):
    """Access to one Jira site; where it needs attention, `reason` and `hint` say why."""

    id: str
    kind: ConnectionKind
    label: str
    deployment: Deployment
    address: str
    method: Method
    email: str
    account_id: str
    account_name: str
    health: Health
    reason: str
    hint: str
    report: ReportShape
    checked_at: Moment | None
    last_success_at: Moment | None
    created_at: Moment


class NewConnection(Body):
    """A site and a credential for it, which is tested at once."""

    kind: ConnectionKind = ConnectionKind.WORKPLACE
    deployment: Deployment = Deployment.CLOUD
    address: Annotated[str, Field(max_length=200)]
    method: Method = "api_token"
    email: Email = ""
    secret: Secret = ""
    label: Label = ""


class ConnectionChanges(Body):
    """Another label, or another credential: then both `email` and `secret`."""

    label: Label | None = None
    email: Email | None = None
    secret: Secret | None = None


class WebhookShape(Shape):
    """Where Jira is to send, and which events to tick; `url` is null until it was set up."""

    url: str | None
    events: list[str]
    signed: bool
    last_delivery_at: Moment | None


class NewWebhook(Body):
    """`register` has Jira set up by us; else paste the address there, with the same secret."""

    secret: Annotated[str, Field(min_length=16, max_length=200)] | None = None
    register_in_jira: bool = Field(default=False, alias="register")


@router.get("/connections", response=Listing[ConnectionShape])
@states(Right.CONNECT_SELF)
def list_all(request: HttpRequest) -> Listing[ConnectionShape]:
    """The connections of the workplace."""
    caller = caller_of(request)
    return Listing[ConnectionShape](
        items=[_connection(each) for each in list_connections(caller.workplace)]
    )


@router.post("/connections", response={201: ConnectionShape}, openapi_extra=ONCE)
@states(Right.CONNECT)
def create_connection(request: HttpRequest, body: NewConnection) -> HttpResponse:
    """Connect to a Jira site; nothing is stored when the test fails."""
    caller = caller_of(request)
    new = services.NewConnection(**body.model_dump())

    def create() -> ConnectionShape:
        with GATE.passed():
            return _connection(services.connect(caller.member, new))

    return create_once_in_jira(request, create)


@router.get("/connections/{int:connection_id}", response=ConnectionShape)
@states(Right.CONNECT_SELF)
def read_connection(request: HttpRequest, connection_id: int) -> ConnectionShape:
    """One connection."""
    return _connection(_find(request, connection_id))


@router.patch("/connections/{int:connection_id}", response=ConnectionShape)
@states(Right.CONNECT)
def update_connection(
    request: HttpRequest, connection_id: int, body: ConnectionChanges
) -> ConnectionShape:
    """Rename a connection, or replace its credential once the new one is proven."""
    caller, connection = caller_of(request), _find(request, connection_id)
    if body.label is not None:
        services.rename(caller.member, connection, body.label)
    if body.email is not None or body.secret is not None:
        with GATE.passed():
            services.change_credential(
                caller.member,
                connection,
                email=body.email or connection.email,
                secret=body.secret or "",
            )
    return _connection(connection)


@router.delete("/connections/{int:connection_id}", response={204: None})
@states(Right.CONNECT)
def remove_connection(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Forget the credential; refused while bindings still use it."""
    caller, connection = caller_of(request), _find(request, connection_id)
    with GATE.passed():
        services.disconnect(caller.member, connection)
    return HttpResponse(status=204)


@router.post("/connections/{int:connection_id}/check", response=ReportShape)
@states(Right.CONNECT)
def check_connection(request: HttpRequest, connection_id: int) -> ReportShape:
    """Test a connection now."""
    caller, connection = caller_of(request), _find(request, connection_id)
    with GATE.passed():
        return _report(services.check(caller.member, connection))


@router.get("/connections/{int:connection_id}/webhook", response=WebhookShape)
@states(Right.CONNECT)
def read_webhook(request: HttpRequest, connection_id: int) -> WebhookShape:
    """The webhook of a connection, if one was set up."""
    return _webhook(_find(request, connection_id))


@router.post("/connections/{int:connection_id}/webhook", response=WebhookShape)
@states(Right.CONNECT)
def set_up_webhook(request: HttpRequest, connection_id: int, body: NewWebhook) -> WebhookShape:
    """Make the webhook's address, set its secret, or have Jira register it."""
    caller, connection = caller_of(request), _find(request, connection_id)
    if body.register_in_jira:
        with GATE.passed():
            services.register_webhook(caller.member, connection)
    else:
        services.set_webhook_secret(caller.member, connection, body.secret)
    return _webhook(connection)


def _find(request: HttpRequest, connection_id: int) -> Connection:
    return get_connection(caller_of(request).workplace, connection_id)


def _connection(connection: Connection) -> ConnectionShape:
    return ConnectionShape.model_validate(
        {
            "id": str(connection.pk),
            "kind": connection.kind,
            "label": connection.label,
            "deployment": connection.deployment,
            "address": connection.base_url,
            "method": connection.method,
            "email": connection.email,
            "account_id": connection.account_id,
            "account_name": connection.account_name,
            "health": connection.health,
            "reason": connection.reason,
            "hint": connection.hint,
            "report": connection.report,
            "checked_at": connection.checked_at,
            "last_success_at": connection.last_success_at,
            "created_at": connection.created_at,
        }
    )


def _report(report: Report) -> ReportShape:
    return ReportShape.model_validate(report.to_json())


def _webhook(connection: Connection) -> WebhookShape:
    return WebhookShape(
        url=webhook_url(connection),
        events=list(EVENTS),
        signed=webhook_is_signed(connection),
        last_delivery_at=connection.last_delivery_at,
    )
