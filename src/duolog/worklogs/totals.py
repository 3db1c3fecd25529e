"""The time on all items of a project or a team, beside what was planned.  Reads, changes nothing.

Everybody who sees the items sees the sums.  Who spent how much is told to those alone who may
change what others wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet, Sum

from duolog.people.models import Member
from duolog.people.rights import Right, holds, require
from duolog.worklogs.models import Worklog
from duolog.workplace.models import Project, Team, WorkItem

MOST: Final = 100
"""Items that are listed; the sums are of all."""


@dataclass(frozen=True, slots=True)
class ItemTime:
    """An item with time on it."""

    item: WorkItem
    seconds: int


@dataclass(frozen=True, slots=True)
class PersonTime:
    """A person, a member or not, and the time they spent."""

    name: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums in seconds; `people` is None for whoever may not see who spent how much.

    `unplanned` is what of the time was spent on items that nobody estimated: no plan speaks of it.
    """

    spent: int
    unplanned: int
    estimate: int
    item_count: int
    items: tuple[ItemTime, ...]
    people: tuple[PersonTime, ...] | None

    @property
    def over(self) -> int:
        """By how much the time on estimated items exceeds their estimates."""
        return max(0, self.planned - self.estimate)

    @property
    def left(self) -> int:
        """What of the plan is not spent."""
        return max(0, self.estimate - self.planned)

    @property
    def planned(self) -> int:
        """The time that was spent on estimated items."""
        return self.spent - self.unplanned


def totals_of_project(member: Member, project: Project) -> Totals:
    """The time of a project or solution."""
    return _totals(member, WorkItem.objects.filter(project=project), None)


def totals_of_team(member: Member, team: Team) -> Totals:
    """The time of a team."""
    return _totals(member, WorkItem.objects.filter(team=team), team)


def _totals(member: Member, rows: QuerySet[WorkItem], team: Team | None) -> Totals:
    require(member, Right.VIEW, team=team)
    items = rows.filter(team__workplace=member.workplace, deleted_at=None)
    worklogs = Worklog.objects.filter(work_item__in=items, deleted_at=None)
    by_item = worklogs.order_by().values_list("work_item").annotate(lasted=Sum("seconds"))
    longest = sorted(by_item, key=lambda each: (-each[1], each[0]))
    found = items.select_related("team").in_bulk([pk for pk, _ in longest[:MOST]])
    return Totals(
        spent=_sum(worklogs),
        unplanned=_sum(worklogs.exclude(work_item__estimate_seconds__gt=0)),
        estimate=items.aggregate(planned=Sum("estimate_seconds"))["planned"] or 0,
        item_count=len(longest),
        items=tuple(ItemTime(found[pk], spent) for pk, spent in longest[:MOST]),
        people=_people(worklogs) if holds(member, Right.MODERATE, team=team) else None,
    )


def _sum(worklogs: QuerySet[Worklog]) -> int:
    return worklogs.aggregate(lasted=Sum("seconds"))["lasted"] or 0


def _people(worklogs: QuerySet[Worklog]) -> tuple[PersonTime, ...]:
    rows = worklogs.order_by().values_list("member__user__name", "author_name")
    summed: dict[str, int] = {}
    for name, other, spent in rows.annotate(lasted=Sum("seconds")):
        who = name or other or "Somebody"
        summed[who] = summed.get(who, 0) + spent
    people = (PersonTime(name, spent) for name, spent in summed.items())
    return tuple(sorted(people, key=lambda each: (-each.seconds, each.name)))
