"""The board of a team: a column per status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet

from duolog.workplace.models import Status, Team, WorkItem
from duolog.workplace.queries.rows import count_comments, read_rows

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Column:
    """One status with the first of its items in rank order, and how many it has in all."""

    status: Status
    items: tuple[WorkItem, ...]
    total: int
    comment_counts: Mapping[int, int]


def board(team: Team, *, shown: int = SHOWN) -> tuple[Column, ...]:
    """All columns; each costs one short walk of the index, all the rest five queries."""
    live = WorkItem.objects.filter(team=team, deleted_at=None)
    statuses = tuple(team.statuses.all())
    first = [pk for status in statuses for pk in _first_of(live, status, shown)]
    items = read_rows(first)
    totals = dict(live.order_by().values_list("status_id").annotate(Count("pk")))
    comments = count_comments(items)
    return tuple(
        Column(
            status,
            tuple(item for item in items if item.status_id == status.pk),
            totals.get(status.pk, 0),
            comments,
        )
        for status in statuses
    )


def _first_of(live: QuerySet[WorkItem], status: Status, shown: int) -> QuerySet[WorkItem, int]:
    column = live.filter(status=status).order_by("rank", "pk")
    return column.values_list("pk", flat=True)[:shown]
