"""Makes projects and work items with their comments, and gives them a past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.demo.content import fernhill
from duolog.demo.content.draft import Crew, Draft, Remark
from duolog.demo.people import Cast
from duolog.workplace.actors import Actor
from duolog.workplace.models import Activity, Comment, Project, Team, WorkItem
from duolog.workplace.services import (
    NewItem,
    add_comment,
    create_item,
    create_project,
    update_item,
)

_FIRST_STATUS: Final = "To do"
_BETWEEN_REMARKS: Final = timedelta(minutes=47)


class ItemMaker:
    """Makes the work items of one workplace; days count from `today`."""

    def __init__(self, cast: Cast, projects: Mapping[str, Project], now: datetime) -> None:
        self._cast = cast
        self._projects = projects
        self._now = now

    def make(self, crew: Crew, team: Team) -> None:
        """All items of a team, in their order, parents before what is under them."""
        made: dict[str, WorkItem] = {}
        for draft in crew.drafts:
            with transaction.atomic():
                item = self._item(draft, team, made.get(draft.under))
                if draft.name:
                    made[draft.name] = item

    def _item(self, draft: Draft, team: Team, parent: WorkItem | None) -> WorkItem:
        assignee = self._cast.members[draft.assignee] if draft.assignee else None
        new = NewItem(
            title=draft.title,
            description=draft.description,
            type=draft.type,
            priority=draft.priority,
            assignee=assignee,
            labels=draft.labels,
            due_on=None if draft.due is None else self._day(draft.due),
            parent=parent,
            project=self._projects.get(draft.project),
        )
        item = create_item(team, new, actor=self._cast.actor(draft.reporter))
        self._date(item, draft)
        self._move(item, draft)
        self._discuss(item, draft)
        return item

    def _day(self, days: int) -> date:
        return (self._now + timedelta(days=days)).date()

    def _date(self, item: WorkItem, draft: Draft) -> None:
        born = self._now - timedelta(days=draft.age)
        Activity.objects.filter(work_item=item).update(at=born)
        WorkItem.objects.filter(pk=item.pk).update(created_at=born, updated_at=born)

    def _move(self, item: WorkItem, draft: Draft) -> None:
        if draft.status == _FIRST_STATUS:
            return
        update_item(item.pk, {"status": draft.status}, actor=self._mover(draft))
        when = self._now - timedelta(days=draft.age * 0.6)
        Activity.objects.filter(work_item=item, verb="changed").update(at=when)
        WorkItem.objects.filter(pk=item.pk).update(updated_at=when)

    def _mover(self, draft: Draft) -> Actor:
        return self._cast.actor(draft.assignee or draft.reporter)

    def _discuss(self, item: WorkItem, draft: Draft) -> None:
        when = self._now - timedelta(days=draft.age * 0.4)
        for remark, parent in _threads(draft.remarks):
            said = add_comment(
                item.pk, remark.text, actor=self._cast.actor(remark.by), parent=_made(item, parent)
            )
            Comment.objects.filter(pk=said.pk).update(created_at=when)
            newest = Activity.objects.filter(work_item=item, verb="commented").order_by("-pk")[0]
            Activity.objects.filter(pk=newest.pk).update(at=when)
            WorkItem.objects.filter(pk=item.pk).update(updated_at=when)
            when += _BETWEEN_REMARKS


def make_items(cast: Cast, teams: Mapping[str, Team]) -> None:
    """All projects and work items, dated as if the workplace had lived for weeks."""
    now = timezone.now()
    projects = _make_projects(cast, teams, now)
    maker = ItemMaker(cast, projects, now)
    for crew in fernhill.CREWS:
        maker.make(crew, teams[crew.prefix])


def _make_projects(cast: Cast, teams: Mapping[str, Team], now: datetime) -> dict[str, Project]:
    return {
        plan.name: create_project(
            cast.workplace,
            plan.name,
            {
                "description": plan.description,
                "lead": cast.members[plan.lead],
                "teams": [teams[prefix] for prefix in plan.teams],
                "start_on": (now + timedelta(days=plan.starts)).date(),
                "due_on": (now + timedelta(days=plan.due)).date(),
            },
            actor=Actor.of(cast.owner),
        )
        for plan in fernhill.PROJECTS
    }


def _threads(remarks: Iterable[Remark]) -> Iterable[tuple[Remark, Remark | None]]:
    """Each remark, then the answers to it."""
    for remark in remarks:
        yield remark, None
        for answer in remark.answers:
            yield answer, remark


def _made(item: WorkItem, remark: Remark | None) -> int | None:
    if remark is None:
        return None
    return Comment.objects.get(work_item=item, body=remark.text).pk
