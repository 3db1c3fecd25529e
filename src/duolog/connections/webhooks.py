"""The webhook of a connection: its address, its secret, and whether a request is genuine."""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings

from duolog.connections.models import Connection
from duolog.connections.seal import seal, unseal
from duolog.jira.webhooks import is_authentic

EVENTS: Final = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "comment_updated",
    "comment_deleted",
)
"""The events to tick in Jira."""


def find_by_hash(name: str) -> Connection | None:
    """The connection whose webhook address ends in this hash, as far as a delivery needs it."""
    needed = Connection.objects.only("sealed_webhook_secret", "last_delivery_at")
    return needed.filter(webhook_hash=name).first()


def webhook_url(connection: Connection) -> str | None:
    """The address to paste into Jira, once one was made."""
    if not connection.webhook_hash:
        return None
    return f"{settings.PUBLIC_URL}/api/pms/webhook/jira/{connection.webhook_hash}"


def webhook_is_signed(connection: Connection) -> bool:
    """Whether Jira signs what it sends here."""
    return connection.sealed_webhook_secret is not None


def is_genuine(connection: Connection, body: bytes, signature: str) -> bool:
    """Whether Jira signed exactly these bytes with the secret of this connection."""
    if connection.sealed_webhook_secret is None:
        return False
    return is_authentic(body, signature, unseal(connection.sealed_webhook_secret))


def make_webhook(connection: Connection, *, secret: str | None = None) -> str:
    """The webhook address of the connection, made now if it has none; a secret replaces the old."""
    if not connection.webhook_hash:
        connection.webhook_hash = secrets.token_hex(16)
    if secret:
        connection.sealed_webhook_secret = seal(secret)
    connection.save(update_fields=["webhook_hash", "sealed_webhook_secret"])
    return str(webhook_url(connection))


def regenerate_address(connection: Connection) -> str:
    """A new address; deliveries to the old one are refused from now on."""
    connection.webhook_hash = None
    return make_webhook(connection)


def new_secret() -> str:
    """A secret to share with Jira."""
    return secrets.token_urlsafe(32)
