"""Which worklogs changed when, in order of time, for the feeds (jira.md 5.6).  Knows no rights."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import datetime

from jirasim.site.model import Worklog

Mark = tuple[int, int]
"""The instant of a change in epoch milliseconds, and the id of the worklog."""


def milliseconds(moment: datetime) -> int:
    """Since the epoch, as the feeds count."""
    return round(moment.timestamp() * 1000)


def mark_of(worklog: Worklog) -> Mark:
    """The last change of a worklog."""
    return milliseconds(worklog.updated), int(worklog.id)


class Feed:
    """Marks in order, oldest first.  Used under the site's lock."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self._marks = sorted(marks)

    def add(self, mark: Mark) -> None:
        """Put a mark in its place."""
        insort(self._marks, mark)

    def drop(self, mark: Mark) -> None:
        """Forget a mark that is there."""
        del self._marks[bisect_left(self._marks, mark)]

    def between(self, since: int, until: int) -> Iterator[Mark]:
        """The marks from `since` to `until`, both included."""
        for place in range(bisect_left(self._marks, (since, 0)), len(self._marks)):
            if self._marks[place][0] > until:
                return
            yield self._marks[place]
