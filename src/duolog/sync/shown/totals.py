"""Counts over the whole installation, for its operator.  Changes nothing, names nobody."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Model, QuerySet

from duolog.connections.models import Connection
from duolog.sync.models import Conflict, Delivery, Hold, Link


@dataclass(frozen=True, slots=True)
class Totals:
    """Links by state, deliveries by outcome (`waiting` where not taken up yet), what is open."""

    links: dict[str, int]
    deliveries: dict[str, int]
    connections: dict[str, int]
    holds: int
    conflicts: int


def totals() -> Totals:
    """All of it, in five queries."""
    taken = _by(Delivery.objects.exclude(taken_at=None), "outcome")
    waiting = Delivery.objects.filter(taken_at=None).count()
    return Totals(
        links=_by(Link.objects.all(), "state"),
        deliveries={
            **{name or "looked": number for name, number in taken.items()},
            "waiting": waiting,
        },
        connections=_by(Connection.objects.all(), "health"),
        holds=Hold.objects.filter(released_at=None).count(),
        conflicts=Conflict.objects.filter(settled_at=None).count(),
    )


def _by(rows: QuerySet[Model], field: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(field).annotate(Count("pk")))
