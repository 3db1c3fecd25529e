"""The webhook of a connection: its address, its secrets, what proves a delivery genuine.

Asks Jira nothing: `registration` does.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from duolog.connections.models import (
    Connection,
    Deployment,
    Method,
    Refusal,
    RefusalReason,
    WebhookKind,
)
from duolog.connections.seal import seal, unseal
from duolog.jira.webhooks import is_authentic

EVENTS: Final = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "comment_updated",
    "comment_deleted",
    "attachment_created",
    "attachment_deleted",
    "issuelink_created",
    "issuelink_deleted",
)
"""The events to tick in Jira."""
OPTIONAL_EVENTS: Final = ("worklog_created", "worklog_updated", "worklog_deleted")
"""Worth ticking where time is kept in step; found a little later by looking otherwise."""
DYNAMIC_EVENTS: Final = tuple(
    event for event in EVENTS if event.startswith(("jira:issue_", "comment_"))
)
"""What of them an app may register for itself (enum of `POST /rest/api/3/webhook`)."""
OVERLAP: Final = timedelta(hours=24)
"""How long a former secret is taken beside the new one: Jira repeats for an hour or so at most."""
FIRST_SIGNING_SERVER: Final = 10
"""Server and Data Center sign from this version on (jira.md 7.4)."""
_HASH: Final = re.compile(r"[0-9a-f]{32}")
FIELDS: Final = (
    "webhook_hash",
    "sealed_webhook_secret",
    "sealed_former_webhook_secret",
    "former_webhook_secret_until",
    "webhook_kind",
    "webhook_jira_id",
    "webhook_trouble",
    "webhook_expires_at",
    "webhook_proven_at",
    "last_delivery_at",
)
"""All that a connection's row tells of its webhook."""
_NEEDED: Final = (
    "sealed_webhook_secret",
    "sealed_former_webhook_secret",
    "former_webhook_secret_until",
    "webhook_proven_at",
    "last_delivery_at",
    "report",
)


class Proof(Enum):
    """What shows that a delivery is Jira's."""

    ADDRESS = "the address, which nobody else knows"
    SIGNED = "a signature with the present secret"
    FORMERLY = "a signature with the secret before it"


def find_by_hash(name: str) -> Connection | None:
    """The connection whose webhook address ends in this hash, as far as a delivery needs it.

    The hash is a key of an index.  What the time of a look-up tells of 128 random bits drowns in
    that of the network, and a signed webhook does not rest on it.
    """
    if not _HASH.fullmatch(name):
        return None
    return Connection.objects.only(*_NEEDED).filter(webhook_hash=name).first()


def webhook_url(connection: Connection) -> str | None:
    """The address to paste into Jira, once one was made."""
    if not connection.webhook_hash:
        return None
    return f"{settings.PUBLIC_URL}/api/pms/webhook/jira/{connection.webhook_hash}"


def webhook_is_signed(connection: Connection) -> bool:
    """Whether only signed deliveries are taken."""
    return connection.sealed_webhook_secret is not None


def can_be_signed(connection: Connection) -> bool:
    """Whether this Jira signs what an administrator's webhook sends.

    Cloud does, Server from version 10 on.  A webhook that an app registered is never signed: its
    registration takes no secret (`WebhookDetails` in the document of Cloud; jira.md 7.1).
    """
    if connection.webhook_kind == WebhookKind.DYNAMIC:
        return False
    if connection.deployment == Deployment.CLOUD:
        return True
    major = str(connection.report.get("version", "")).partition(".")[0]
    return not major.isdecimal() or int(major) >= FIRST_SIGNING_SERVER


def is_for_apps(connection: Connection) -> bool:
    """Whether we sign in as an app, which registers webhooks of its own and no administrator's."""
    return connection.method == Method.OAUTH


def events_of(connection: Connection) -> tuple[str, ...]:
    """The events that the connection's webhook can send."""
    if connection.webhook_kind == WebhookKind.DYNAMIC:
        return DYNAMIC_EVENTS
    return (*EVENTS, *OPTIONAL_EVENTS)


def missing_events(connection: Connection) -> tuple[str, ...]:
    """The events it cannot send, which polling and sweeps make up for."""
    here = events_of(connection)
    return tuple(event for event in (*EVENTS, *OPTIONAL_EVENTS) if event not in here)


def prove(connection: Connection, body: bytes, signature: str, now: datetime) -> Proof | None:
    """What proves these bytes genuine, if anything does.

    A connection that has a secret takes nothing without a signature, whatever its webhook is.
    """
    if connection.sealed_webhook_secret is None:
        return Proof.ADDRESS
    if is_authentic(body, signature, unseal(connection.sealed_webhook_secret)):
        return Proof.SIGNED
    former = connection.sealed_former_webhook_secret
    if former is None or not _is_open(connection, now):
        return None
    return Proof.FORMERLY if is_authentic(body, signature, unseal(former)) else None


def _is_open(connection: Connection, now: datetime) -> bool:
    """Without a time, the former secret is taken until Jira has the new one."""
    until = connection.former_webhook_secret_until
    return until is None or now < until


def overlaps(connection: Connection, now: datetime) -> bool:
    """Whether deliveries signed with the former secret are still taken."""
    return connection.sealed_former_webhook_secret is not None and _is_open(connection, now)


def note_delivery(connection: Connection, proof: Proof, now: datetime, every: timedelta) -> None:
    """When a delivery last came, to within `every`: so that deliveries do not wait in line."""
    changes = {}
    old = connection.last_delivery_at
    if old is None or now - old > every:
        changes["last_delivery_at"] = now
    if proof is Proof.SIGNED and connection.webhook_proven_at is None:
        changes["webhook_proven_at"] = now
    if changes:
        Connection.objects.filter(pk=connection.pk).update(**changes)


def note_refused(name: str, reason: RefusalReason) -> None:
    """Count a refused delivery to the address that ends in this hash."""
    now = timezone.now()
    counted = Refusal.objects.filter(connection__webhook_hash=name, reason=reason)
    connection = find_by_hash(name)
    if connection is None or counted.update(count=F("count") + 1, last_at=now):
        return
    first = Refusal(connection=connection, reason=reason, last_at=now)
    Refusal.objects.bulk_create([first], ignore_conflicts=True)
    counted.update(count=F("count") + 1, last_at=now)


def list_refusals(connection: Connection) -> Sequence[Refusal]:
    """What was refused since the webhook was last changed, the latest reason first."""
    return list(Refusal.objects.filter(connection=connection, count__gt=0).order_by("-last_at"))


def make_webhook(connection: Connection, *, secret: str | None = None) -> str:
    """The webhook address of the connection, made now if it has none; a secret replaces the old."""
    with transaction.atomic():
        if not connection.webhook_hash:
            connection.webhook_hash = secrets.token_hex(16)
            connection.webhook_kind = connection.webhook_kind or WebhookKind.PASTED
            connection.save(update_fields=["webhook_hash", "webhook_kind"])
        if secret:
            replace_secret(connection, secret, until=timezone.now() + OVERLAP)
    return str(webhook_url(connection))


def replace_secret(connection: Connection, secret: str, *, until: datetime | None) -> None:
    """Another secret from now on; the one before it is taken as well until then.

    Where that one has not been used yet, Jira still signs with the one before: it stays.  What
    was refused for the old secret is no longer counted against the new one.
    """
    present = connection.sealed_webhook_secret
    if present is not None:
        if secret == unseal(present):
            return
        if connection.webhook_proven_at or not overlaps(connection, timezone.now()):
            connection.sealed_former_webhook_secret = present
        connection.former_webhook_secret_until = until
    connection.sealed_webhook_secret = seal(secret)
    connection.webhook_proven_at = None
    _save_secrets(connection)
    Refusal.objects.filter(connection=connection).delete()


def end_overlap(connection: Connection) -> None:
    """Take the former secret no longer."""
    connection.sealed_former_webhook_secret = None
    connection.former_webhook_secret_until = None
    _save_secrets(connection)


def forget_secrets(connection: Connection) -> None:
    """From now on the address alone proves a delivery."""
    connection.sealed_webhook_secret = None
    connection.webhook_proven_at = None
    end_overlap(connection)


def _save_secrets(connection: Connection) -> None:
    connection.save(
        update_fields=[
            "sealed_webhook_secret",
            "sealed_former_webhook_secret",
            "former_webhook_secret_until",
            "webhook_proven_at",
        ]
    )


def regenerate_address(connection: Connection) -> str:
    """A new address; deliveries to the old one are refused from now on."""
    connection.webhook_hash = secrets.token_hex(16)
    connection.last_delivery_at = None
    connection.webhook_proven_at = None
    connection.save(update_fields=["webhook_hash", "last_delivery_at", "webhook_proven_at"])
    Refusal.objects.filter(connection=connection).delete()
    return str(webhook_url(connection))


def take_out(connection: Connection) -> None:
    """Take all of the webhook out of the row.  Saves nothing."""
    connection.webhook_hash = connection.sealed_webhook_secret = None
    connection.sealed_former_webhook_secret = connection.former_webhook_secret_until = None
    connection.webhook_kind = connection.webhook_jira_id = connection.webhook_trouble = ""
    connection.webhook_expires_at = connection.webhook_proven_at = None
    connection.last_delivery_at = None


def new_secret() -> str:
    """A secret to share with Jira."""
    return secrets.token_urlsafe(32)
