"""How far a binding is: a bar for each stage of what runs, its pace, and an honest rest.

What is done is kept with the run as it grows, so a page, a restart or another host tells the same,
and nothing ever goes backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, QuerySet
from django.utils import timezone

from duolog.core import fields as slots
from duolog.core.pace import Sample, per_second, seconds_left, with_sample
from duolog.sync.basis.scopes import count_by_teams, links_within
from duolog.sync.marks import LINK
from duolog.sync.models import (
    BaseSlot,
    Binding,
    BindingState,
    ChildLink,
    Link,
    LinkState,
    Run,
    RunKind,
    RunState,
)
from duolog.sync.shown.comparison import Comparison, last_comparison
from duolog.sync.shown.overview import has_stopped, trouble_of
from duolog.work.clock import now
from duolog.work.queries import blocked_for, pending
from duolog.workplace.models import Attachment, Comment

STANDSTILL: Final = timedelta(minutes=1)
EPIC: Final = "epic"
ISSUES: Final = "issues"
_RECENT: Final = "recent"
_NAMES: Final[Mapping[str, str]] = {
    EPIC: "Epic",
    ISSUES: "Issues",
    slots.COMMENT: "Comments",
    slots.ATTACHMENT: "Attachments",
    slots.RELATION: "Relations",
}


def note_progress(run: Run) -> None:
    """Keep how far each stage of a run is, in the caller's transaction; the caller saves it."""
    stages = dict(run.stages)
    for name, (done, total) in _counted(run).items():
        was_done, was_total = stages.get(name, (0, 0))
        grown = max(done, was_done)
        stages[name] = [grown, max(total, was_total, grown)]
    samples = with_sample(_samples(run), Sample(now(), _sum(stages, 0)))
    run.stages = {**stages, _RECENT: [list(sample) for sample in samples]}


def _counted(run: Run) -> dict[str, tuple[int, int]]:
    counts = {ISSUES: (run.done, run.total)}
    if run.kind != RunKind.SEND:
        return counts
    binding = run.binding
    if binding.project_id is not None:
        counts[EPIC] = (int(bool(binding.epic_issue_key)), 1)
    links = Link.objects.filter(binding=binding, created_at__gte=run.started_at).exclude(
        state=LinkState.ENDED
    )
    items = links.values("work_item")
    comments = Comment.objects.filter(work_item__in=items, deleted_at=None).count()
    files = Attachment.objects.filter(work_item__in=items, deleted_at=None).count()
    counts[slots.COMMENT] = (_sent(links, slots.COMMENT), comments)
    counts[slots.ATTACHMENT] = (_sent(links, slots.ATTACHMENT), files)
    related = BaseSlot.objects.filter(link__in=links, kind=slots.RELATION).count()
    counts[slots.RELATION] = (related, related)
    return {name: count for name, count in counts.items() if name == ISSUES or count[1]}


def _sent(links: QuerySet[Link], kind: str) -> int:
    rows = ChildLink.objects.filter(link__in=links.values("pk"), kind=kind, local_id__isnull=False)
    return rows.exclude(remote_id=None).count()


def _samples(run: Run) -> tuple[Sample, ...]:
    return tuple(Sample(float(at), int(done)) for at, done in run.stages.get(_RECENT, []))


def _sum(stages: Mapping[str, Sequence[int]], place: int) -> int:
    return sum(counts[place] for name, counts in stages.items() if name != _RECENT)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a run: what it is called and how much of it is done."""

    name: str
    total: int
    done: int

    @property
    def percent(self) -> int:
        """How much is done, of a hundred; nothing before it is known how much there is."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is left, as far as is known."""
        return 0 < self.total <= self.done


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a binding is.  `seconds_left` follows the recent pace, None where there is none.

    A project's counts are those of all its items in the space; `by_teams` is how many of them
    are kept in step by their team's binding.
    `waits_until` when Jira asked us to wait.  `is_stalled` when nothing has moved for a minute
    although something is to be done and nothing waits; `is_stopped` when its connection has
    stopped, so that nothing crosses before a person acts.
    """

    state: str
    stages: tuple[Stage, ...]
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
    waits_until: datetime | None
    is_running: bool
    is_stalled: bool
    is_stopped: bool
    trouble: str
    last_comparison: Comparison | None


def progress(binding: Binding) -> Progress:
    """How far a binding is, from its runs, its links and what is due."""
    runs = list(Run.objects.filter(binding=binding, state=RunState.RUNNING).order_by("pk"))
    live = links_within(binding)
    counts = dict(live.values_list("state").annotate(Count("pk")))
    due = len(pending(LINK, live.values_list("pk", flat=True)))
    creating = counts.get(LinkState.CREATING, 0) - _given_up(live).count()
    is_stopped, waits_until = has_stopped(binding), _waits_until(binding)
    is_free = waits_until is None and not is_stopped and binding.state == BindingState.ACTIVE
    stages = tuple(stage for run in runs for stage in _stages(run))
    return Progress(
        state=binding.state,
        stages=stages,
        total=sum(stage.total for stage in stages),
        done=sum(stage.done for stage in stages),
        percent=_percent(binding, runs),
        waiting=due + creating,
        held=counts.get(LinkState.HELD, 0),
        conflicts=counts.get(LinkState.CONFLICT, 0),
        in_step=counts.get(LinkState.IN_STEP, 0),
        differs=counts.get(LinkState.DIFFERS, 0),
        by_teams=count_by_teams(binding),
        per_minute=_summed(runs, _per_minute) if is_free else None,
        seconds_left=_summed(runs, _seconds_left) if is_free else None,
        waits_until=waits_until,
        is_running=not is_stopped and (bool(runs) or due + creating > 0),
        is_stalled=is_free and any(timezone.now() - run.moved_at > STANDSTILL for run in runs),
        is_stopped=is_stopped,
        trouble=trouble_of(binding),
        last_comparison=last_comparison(binding),
    )


def _given_up(live: QuerySet[Link]) -> QuerySet[Link]:
    """Those whose items went to the trash before they were sent: nothing is to be done for them."""
    unsent = live.filter(state=LinkState.CREATING, issue_id=None, sent_at=None)
    return unsent.filter(work_item__deleted_at__isnull=False)


def _stages(run: Run) -> tuple[Stage, ...]:
    """The stages of a run; the issues first, under the name of the run where it is no send."""
    kept = {name: run.stages[name] for name in _NAMES if name in run.stages}
    kept.setdefault(ISSUES, [run.done, run.total])
    is_send = run.kind == RunKind.SEND
    return tuple(
        Stage(
            _NAMES[name] if is_send else run.get_kind_display(),
            max(kept[name][1], run.total if name == ISSUES else 0),
            max(kept[name][0], run.done if name == ISSUES else 0),
        )
        for name in _NAMES
        if name in kept
    )


def _percent(binding: Binding, running: Sequence[Run]) -> int:
    """Every run counts the same, those that are over as well, so that it only ever grows."""
    if not running:
        return 100
    since = min(run.started_at for run in running)
    over = Run.objects.filter(binding=binding, state=RunState.DONE, started_at__gte=since).exclude(
        kind=RunKind.SWEEP
    )
    shares = [_share(run) for run in running] + [1.0] * over.count()
    return int(100 * sum(shares) / len(shares))


def _share(run: Run) -> float:
    stages = _stages(run)
    total, done = sum(each.total for each in stages), sum(each.done for each in stages)
    return min(1.0, done / total) if total else 0.0


def _waits_until(binding: Binding) -> datetime | None:
    seconds = blocked_for(binding.connection.lane)
    return None if seconds is None else timezone.now() + timedelta(seconds=seconds)


def _summed(runs: Sequence[Run], tell: Callable[[Run], float | None]) -> int | None:
    told = [value for run in runs if (value := tell(run)) is not None]
    return round(sum(told)) if told else None


def _per_minute(run: Run) -> float | None:
    pace = per_second(_samples(run), now())
    return None if pace is None else pace * 60


def _seconds_left(run: Run) -> float | None:
    stages = _stages(run)
    return seconds_left(_samples(run), sum(stage.total for stage in stages), now())
