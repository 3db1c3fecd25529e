"""Whether a connection works: noticed wherever Jira is asked, told to its owner once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.connections.models import Connection, ConnectionKind, Health, Method
from duolog.core.errors import Disconnected
from duolog.jira.auth import Method as JiraMethod
from duolog.jira.troubles import OF_THE_CREDENTIAL, Barred, ended
from duolog.notifications.models import Kind
from duolog.notifications.services import notify
from duolog.people.models import Member, Role
from duolog.work.lanes import FOREVER, block_lane

LANE: Final = "connection:"
_ENDING: Final[Mapping[str, JiraMethod]] = {
    Method.API_TOKEN: JiraMethod.API_TOKEN,
    Method.PAT: JiraMethod.PAT,
}


def note_disconnected(lane: str, error: Disconnected) -> None:
    """The credential of a lane's connection no longer works: stop, and say so where people look.

    Nothing is tried with it until a person acts; whoever owns it is told the first time.
    """
    number = lane.removeprefix(LANE)
    if not number.isdecimal():
        return
    with transaction.atomic():
        row = Connection.objects.select_for_update().filter(pk=int(number)).first()
        if row is None or row.health == Health.ENDED:
            return
        was_well = row.health == Health.CONNECTED
        error = explained(row, error)
        row.health, row.reason, row.hint = _health(row), str(error), error.hint
        row.checked_at = timezone.now()
        row.save(update_fields=["health", "reason", "hint", "checked_at"])
        block_lane(row.lane, FOREVER)
        if was_well:
            tell_owners(row, f"{row.label} has stopped: {error}")


def explained(connection: Connection, error: Disconnected) -> Disconnected:
    """A refusal as it is to be told: by the day on which the credential ended, where known."""
    end = connection.expires_at
    if end is None or end > timezone.now() or connection.method not in _ENDING:
        return error
    is_refusal = isinstance(error, Barred) and error.trouble in OF_THE_CREDENTIAL
    return ended(_ENDING[connection.method], end.date()) if is_refusal else error


def tell_owners(connection: Connection, text: str) -> None:
    """Tell those who can do something about it: the admins, or the member whose own it is."""
    notify(owners_of(connection), Kind.CONNECTION, text, path_to(connection))


def owners_of(connection: Connection) -> Sequence[Member]:
    """Whose business a connection is."""
    if connection.kind == ConnectionKind.PERSONAL:
        return [connection.member] if connection.member else []
    admins = Member.objects.filter(workplace=connection.workplace_id, left_at=None)
    return list(admins.filter(role__in=[Role.OWNER, Role.ADMIN]))


def path_to(connection: Connection) -> str:
    """Where the page of a connection lies."""
    place = f"/w/{connection.workplace.slug}"
    if connection.kind == ConnectionKind.PERSONAL:
        return f"{place}/connections"
    return f"{place}/integrations/jira/{connection.pk}"


def _health(row: Connection) -> Health:
    has_ended = row.expires_at is not None and row.expires_at <= timezone.now()
    return Health.EXPIRED if has_ended else Health.ATTENTION
