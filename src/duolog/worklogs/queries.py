"""Worklogs as pages and the API show them.  Reads, changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from duolog.people.errors import NotFound
from duolog.worklogs.models import Worklog
from duolog.workplace.models import WorkItem


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """The time of one item beside its plan, in seconds; None where nothing was planned."""

    spent: int
    estimate: int | None
    remaining: int | None

    @property
    def over(self) -> int:
        """By how much what was spent exceeds the plan."""
        return max(0, self.spent - (self.estimate or self.spent))


def list_worklogs(item: WorkItem) -> tuple[Worklog, ...]:
    """The item's entries, in order of time."""
    return tuple(_live(item))


def get_worklog(item: WorkItem, worklog_id: int, *, deleted: bool = False) -> Worklog:
    """One entry of the item, deleted or not as asked, or `NotFound`."""
    rows = item.worklogs.filter(deleted_at__isnull=not deleted).select_related("member__user")
    found = rows.filter(pk=worklog_id).first()
    if found is None:
        raise NotFound("There is no such entry of time.")
    return found


def time_of(item: WorkItem, spent: int) -> TimeSpent:
    """The time spent on the item beside its plan."""
    estimate = item.estimate_seconds
    remaining = item.remaining_seconds
    if remaining is None and estimate is not None:
        remaining = max(0, estimate - spent)
    return TimeSpent(spent, estimate, remaining)


def _live(item: WorkItem) -> QuerySet[Worklog]:
    return item.worklogs.filter(deleted_at=None).select_related("member__user")
