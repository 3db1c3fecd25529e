"""Moving work items to another team: a key there, a status there, and sub-tasks come along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db import transaction
from django.db.models import F

from duolog.people.errors import Invalid
from duolog.people.rights import Right
from duolog.workplace.actors import Actor
from duolog.workplace.changes import Subject, read_changes
from duolog.workplace.lookups import lock_items, lock_team
from duolog.workplace.models import FormerKey, Stage, Status, Team, WorkItem, WorkItemType
from duolog.workplace.record import Entry, expect, index_words, record
from duolog.workplace.services.items import RANK_STEP, last_rank, next_number, update_item

MOVED: Final = "moved"
"""The verb of the activity about a move."""
_STAND_INS: Final[Mapping[str, Stage]] = {Stage.DRAFT: Stage.TO_DO, Stage.CANCELED: Stage.DONE}
"""The stage that a team may lack, and where its items go then; every team has the others."""


@transaction.atomic
def move_to_team(
    item_id: int,
    team: Team | int,
    changes: Mapping[str, object] | None = None,
    *,
    actor: Actor,
    expected_version: int | None = None,
) -> WorkItem:
    """Have the item in the team, with a key of that team; its former key leads to it for good.

    Unless `changes` names a status of the team, it gets the one of its present name, else the
    first of its stage.  Parent and children stay; sub-tasks go along, and a sub-task by itself
    does not leave its parent.  What Jira moved comes one by one.  Raises as `update_item` does.
    """
    asked = dict(changes or {})
    team = lock_team(team if isinstance(team, int) else team.pk, actor, Right.EDIT_ITEMS)
    if team.archived_at is not None:
        raise Invalid({"team": f"{team.shown_name} is archived: choose another team."})
    item, *below = _lock_family(item_id, actor)
    expect(item, expected_version)
    if item.team_id != team.pk:
        status = asked.pop("status", None)
        chosen = None if status is None else read_changes(Subject(team), {"status": status})
        _put(item, team, chosen["status"] if chosen else _like(item.status, team), actor)
        for each in below:
            _put(each, team, _like(each.status, team), actor)
    if asked:
        item = update_item(item.pk, asked, actor=actor)
    _must_lie_with_its_parent(item, actor)
    return item


def _lock_family(item_id: int, actor: Actor) -> Sequence[WorkItem]:
    """The item, and the sub-tasks that go where it goes."""
    below: Sequence[int] = ()
    if not actor.is_sync:
        rows = WorkItem.objects.filter(
            parent=item_id, parent__team=F("team"), type=WorkItemType.SUB_TASK, deleted_at=None
        )
        below = tuple(rows.values_list("pk", flat=True))
    items = lock_items([item_id, *below], actor)
    return sorted(items, key=lambda item: (item.pk != item_id, item.rank, item.pk))


def _put(item: WorkItem, team: Team, status: Status, actor: Actor) -> None:
    entries = [Entry(MOVED, "team", _place(item), "")]
    if item.status.name != status.name:
        entries.append(Entry("changed", "status", item.status.name, status.name))
    number = _number(item, team)
    FormerKey.objects.create(work_item=item, team_id=item.team_id, number=item.number, key=item.key)
    item.team, item.number, item.key = team, number, f"{team.key_prefix}-{number}"
    item.status, item.rank = status, last_rank(team) + RANK_STEP
    entries[0] = replace(entries[0], after=_place(item))
    record(item, entries, actor, fields=["team", "number", "key", "status", "rank"])
    index_words(item)


def _place(item: WorkItem) -> str:
    return f"{item.team.shown_name} ({item.key})"


def _number(item: WorkItem, team: Team) -> int:
    """The number that the item had in the team before, else the team's next one."""
    former = FormerKey.objects.filter(work_item=item, team=team).first()
    if former is None:
        return next_number(team)
    former.delete()
    return former.number


def _like(status: Status, team: Team) -> Status:
    """The team's status that says the same: of this name, else the first of this stage."""
    statuses = list(team.statuses.all())
    stages = [status.stage, _STAND_INS.get(status.stage, status.stage)]
    for stage in stages:
        of_stage = [each for each in statuses if each.stage == stage]
        named = [each for each in of_stage if each.name.casefold() == status.name.casefold()]
        if found := [*named, *of_stage]:
            return found[0]
    return statuses[0]


def _must_lie_with_its_parent(item: WorkItem, actor: Actor) -> None:
    parent = item.parent
    if actor.is_sync or parent is None or item.type != WorkItemType.SUB_TASK:
        return
    if parent.team_id != item.team_id:
        raise Invalid(
            {
                "team": f"A sub-task lies in the team of {parent.key}: move that, or give this "
                "item another type or parent first."
            }
        )
