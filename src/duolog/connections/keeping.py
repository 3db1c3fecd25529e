"""Stores what was proven to work: a new connection, one revived, or another credential for one."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from duolog.connections.models import Connection, ConnectionKind, Health, Method
from duolog.connections.reaching import KEPT, calls_at_once
from duolog.connections.seal import seal
from duolog.connections.trial import Place, Proven
from duolog.people.audit import audit
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.work.lanes import ensure_lane, reopen_lane, unblock_lane

CONNECTED_ALREADY: Final = "This site is connected already: open it to change it."


def must_be_free(by: Member, kind: str, place: Place) -> None:
    """Raise Invalid where the site is connected already."""
    if _same_site(by, kind, place).exclude(health=Health.ENDED).exists():
        raise Invalid({"address": CONNECTED_ALREADY})


def keep_connection(by: Member, kind: str, label: str, proven: Proven) -> Connection:
    """The connection that was proven.

    One that was disconnected before is the same again, by whatever account and method: what was
    paired over it stays paired, and goes on.  Raises Invalid where somebody was faster.
    """
    try:
        with transaction.atomic():
            must_be_free(by, kind, proven.place)
            connection = _former(by, kind, proven.place) or Connection(
                workplace=by.workplace,
                kind=kind,
                member=by if kind == ConnectionKind.PERSONAL else None,
            )
            is_new = connection.pk is None
            keep_proven(connection, proven, label=label.strip())
            note_act(by, connection, "connection made" if is_new else "connected again")
    except IntegrityError:
        raise Invalid({"address": CONNECTED_ALREADY}) from None
    return connection


def keep_proven(connection: Connection, proven: Proven, *, label: str = "") -> None:
    """Have the row say what was proven, and let the work that waited go on.  In a transaction."""
    lock(connection)
    place, was_well = proven.place, connection.health == Health.CONNECTED
    connection.label = label or connection.label or label_from(place)
    connection.deployment, connection.base_url = place.deployment, place.base_url
    connection.rest_url, connection.cloud_id = place.rest_url, place.cloud_id
    connection.ca_certificate = place.ca_certificate
    _keep_credential(connection, proven)
    connection.report = proven.report.to_json()
    keep_report(connection)
    connection.save()
    open_lane(connection)
    go_on(connection, was_well=was_well)


def open_lane(connection: Connection) -> None:
    """Have the lane of a connection: so many calls at once, and one more where somebody waits."""
    at_once = calls_at_once(connection.method)
    ensure_lane(connection.lane, at_once, kept=KEPT if at_once > 1 else 0)


def lock(connection: Connection) -> None:
    """Read the row anew, and keep others from changing it until the transaction ends."""
    if connection.pk is not None:
        connection.refresh_from_db(from_queryset=Connection.objects.select_for_update())


def go_on(connection: Connection, *, was_well: bool) -> None:
    """Let the work of a connection run: all of it at once, where it had been stopped."""
    (unblock_lane if was_well else reopen_lane)(connection.lane)


def keep_report(connection: Connection) -> None:
    """Take over what the latest report tells, which is that all is well.  Saves nothing."""
    report = connection.report
    if connection.account_id not in {"", report["account_id"]}:
        connection.account_since = timezone.now()
    connection.account_id = report["account_id"]
    connection.account_name = report["account_name"]
    connection.time_zone = report["time_zone"]
    connection.health, connection.reason, connection.hint = Health.CONNECTED, "", ""
    connection.checked_at = connection.last_success_at = timezone.now()


def label_from(place: Place) -> str:
    """What to call a site that nobody gave a name: its host, and the path it lives under."""
    parts = urlsplit(place.base_url)
    return f"{parts.hostname}{parts.path}"[:120]


def note_act(by: Member, connection: Connection, act: str) -> None:
    """Record an act about a workplace's connection; a personal one is nobody else's business."""
    if connection.kind == ConnectionKind.WORKPLACE:
        audit(by.workplace, by, act, connection.label)


def _keep_credential(connection: Connection, proven: Proven) -> None:
    is_shown = proven.method in {Method.API_TOKEN, Method.PAT}
    connection.method = proven.method
    connection.email, connection.username = proven.email, proven.username
    connection.sealed_secret = seal(proven.secret)
    connection.secret_tail = proven.secret[-4:] if is_shown else ""
    connection.expires_at, connection.warned_days = proven.expires_at, None
    connection.sealed_access_token = seal(proven.access_token) if proven.access_token else None
    connection.access_until = proven.access_until
    connection.scopes = " ".join(proven.scopes)
    connection.grant_number += 1
    connection.renewing_until = None


def _former(by: Member, kind: str, place: Place) -> Connection | None:
    """The row of the same site from before it was disconnected; the one most is bound over."""
    ended = _same_site(by, kind, place).filter(health=Health.ENDED, deployment=place.deployment)
    bound = Count("bindings", filter=~Q(bindings__state="ended"))
    return ended.annotate(bound=bound).order_by("-bound", "-pk").first()


def _same_site(by: Member, kind: str, place: Place) -> QuerySet[Connection]:
    """A Cloud site is known by its id, whatever it is called by now; others by their address."""
    here = Q(base_url=place.base_url)
    if place.cloud_id:
        here = Q(cloud_id=place.cloud_id) | (here & Q(cloud_id=""))
    rows = Connection.objects.filter(here, workplace=by.workplace_id, kind=kind)
    return rows.filter(member=by) if kind == ConnectionKind.PERSONAL else rows
