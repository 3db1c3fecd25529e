"""Moving a work item on the board: to a status, between two others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from duolog.people.errors import Invalid, NotFound
from duolog.people.rights import Right
from duolog.workplace.actors import Actor
from duolog.workplace.changes import Subject, read_changes
from duolog.workplace.lookups import lock_item, lock_team
from duolog.workplace.models import Status, WorkItem
from duolog.workplace.services.items import RANK_STEP, update_item

_TOO_CLOSE: Final = 1e-6
_AT_ONCE: Final = 500


@transaction.atomic
def move_item(
    item_id: int,
    status: Status | int | str,
    *,
    actor: Actor,
    before: int | None = None,
    after: int | None = None,
) -> WorkItem:
    """Put the item into the column, before or after another item of it, else at its end.

    Moves of one team go one after the other, so that no two take the same place.
    """
    lock_team(_team_of(item_id), actor, Right.EDIT_ITEMS)
    item = lock_item(item_id, actor)
    target: Status = read_changes(Subject(item.team), {"status": status})["status"]
    column = WorkItem.objects.filter(team_id=item.team_id, status=target, deleted_at=None)
    others = column.exclude(pk=item.pk)
    gap = _gap(others, before=before, after=after)
    if not gap.has_room:
        _spread(others)
        gap = _gap(others, before=before, after=after)
    return update_item(item_id, {"status": target, "rank": gap.middle}, actor=actor)


@dataclass(frozen=True, slots=True)
class _Gap:
    """The ranks of the two neighbours between which an item goes, as far as there are any."""

    low: float | None
    high: float | None

    @property
    def has_room(self) -> bool:
        return self.low is None or self.high is None or self.high - self.low > _TOO_CLOSE

    @property
    def middle(self) -> float:
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        if self.high is not None:
            return self.high - RANK_STEP
        return (self.low or 0.0) + RANK_STEP


def _team_of(item_id: int) -> int:
    team_id = WorkItem.objects.filter(pk=item_id).values_list("team_id", flat=True).first()
    if team_id is None:
        raise NotFound("There is no such work item.")
    return team_id


def _gap(others: QuerySet[WorkItem], *, before: int | None, after: int | None) -> _Gap:
    if before is not None:
        neighbour = _neighbour(others, before)
        above = Q(rank__lt=neighbour.rank) | Q(rank=neighbour.rank, pk__lt=neighbour.pk)
        return _Gap(_rank_of_last(others.filter(above)), neighbour.rank)
    if after is not None:
        neighbour = _neighbour(others, after)
        below = Q(rank__gt=neighbour.rank) | Q(rank=neighbour.rank, pk__gt=neighbour.pk)
        return _Gap(neighbour.rank, _ranks(others.filter(below)).first())
    return _Gap(_rank_of_last(others), None)


def _neighbour(others: QuerySet[WorkItem], item_id: int) -> WorkItem:
    neighbour = others.filter(pk=item_id).first()
    if neighbour is None:
        raise Invalid({"status": "The neighbour has left this column. Look at the board again."})
    return neighbour


def _ranks(items: QuerySet[WorkItem]) -> QuerySet[WorkItem, float]:
    return items.order_by("rank", "pk").values_list("rank", flat=True)


def _rank_of_last(items: QuerySet[WorkItem]) -> float | None:
    return _ranks(items).last()


def _spread(others: QuerySet[WorkItem]) -> None:
    """Give the column's items whole steps again; their order, and so their version, stays."""
    column = list(others.only("pk").order_by("rank", "pk"))
    for place, other in enumerate(column, start=1):
        other.rank = place * RANK_STEP
    WorkItem.objects.bulk_update(column, ["rank"], batch_size=_AT_ONCE)
