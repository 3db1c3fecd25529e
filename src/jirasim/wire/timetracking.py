"""Estimates, time spent and progress of an issue, alone and with its sub-tasks (jira.md 6.1)."""

from collections.abc import Callable, Iterable, Mapping

from jirasim.site import durations
from jirasim.site.model import Issue
from jirasim.wire.entities import Json
from jirasim.wire.wire import Wire

Read = Callable[[Issue], int | None]
ENDLESS = 2**63 - 1
"""The work ratio of work on an issue that was estimated at nothing, as recorded."""


def original(issue: Issue) -> int | None:
    return issue.original_estimate


def remaining(issue: Issue) -> int | None:
    return issue.remaining_estimate


def spent(issue: Issue) -> int | None:
    return issue.time_spent


def timetracking(wire: Wire, issue: Issue) -> Json:
    """Each value readable and in seconds; what nobody gave is left out."""
    values = {
        "originalEstimate": original(issue),
        "remainingEstimate": remaining(issue),
        "timeSpent": spent(issue),
    }
    given = {name: value for name, value in values.items() if value is not None}
    readable = {
        name: durations.written(value, wire.site.state.measure) for name, value in given.items()
    }
    return {**readable, **{f"{name}Seconds": value for name, value in given.items()}}


def own(read: Read) -> Callable[[Wire, Issue], int | None]:
    """A value of the issue alone."""
    return lambda _, issue: read(issue)


def aggregate(read: Read) -> Callable[[Wire, Issue], int | None]:
    """The sum over the issue and its sub-tasks; None where none of them has a value."""
    return lambda wire, issue: _sum(read, (issue, *wire.site.subtasks(issue)))


def progress(_: Wire, issue: Issue) -> Json:
    """Time spent out of time spent and remaining."""
    return _progress(spent(issue), remaining(issue))


def aggregate_progress(wire: Wire, issue: Issue) -> Json:
    """The same with sub-tasks."""
    family = (issue, *wire.site.subtasks(issue))
    return _progress(_sum(spent, family), _sum(remaining, family))


def work_ratio(_: Wire, issue: Issue) -> int:
    """Percent of the original estimate that is spent; -1 without an estimate."""
    if issue.original_estimate is None:
        return -1
    done = issue.time_spent or 0
    if issue.original_estimate == 0:
        return ENDLESS if done else 0
    return done * 100 // issue.original_estimate


def _sum(read: Read, issues: Iterable[Issue]) -> int | None:
    values = [value for issue in issues if (value := read(issue)) is not None]
    return sum(values) if values else None


def _progress(done: int | None, left: int | None) -> Json:
    total = (done or 0) + (left or 0)
    body: Json = {"progress": done or 0, "total": total}
    return {**body, "percent": (done or 0) * 100 // total} if total else body


WRITERS: Mapping[str, Callable[[Wire, Issue], object]] = {
    "timetracking": timetracking,
    "timeoriginalestimate": own(original),
    "timeestimate": own(remaining),
    "timespent": own(spent),
    "aggregatetimeoriginalestimate": aggregate(original),
    "aggregatetimeestimate": aggregate(remaining),
    "aggregatetimespent": aggregate(spent),
    "progress": progress,
    "aggregateprogress": aggregate_progress,
    "workratio": work_ratio,
}
