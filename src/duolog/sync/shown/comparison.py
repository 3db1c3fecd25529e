"""What the last complete comparison of both sides found: the drift, by item and slot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from duolog.sync.link.words import slot_name
from duolog.sync.models import Binding, Link, Run, RunKind, RunState
from duolog.sync.shown.queries import issue_url


@dataclass(frozen=True, slots=True)
class Drifted:
    """A link that was believed to be in step and was not; without slots, one side was not there."""

    link: Link
    issue_key: str
    slots: tuple[str, ...]

    @property
    def issue_url(self) -> str:
        """Where a person sees the issue in Jira."""
        return issue_url(self.link)

    @property
    def slot_names(self) -> tuple[str, ...]:
        """What people call the slots."""
        parted = (slot.partition("/") for slot in self.slots)
        return tuple(dict.fromkeys(slot_name(kind, key) for kind, _, key in parted))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The last look at everything on both sides: how many issues, and how many had drifted.

    `drift` counts also what had changed here without being noted; 0 is the promise.  `items` are
    those that can be named: at most a hundred, and none whose link was forgotten since.
    """

    at: datetime
    compared: int
    drift: int
    items: tuple[Drifted, ...]

    @property
    def unnamed(self) -> int:
        """How much of the drift `items` does not name."""
        return self.drift - len(self.items)


def last_comparison(binding: Binding) -> Comparison | None:
    """The last one that came to its end; None before the first."""
    return last_comparisons([binding]).get(binding.pk)


def last_comparisons(bindings: Iterable[Binding]) -> Mapping[int, Comparison]:
    """The same of several bindings, by their ids: two queries, and one more where any drifted."""
    ended = Run.objects.filter(
        binding__in=[binding.pk for binding in bindings],
        kind=RunKind.SWEEP,
        state=RunState.DONE,
        finished_at__isnull=False,
    )
    latest = ended.values("binding").annotate(latest=Max("pk")).values_list("latest", flat=True)
    runs = list(Run.objects.filter(pk__in=list(latest)))
    links = _links([each for run in runs for each in run.drift])
    return {
        run.binding_id: Comparison(
            run.finished_at, run.total, run.found, _drifted(run.drift, links)
        )
        for run in runs
        if run.finished_at is not None
    }


def _links(kept: Sequence[Mapping[str, Any]]) -> Mapping[int, Link]:
    if not kept:
        return {}
    rows = Link.objects.select_related("work_item__team", "binding__connection")
    return rows.in_bulk([each["link_id"] for each in kept])


def _drifted(kept: Sequence[Mapping[str, Any]], links: Mapping[int, Link]) -> tuple[Drifted, ...]:
    return tuple(
        Drifted(links[each["link_id"]], each["issue_key"], tuple(each["slots"]))
        for each in kept
        if each["link_id"] in links
    )
