"""`/connections/{id}/webhook`: its address, its secret, its registration.  Never tells a secret."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from duolog.api.callers import caller_of
from duolog.api.shapes import Body, Moment, Shape
from duolog.connections import webhook_services as services
from duolog.connections.gate import GATE
from duolog.connections.models import Connection, RefusalReason, WebhookKind
from duolog.connections.queries import get_in_sight
from duolog.connections.webhooks import (
    OPTIONAL_EVENTS,
    events_of,
    list_refusals,
    missing_events,
    new_secret,
    overlaps,
    webhook_is_signed,
    webhook_url,
)
from duolog.people.errors import Invalid
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.sync.webhook_care import bound_projects

router = Router(tags=["Connections"])
PATH = "/connections/{int:connection_id}/webhook"


class RefusalShape(Shape):
    """How often deliveries were refused for one reason since the webhook was last changed."""

    reason: RefusalReason
    count: int
    last_at: Moment


class WebhookShape(Shape):
    """Where Jira is to send, and what; `url` is null until it was set up.

    `events` are those to tick in Jira, or those we registered; `optional_events` are among them.
    Changes behind `missing_events` are found by looking.  `former_secret_until` is set while the
    secret before the present one is still accepted; null while `overlaps` means: until Jira has
    taken the new one.
    """

    url: str | None
    kind: WebhookKind | None
    events: list[str]
    optional_events: list[str]
    missing_events: list[str]
    signed: bool
    overlaps: bool
    former_secret_until: Moment | None
    new_secret_seen_at: Moment | None
    expires_at: Moment | None
    trouble: str
    last_delivery_at: Moment | None
    refused: list[RefusalShape]


class NewWebhook(Body):
    """`register` has Jira set up by us; else paste the address there, with the same secret."""

    secret: Annotated[str, Field(min_length=16, max_length=200)] | None = None
    register_in_jira: bool = Field(default=False, alias="register")


@router.get(PATH, response=WebhookShape)
@states(Right.CONNECT)
def read_webhook(request: HttpRequest, connection_id: int) -> WebhookShape:
    """The webhook of a connection, if one was set up."""
    return _shape(_find(request, connection_id))


@router.post(PATH, response=WebhookShape)
@states(Right.CONNECT)
def set_up_webhook(request: HttpRequest, connection_id: int, body: NewWebhook) -> WebhookShape:
    """Make the webhook's address, set its secret, or have Jira register it.

    A secret that replaces another overlaps with it for a day.
    """
    by, connection = caller_of(request).member, _find(request, connection_id)
    if body.register_in_jira:
        with GATE.passed():
            services.register(by, connection, bound_projects(connection))
        return _shape(connection)
    if body.secret is not None:
        with GATE.passed():
            services.set_secret(by, connection, body.secret, bound_projects(connection))
    services.generate_address(by, connection)
    return _shape(connection)


@router.post(f"{PATH}/rotate", response=WebhookShape)
@states(Right.CONNECT)
def rotate_secret(request: HttpRequest, connection_id: int) -> WebhookShape:
    """Another secret for a webhook we registered, here and in Jira; the former overlaps for a day.

    For one that was pasted into Jira, send its new secret by `POST …/webhook`.
    """
    by, connection = caller_of(request).member, _find(request, connection_id)
    if connection.webhook_kind != WebhookKind.ADMIN:
        raise Invalid({"webhook": "Only the secret of a webhook we registered is made here."})
    with GATE.passed():
        services.set_secret(by, connection, new_secret(), bound_projects(connection))
    return _shape(connection)


@router.post(f"{PATH}/end-overlap", response=WebhookShape)
@states(Right.CONNECT)
def end_overlap(request: HttpRequest, connection_id: int) -> WebhookShape:
    """Accept the former secret no longer."""
    connection = _find(request, connection_id)
    services.end_overlap(caller_of(request).member, connection)
    return _shape(connection)


@router.post(f"{PATH}/renew-address", response=WebhookShape)
@states(Right.CONNECT)
def renew_address(request: HttpRequest, connection_id: int) -> WebhookShape:
    """Another address; what Jira sends to the old one is refused from then on."""
    by, connection = caller_of(request).member, _find(request, connection_id)
    with GATE.passed():
        services.renew_address(by, connection, bound_projects(connection))
    return _shape(connection)


@router.delete(PATH, response={204: None})
@states(Right.CONNECT)
def remove_webhook(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Take the webhook away, out of Jira too where we registered it."""
    by, connection = caller_of(request).member, _find(request, connection_id)
    with GATE.passed():
        services.remove(by, connection)
    return HttpResponse(status=204)


def _find(request: HttpRequest, connection_id: int) -> Connection:
    return get_in_sight(caller_of(request).member, connection_id)


def _shape(connection: Connection) -> WebhookShape:
    now = timezone.now()
    is_overlapping = overlaps(connection, now)
    return WebhookShape(
        url=webhook_url(connection),
        kind=WebhookKind(connection.webhook_kind) if connection.webhook_kind else None,
        events=list(events_of(connection)),
        optional_events=[e for e in OPTIONAL_EVENTS if e in events_of(connection)],
        missing_events=list(missing_events(connection)),
        signed=webhook_is_signed(connection),
        overlaps=is_overlapping,
        former_secret_until=connection.former_webhook_secret_until if is_overlapping else None,
        new_secret_seen_at=connection.webhook_proven_at,
        expires_at=connection.webhook_expires_at,
        trouble=connection.webhook_trouble,
        last_delivery_at=connection.last_delivery_at,
        refused=[
            RefusalShape(reason=RefusalReason(row.reason), count=row.count, last_at=row.last_at)
            for row in list_refusals(connection)
        ],
    )
