"""Every write to a team's statuses.  A team keeps one to do, one in progress and one done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Max

from duolog.people.audit import audit
from duolog.people.errors import Invalid
from duolog.people.text import read_name
from duolog.workplace.actors import Actor
from duolog.workplace.lookups import lock_status, lock_team
from duolog.workplace.models import Stage, Status, Team
from duolog.workplace.services.items import bulk_update

_NEEDED: Final = frozenset({Stage.TO_DO, Stage.IN_PROGRESS, Stage.DONE})


@transaction.atomic
def add_status(team_id: int, *, name: str, stage: Stage, actor: Actor) -> Status:
    """A new status at the end of the team's workflow."""
    team = lock_team(team_id, actor)
    last: int | None = team.statuses.aggregate(last=Max("position"))["last"]
    made = Status.objects.create(
        team=team, name=_free_name(team, name), stage=stage, position=(last or 0) + 1
    )
    _audit(made, actor, "status added")
    return made


@transaction.atomic
def rename_status(status_id: int, name: str, *, actor: Actor) -> Status:
    """Give the status another name; the items in it do not change."""
    status = lock_status(status_id, actor)
    status.name = _free_name(status.team, name, besides=status)
    status.save(update_fields=["name"])
    _audit(status, actor, "status renamed")
    return status


@transaction.atomic
def change_stage(status_id: int, stage: Stage, *, actor: Actor) -> Status:
    """Say anew where in the life of an item the status stands."""
    status = lock_status(status_id, actor)
    if stage != status.stage:
        _keep_needed(status)
        status.stage = stage
        status.save(update_fields=["stage"])
        _audit(status, actor, "stage of a status changed")
    return status


@transaction.atomic
def update_status(
    status_id: int, *, name: str | None = None, stage: Stage | None = None, actor: Actor
) -> Status:
    """Both at once; what is None stays."""
    status = lock_status(status_id, actor)
    if name is not None:
        status = rename_status(status_id, name, actor=actor)
    return status if stage is None else change_stage(status_id, stage, actor=actor)


@transaction.atomic
def reorder_statuses(team_id: int, status_ids: Sequence[int], *, actor: Actor) -> None:
    """Put the team's statuses, all of them, into this order."""
    team = lock_team(team_id, actor)
    statuses = {status.pk: status for status in team.statuses.all()}
    if sorted(status_ids) != sorted(statuses):
        raise Invalid({"statuses": "Name each status of the team exactly once."})
    for position, status_id in enumerate(status_ids):
        statuses[status_id].position = position
    Status.objects.bulk_update(statuses.values(), ["position"])


@transaction.atomic
def remove_status(status_id: int, *, to: int, actor: Actor) -> None:
    """Take the status away and move its items, also those in the trash, to another one."""
    status = lock_status(status_id, actor)
    heir = status.team.statuses.exclude(pk=status.pk).filter(pk=to).first()
    if heir is None:
        raise Invalid({"to": "Choose another status of the team for the items in this one."})
    _keep_needed(status)
    live = status.work_items.filter(deleted_at=None).values_list("pk", flat=True)
    bulk_update(list(live), {"status": heir}, actor=actor)
    status.work_items.update(status=heir)
    _audit(status, actor, "status removed")
    status.delete()


def _audit(status: Status, actor: Actor, act: str) -> None:
    audit(status.team.workplace, actor.member, act, f"{status.name} of {status.team.name}")


def _keep_needed(status: Status) -> None:
    stage = Stage(status.stage)
    if stage in _NEEDED:
        others = status.team.statuses.filter(stage=stage).exclude(pk=status.pk)
        if not others.exists():
            raise Invalid({"stage": f"A team needs a status in the stage {stage.label}."})


def _free_name(team: Team, name: str, *, besides: Status | None = None) -> str:
    name = read_name(name, most=60)
    others = team.statuses.exclude(pk=besides.pk) if besides else team.statuses.all()
    if any(other.name.casefold() == name.casefold() for other in others):
        raise Invalid({"name": f"The team has a status {name} already."})
    return name
