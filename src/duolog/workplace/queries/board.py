"""The board of a team: a column per status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from duolog.workplace.models import Status, Team, WorkItem
from duolog.workplace.queries.rows import count_comments, with_relatives

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Column:
    """One status with the first of its items in rank order, and how many it has in all."""

    status: Status
    items: tuple[WorkItem, ...]
    total: int
    comment_counts: Mapping[int, int]


def board(team: Team, *, shown: int = SHOWN) -> tuple[Column, ...]:
    """All columns in five queries, however many statuses and items there are."""
    live = WorkItem.objects.filter(team=team, deleted_at=None)
    place = Window(RowNumber(), partition_by=F("status_id"), order_by=("rank", "pk"))
    first = with_relatives(live.annotate(place=place).filter(place__lte=shown))
    items = tuple(first.order_by("rank", "pk"))
    totals = dict(live.order_by().values_list("status_id").annotate(Count("pk")))
    comments = count_comments(items)
    return tuple(
        Column(
            status,
            tuple(item for item in items if item.status_id == status.pk),
            totals.get(status.pk, 0),
            comments,
        )
        for status in team.statuses.all()
    )
