"""What the last complete comparison of both sides found: the drift, by item and slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duolog.sync.models import Binding, Link, Run, RunKind, RunState
from duolog.sync.queries import issue_url
from duolog.sync.words import slot_name


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
    runs = Run.objects.filter(binding=binding, kind=RunKind.SWEEP, state=RunState.DONE)
    run = runs.order_by("-pk").first()
    if run is None or run.finished_at is None:
        return None
    return Comparison(run.finished_at, run.total, run.found, _drifted(run.drift))


def _drifted(kept: Sequence[Mapping[str, Any]]) -> tuple[Drifted, ...]:
    links = Link.objects.select_related("work_item__team", "binding__connection").in_bulk(
        [each["link_id"] for each in kept]
    )
    return tuple(
        Drifted(links[each["link_id"]], each["issue_key"], tuple(each["slots"]))
        for each in kept
        if each["link_id"] in links
    )
