"""What pages, API and command line show of connections.  Changes nothing, asks Jira nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from duolog.connections.models import Connection, ConnectionKind, Health
from duolog.people.errors import NotFound
from duolog.people.models import Member, Workplace


def list_connections(workplace: Workplace) -> Sequence[Connection]:
    """The service accounts of a workplace that have not been disconnected, oldest first."""
    return list(_live(workplace).filter(kind=ConnectionKind.WORKPLACE))


def list_disconnected(workplace: Workplace) -> Sequence[Connection]:
    """Those that were disconnected, latest first: connecting their site again revives them."""
    rows = Connection.objects.filter(workplace=workplace, kind=ConnectionKind.WORKPLACE)
    return list(rows.filter(health=Health.ENDED).order_by("-pk"))


def list_personal(member: Member) -> Sequence[Connection]:
    """The member's own connections, oldest first.  Ask for no member but the one who asks."""
    return list(_personal(member))


def get_connection(workplace: Workplace, connection_id: int) -> Connection:
    """One service account.  Raises NotFound."""
    found = _live(workplace).filter(kind=ConnectionKind.WORKPLACE, pk=connection_id).first()
    return _given(found)


def get_mine(member: Member, connection_id: int) -> Connection:
    """One of the member's own.  Raises NotFound, also for those of others."""
    return _given(_personal(member).filter(pk=connection_id).first())


def find_for_writing(author: Member, service: Connection) -> Connection | None:
    """The author's own connection to the site of a service account, if we may write by it."""
    rows = _live(service.workplace).filter(kind=ConnectionKind.PERSONAL, member=author)
    usable = rows.filter(health=Health.CONNECTED, writes_in_my_name=True)
    return usable.filter(base_url=service.base_url, member__left_at=None).first()


def find_owner(account_id: str, service: Connection) -> Member | None:
    """Who signed in to the site of a service account as this account: surely that person."""
    rows = _live(service.workplace).filter(kind=ConnectionKind.PERSONAL, account_id=account_id)
    own = rows.filter(base_url=service.base_url, member__left_at=None)
    found = own.select_related("member__user").first()
    return None if found is None else found.member


def get_in_sight(member: Member, connection_id: int) -> Connection:
    """A service account of the member's workplace, or one of their own.  Raises NotFound."""
    service = _live(member.workplace).filter(kind=ConnectionKind.WORKPLACE)
    return _given((service | _personal(member)).filter(pk=connection_id).first())


def list_every_connection() -> Sequence[Connection]:
    """Those of all workplaces that were not removed, for the operator of the installation."""
    return list(Connection.objects.exclude(health=Health.ENDED).order_by("pk"))


def _live(workplace: Workplace) -> QuerySet[Connection]:
    rows = Connection.objects.filter(workplace=workplace).exclude(health=Health.ENDED)
    return rows.order_by("pk")


def _personal(member: Member) -> QuerySet[Connection]:
    return _live(member.workplace).filter(kind=ConnectionKind.PERSONAL, member=member)


def _given(connection: Connection | None) -> Connection:
    if connection is None:
        raise NotFound("There is no such connection in this workplace.")
    return connection
