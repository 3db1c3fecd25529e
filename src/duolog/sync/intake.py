"""Webhook requests in: proven genuine, kept once, and turned into marks.  Jira is never asked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from duolog.connections.models import Connection
from duolog.connections.webhooks import find_by_hash, is_genuine, webhook_is_signed
from duolog.jira.hints import Hint
from duolog.jira.webhooks import MalformedDelivery, UnknownEvent, parse_hint
from duolog.sync.marks import LINK, mark_newcomer
from duolog.sync.models import Binding, BindingState, Delivery, Direction, Link, LinkState
from duolog.sync.sightings import DELETED, hint_to_json
from duolog.work.marks import mark_many

LARGEST_BODY: Final = 25 * 1024 * 1024
_SEEN_EVERY: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a webhook request is answered: a status, and a sentence for whoever looks at it."""

    status: int
    sentence: str


TOO_LARGE: Final = Receipt(413, "A delivery may have 25 MB at most; Jira sends none that large.")
_NO_SUCH_HASH: Final = Receipt(
    404, "No connection has this webhook address. Copy it again from Settings, Integrations, Jira."
)
_NOT_GENUINE: Final = Receipt(
    401,
    "The signature does not match. Enter the same secret in Jira's webhook and in Settings, "
    "Integrations, Jira.",
)


def receive(name: str, headers: Mapping[str, str], body: bytes) -> Receipt:
    """Keep a delivery and mark what it hints at, in one short transaction.

    `headers` are looked up by their names in lower case.
    """
    connection = find_by_hash(name)
    if connection is None:
        return _NO_SUCH_HASH
    if len(body) > LARGEST_BODY:
        return TOO_LARGE
    if webhook_is_signed(connection) and not is_genuine(
        connection, body, headers.get("x-hub-signature", "")
    ):
        _count_refused(connection)
        return _NOT_GENUINE
    try:
        hint, event = _read(body)
    except MalformedDelivery as error:
        _count_refused(connection)
        return Receipt(400, f"{error} {error.hint}".strip())
    identifier = headers.get("x-atlassian-webhook-identifier", "")
    return _keep(connection, identifier or hashlib.sha256(body).hexdigest(), hint, event, len(body))


def _read(body: bytes) -> tuple[Hint | None, str]:
    """The hint of a delivery, or none with the reason why it is only counted."""
    try:
        hint = parse_hint(body)
    except UnknownEvent:
        return None, "unknown"
    return hint, hint.event if hint else "ignored"


def _keep(
    connection: Connection, identifier: str, hint: Hint | None, event: str, size: int
) -> Receipt:
    delivery = Delivery(
        connection=connection,
        identifier=identifier[:128],
        event=event[:60],
        issue_id=(hint.issue_id or "") if hint else "",
        hint=hint_to_json(hint) if hint else {},
        size=size,
    )
    if hint is None or not hint.issue_id:
        delivery.taken_at, delivery.outcome = timezone.now(), "ignored"
    with transaction.atomic():
        if not _is_first(delivery):
            return Receipt(202, "This delivery had been received before.")
        if hint is not None and hint.issue_id:
            _mark(connection, delivery, hint)
        _note_seen(connection)
    return Receipt(202, "Received.")


def _is_first(delivery: Delivery) -> bool:
    """Store the delivery unless one with its identifier is there."""
    before = Delivery.objects.filter(
        connection=delivery.connection_id, identifier=delivery.identifier
    )
    if before.exists():
        return False
    Delivery.objects.bulk_create([delivery], ignore_conflicts=True)
    return True


def _mark(connection: Connection, delivery: Delivery, hint: Hint) -> None:
    issue_id = str(hint.issue_id)
    rows = Link.objects.filter(binding__connection=connection, issue_id=issue_id)
    links = list(rows.values_list("pk", "state"))
    live = [pk for pk, state in links if state != LinkState.ENDED]
    if live:
        mark_many(LINK, live, lane=connection.lane)
        return
    strangers = [] if links or hint.event == DELETED else _bindings_of(connection, hint)
    for binding in strangers:
        mark_newcomer(binding, issue_id)
    if not strangers:
        Delivery.objects.filter(connection=connection, identifier=delivery.identifier).update(
            taken_at=timezone.now(), outcome="ignored"
        )


def _bindings_of(connection: Connection, hint: Hint) -> list[Binding]:
    """The two-way bindings that take in issues of the hint's project; paused ones included."""
    here = Q(jira_project_id=hint.project_id or "-") | Q(jira_project_key=hint.project_key or "-")
    return list(
        Binding.objects.select_related("connection")
        .filter(here, connection=connection, direction=Direction.TWO_WAY)
        .exclude(state=BindingState.ENDED)
    )


def _note_seen(connection: Connection) -> None:
    """When the last delivery came, to a few seconds: so that deliveries do not wait in line."""
    now = timezone.now()
    old = connection.last_delivery_at
    if old is None or now - old > _SEEN_EVERY:
        Connection.objects.filter(pk=connection.pk).update(last_delivery_at=now)


def _count_refused(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(
        refused_deliveries=F("refused_deliveries") + 1, last_refused_at=timezone.now()
    )
