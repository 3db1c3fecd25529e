"""Moving a work item on the board: to a status, between two others."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from duolog.people.errors import Invalid, NotFound
from duolog.people.rights import Right
from duolog.workplace.actors import Actor
from duolog.workplace.changes import Subject, read_changes
from duolog.workplace.lookups import lock_item, lock_team
from duolog.workplace.models import Status, WorkItem
from duolog.workplace.services.items import RANK_STEP, update_item

_TOO_CLOSE: Final = 1e-6


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
    column = _others_in_column(item, target)
    place = _place(column, before=before, after=after)
    if not _has_room(column, place):
        _spread(column)
    changes = {"status": target, "rank": _rank_at(column, place)}
    return update_item(item_id, changes, actor=actor)


def _team_of(item_id: int) -> int:
    team_id = WorkItem.objects.filter(pk=item_id).values_list("team_id", flat=True).first()
    if team_id is None:
        raise NotFound("There is no such work item.")
    return team_id


def _others_in_column(item: WorkItem, status: Status) -> list[WorkItem]:
    column = WorkItem.objects.filter(team_id=item.team_id, status=status, deleted_at=None)
    return list(column.exclude(pk=item.pk).only("pk", "rank").order_by("rank", "pk"))


def _place(column: list[WorkItem], *, before: int | None, after: int | None) -> int:
    neighbour = before if before is not None else after
    if neighbour is None:
        return len(column)
    for place, other in enumerate(column):
        if other.pk == neighbour:
            return place if before is not None else place + 1
    raise Invalid({"status": "The neighbour has left this column. Look at the board again."})


def _has_room(column: list[WorkItem], place: int) -> bool:
    if place in {0, len(column)}:
        return True
    return column[place].rank - column[place - 1].rank > _TOO_CLOSE


def _rank_at(column: list[WorkItem], place: int) -> float:
    if not column:
        return RANK_STEP
    if place == 0:
        return column[0].rank - RANK_STEP
    if place == len(column):
        return column[-1].rank + RANK_STEP
    return (column[place - 1].rank + column[place].rank) / 2


def _spread(column: list[WorkItem]) -> None:
    """Give the column's items whole steps again; their order, and so their version, stays."""
    for place, other in enumerate(column, start=1):
        other.rank = place * RANK_STEP
    WorkItem.objects.bulk_update(column, ["rank"])
