"""Ways through a workflow, as far as it is known: from status to status, by transitions.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from typing import Protocol, TypeVar


class Edge(Protocol):
    """A transition out of one status: where it leads, and whether it puts a screen in the way."""

    @property
    def to(self) -> str:
        """The status it leads to."""
        ...

    @property
    def has_screen(self) -> bool:
        """Whether something is asked for on the way."""
        ...


E = TypeVar("E", bound=Edge)


def shortest(
    exits: Mapping[str, Sequence[E]],
    start: str,
    goal: str,
    *,
    usable: Callable[[E], bool] = lambda _: True,
) -> tuple[E, ...] | None:
    """The fewest transitions from one status to another, of those the fewest screens.

    `exits` are the known transitions out of each status.  None where no usable way is known:
    there may be one all the same, through a status within reach whose exits nobody has read.
    """
    waiting: list[tuple[int, int, int, str, tuple[E, ...]]] = [(0, 0, 0, start, ())]
    settled: set[str] = set()
    order = 0
    while waiting:
        _, screens, _, status, path = heappop(waiting)
        if status == goal:
            return path
        if status in settled:
            continue
        settled.add(status)
        for edge in exits.get(status, ()):
            if edge.to not in settled and usable(edge):
                order += 1
                cost = len(path) + 1, screens + edge.has_screen
                heappush(waiting, (*cost, order, edge.to, (*path, edge)))
    return None


def reachable(
    exits: Mapping[str, Sequence[E]],
    start: str,
    *,
    usable: Callable[[E], bool] = lambda _: True,
) -> tuple[str, ...]:
    """The statuses that known ways lead to, the nearest first; where they start is the first."""
    found = {start: None}
    for status in (line := [start]):
        fresh = [e.to for e in exits.get(status, ()) if usable(e) and e.to not in found]
        found |= dict.fromkeys(fresh)
        line.extend(dict.fromkeys(fresh))
    return tuple(found)
