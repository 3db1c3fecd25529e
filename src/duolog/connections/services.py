"""Connecting to Jira: every write a person makes about connections."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from duolog.connections.clients import client_for, client_to_check, close_clients
from duolog.connections.keeping import (
    go_on,
    keep_connection,
    keep_proven,
    keep_report,
    lock,
    must_be_free,
    note_act,
    open_lane,
)
from duolog.connections.models import Connection, ConnectionKind, Health, Method
from duolog.connections.registration import WEBHOOK, take_away
from duolog.connections.report import Report, check_site
from duolog.connections.rights import RIGHT_FOR, require_use
from duolog.connections.standing import explained, note_disconnected
from duolog.connections.trial import Place, place_of, try_out
from duolog.connections.webhooks import take_out
from duolog.connections.wishes import (
    NewConnection,
    NewCredential,
    check_credential,
    check_wish,
    end_of,
    read_address,
)
from duolog.core.errors import Disconnected, SyncError
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import require
from duolog.work.lanes import FOREVER, block_lane
from duolog.work.marks import forget


def connect(by: Member, new: NewConnection) -> Connection:
    """A connection, tested at once; nothing is stored when the test fails.

    A site that was connected before is the same connection again, and its bindings go on.
    Raises Invalid for what was typed, SyncError for what Jira answered.
    """
    require(by, RIGHT_FOR[ConnectionKind(new.kind)])
    site = check_wish(new)
    must_be_free(by, new.kind, Place(site.base_url, new.deployment))
    place = place_of(site.base_url, new.deployment, new.ca_certificate)
    proven = try_out(place, new.credential(), new.kind)
    return keep_connection(by, new.kind, new.label, proven)


def check(by: Member, connection: Connection) -> Report:
    """Test a connection now.  A good answer lets its work go on; a bad one is kept in words.

    A password that was refused is not tried again: a few attempts lock an account of Jira.
    """
    require_use(by, connection)
    if connection.method == Method.BASIC and connection.health != Health.CONNECTED:
        raise Disconnected(connection.reason, hint=connection.hint)
    granted = connection.scopes.split() if connection.method == Method.OAUTH else None
    try:
        client = client_to_check(connection)
        client.forget_refusal()
        report = check_site(client, connection.kind, granted=granted)
    except Disconnected as error:
        note_disconnected(connection.lane, error)
        raise explained(connection, error) from error
    with transaction.atomic():
        was_well = connection.health == Health.CONNECTED
        connection.report = report.to_json()
        keep_report(connection)
        connection.save(update_fields=_TOLD)
        go_on(connection, was_well=was_well)
    return report


def change_credential(by: Member, connection: Connection, new: NewCredential) -> Report:
    """Replace the credential once the new one is proven; until then the old one stays.

    What is under way goes on with the old one.  Raises Invalid, or SyncError.
    """
    require_use(by, connection)
    check_credential(connection.deployment, new)
    certificate = connection.ca_certificate if new.ca_certificate is None else new.ca_certificate
    place = place_of(connection.base_url, connection.deployment, certificate)
    proven = try_out(place, new, connection.kind)
    with transaction.atomic():
        keep_proven(connection, proven)
        note_act(by, connection, "credential replaced")
    return proven.report


def rename(by: Member, connection: Connection, label: str) -> None:
    """Give a connection another label."""
    require_use(by, connection)
    if not label.strip():
        raise Invalid({"label": "A connection needs a label."})
    connection.label = label.strip()
    connection.save(update_fields=["label"])


def expect_end(by: Member, connection: Connection, day: date | None) -> None:
    """Say when the credential ends, so that its owner is told in time; None: not known."""
    require_use(by, connection)
    connection.expires_at, connection.warned_days = end_of(day), None
    connection.save(update_fields=["expires_at", "warned_days"])


def allow_writing_in_my_name(by: Member, connection: Connection, *, allowed: bool) -> None:
    """Whether what the member writes here may go out to Jira under their own name."""
    require_use(by, connection)
    if connection.kind != ConnectionKind.PERSONAL:
        raise Invalid({"writes_in_my_name": "Only a personal connection writes in your name."})
    connection.writes_in_my_name = allowed
    connection.save(update_fields=["writes_in_my_name"])


def disconnect(by: Member, connection: Connection) -> None:
    """Forget the credential and take our webhook away; items and issues stay as they are.

    What is kept in step over it stops and says so: nothing is unlinked, and connecting the same
    site again lets all of it go on.
    """
    require_use(by, connection)
    if connection.health == Health.CONNECTED:
        _try_to_remove_webhook(connection)
    with transaction.atomic():
        lock(connection)
        block_lane(connection.lane, FOREVER)
        forget_secrets(connection)
        forget(WEBHOOK, connection.pk)
        connection.health = Health.ENDED
        day = date_format(timezone.localdate(), "j F Y")
        connection.reason = f"{by.name} disconnected {connection.label} on {day}."
        connection.hint = "Connect the same site again, and everything goes on where it stopped."
        connection.save()
        note_act(by, connection, "connection removed")


def forget_secrets(connection: Connection) -> None:
    """Take every credential and the webhook out of the row.  Saves nothing."""
    connection.sealed_secret, connection.secret_tail = b"", ""
    connection.sealed_access_token = connection.access_until = None
    connection.expires_at = connection.warned_days = connection.renewing_until = None
    connection.grant_number += 1
    take_out(connection)


def _try_to_remove_webhook(connection: Connection) -> None:
    try:
        take_away(client_for(connection), connection)
    except SyncError:
        return  # Jira goes on sending to an address that answers 404


_TOLD: Final = (
    "report", "account_id", "account_since", "account_name", "time_zone", "health", "reason", "hint",
    "checked_at", "last_success_at",
)  # fmt: skip

__all__ = [
    "NewConnection",
    "NewCredential",
    "allow_writing_in_my_name",
    "change_credential",
    "check",
    "client_for",
    "close_clients",
    "connect",
    "disconnect",
    "expect_end",
    "forget_secrets",
    "note_disconnected",
    "open_lane",
    "read_address",
    "rename",
]
