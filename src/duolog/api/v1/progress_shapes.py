"""How far a binding is, and what its last comparison found, as told outside."""

from __future__ import annotations

from duolog.api.shapes import Moment, Shape
from duolog.sync.models import BindingState
from duolog.sync.shown.comparison import Comparison
from duolog.sync.shown.progress import Progress


class DriftShape(Shape):
    """A link that was not in step; `slots` names what differed, empty where one side was gone."""

    link_id: str
    work_item_id: str | None
    issue_key: str
    issue_url: str
    slots: tuple[str, ...]


class ComparisonShape(Shape):
    """What the last complete comparison found; `drift` 0 is the promise.

    `items` names at most a hundred of what had drifted; all of it was made due.
    """

    at: Moment
    compared: int
    drift: int
    items: list[DriftShape]


class StageShape(Shape):
    """One step of what runs."""

    name: str
    total: int
    done: int
    percent: int


class ProgressShape(Shape):
    """How far a binding is, never backwards.

    A project's counts are those of all its items in the space; `by_teams` is how many of them
    are kept in step by their team's binding.  `seconds_left` and `per_minute` follow the recent pace, null where none can be told;
    `waits_until` is the time until which Jira asked us to wait.
    """

    state: BindingState
    stages: list[StageShape]
    total: int
    done: int
    percent: int
    waiting: int
    held: int
    conflicts: int
    in_step: int
    differs: int
    by_teams: int
    per_minute: int | None
    seconds_left: int | None
    waits_until: Moment | None
    is_running: bool
    is_stalled: bool
    is_stopped: bool
    trouble: str
    last_comparison: ComparisonShape | None


def show_progress(progress: Progress) -> ProgressShape:
    """The progress, counted."""
    return ProgressShape(
        state=BindingState(progress.state),
        stages=[
            StageShape(name=stage.name, total=stage.total, done=stage.done, percent=stage.percent)
            for stage in progress.stages
        ],
        total=progress.total,
        done=progress.done,
        percent=progress.percent,
        waiting=progress.waiting,
        held=progress.held,
        conflicts=progress.conflicts,
        in_step=progress.in_step,
        differs=progress.differs,
        by_teams=progress.by_teams,
        per_minute=progress.per_minute,
        seconds_left=progress.seconds_left,
        waits_until=progress.waits_until,
        is_running=progress.is_running,
        is_stalled=progress.is_stalled,
        is_stopped=progress.is_stopped,
        trouble=progress.trouble,
        last_comparison=show_comparison(progress.last_comparison),
    )


def show_comparison(told: Comparison | None) -> ComparisonShape | None:
    """What the last comparison found; None before the first."""
    if told is None:
        return None
    items = [
        DriftShape(
            link_id=str(it.link.pk),
            work_item_id=str(it.link.work_item_id) if it.link.work_item_id else None,
            issue_key=it.issue_key,
            issue_url=it.issue_url,
            slots=it.slots,
        )
        for it in told.items
    ]
    return ComparisonShape(at=told.at, compared=told.compared, drift=told.drift, items=items)
