"""What a person does about a webhook: make its address, set its secret, have it registered."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.connections import webhooks
from duolog.connections.clients import client_for
from duolog.connections.models import Connection, ConnectionKind, WebhookKind
from duolog.connections.registration import (
    LOOKED_AFTER_EVERY,
    WEBHOOK,
    converge,
    kind_for,
    look,
    take_away,
    why_not,
)
from duolog.core.errors import Refused
from duolog.people.audit import audit
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.work.marks import forget, mark

OURS_FIRST: Final = 60.0
"""Seconds that the worker leaves to the request which asks Jira itself."""
SHORTEST_SECRET: Final = 16
LONGEST_SECRET: Final = 200


def generate_address(by: Member, connection: Connection) -> str:
    """The address to paste into Jira, made now if there is none."""
    _may(by, connection)
    audit(by.workplace, by, "webhook set up", connection.label)
    return webhooks.make_webhook(connection)


def set_secret(
    by: Member, connection: Connection, secret: str, projects: Collection[str] = ()
) -> None:
    """Take only deliveries signed with this secret, and for a while those of the one before it.

    Where we registered the webhook, Jira is given the secret, too, and the former one is taken
    until it has it.  Raises Invalid, or SyncError: then the worker goes on trying.
    """
    _may(by, connection)
    _must_fit(connection, secret.strip())
    registered = connection.webhook_kind == WebhookKind.ADMIN
    until = None if registered else timezone.now() + webhooks.OVERLAP
    with transaction.atomic():
        webhooks.replace_secret(connection, secret.strip(), until=until)
        audit(by.workplace, by, "webhook secret set", connection.label)
        if registered:
            _look_after(connection)
    if registered:
        converge(client_for(connection), connection, projects)


def _must_fit(connection: Connection, secret: str) -> None:
    if connection.webhook_kind == WebhookKind.DYNAMIC:
        raise Invalid({"secret": "Jira signs nothing that an app registered: there is no secret."})
    if not webhooks.can_be_signed(connection):
        raise Invalid({"secret": "This version of Jira signs no webhooks: it has no secret."})
    if not secret:
        raise Invalid({"secret": "Paste the secret of Jira's webhook, or make a new one."})
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        raise Invalid(
            {
                "secret": f"Use {SHORTEST_SECRET} to {LONGEST_SECRET} letters, so that nobody guesses."
            }
        )


def end_overlap(by: Member, connection: Connection) -> None:
    """Take the former secret no longer, from now on."""
    _may(by, connection)
    webhooks.end_overlap(connection)
    audit(by.workplace, by, "former webhook secret ended", connection.label)


def renew_address(by: Member, connection: Connection, projects: Collection[str] = ()) -> str:
    """Another address; what is sent to the old one is refused from now on.

    Where we registered the webhook, Jira is given the address.  Raises SyncError: then the worker
    goes on trying.
    """
    _may(by, connection)
    with transaction.atomic():
        url = webhooks.regenerate_address(connection)
        audit(by.workplace, by, "webhook address renewed", connection.label)
        if connection.webhook_kind in (WebhookKind.ADMIN, WebhookKind.DYNAMIC):
            _look_after(connection)
    converge_if_registered(connection, projects)
    return url


def register(by: Member, connection: Connection, projects: Collection[str] = ()) -> str:
    """Have Jira send here without anybody copying an address, signed where that can be.

    What there is in Jira is looked at first: a webhook that was pasted by hand with our address
    is taken over.  Raises Refused, and nothing has changed; or another SyncError: then the
    worker goes on trying.
    """
    _may(by, connection)
    if reason := why_not(connection):
        raise Refused("Duolog cannot register the webhook.", hint=reason)
    client = client_for(connection)
    look(client, connection)
    with transaction.atomic():
        _prepare(connection)
        _look_after(connection)
        audit(by.workplace, by, "webhook registered", connection.label)
    converge(client, connection, projects)
    return str(webhooks.webhook_url(connection))


def _prepare(connection: Connection) -> None:
    """Store what is about to be registered.

    An address that was proven by signatures never becomes one that proves itself.
    """
    before = connection.webhook_kind
    connection.webhook_kind = kind_for(connection)
    if not connection.webhook_hash or (
        webhooks.webhook_is_signed(connection) and not webhooks.can_be_signed(connection)
    ):
        webhooks.forget_secrets(connection)
        webhooks.regenerate_address(connection)
    if webhooks.can_be_signed(connection) and before != WebhookKind.ADMIN:
        webhooks.replace_secret(connection, webhooks.new_secret(), until=None)
    connection.save(update_fields=["webhook_kind"])


def _look_after(connection: Connection) -> None:
    """Have the worker see to it where we do not come to it, or not to its end.

    A webhook that ends by itself is looked after every day from then on.
    """
    ends = connection.webhook_kind == WebhookKind.DYNAMIC
    every = LOOKED_AFTER_EVERY if ends else None
    mark(WEBHOOK, connection.pk, lane=connection.lane, due_in=OURS_FIRST, every=every)


def converge_if_registered(connection: Connection, projects: Collection[str]) -> None:
    """Ask Jira only where there is something of ours."""
    if connection.webhook_kind in (WebhookKind.ADMIN, WebhookKind.DYNAMIC):
        converge(client_for(connection), connection, projects)


def remove(by: Member, connection: Connection) -> None:
    """Take the webhook away, out of Jira where we registered it.  Raises SyncError."""
    _may(by, connection)
    if connection.webhook_kind in (WebhookKind.ADMIN, WebhookKind.DYNAMIC):
        take_away(client_for(connection), connection)
    with transaction.atomic():
        webhooks.take_out(connection)
        connection.save(update_fields=webhooks.FIELDS)
        forget(WEBHOOK, connection.pk)
        audit(by.workplace, by, "webhook removed", connection.label)


def _may(by: Member, connection: Connection) -> None:
    require(by, Right.CONNECT)
    if connection.kind != ConnectionKind.WORKPLACE:
        raise Invalid({"connection": "Only the workplace's own connection has a webhook."})
