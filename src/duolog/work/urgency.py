"""How urgent what this thread does is.  Whoever shares something scarce asks here.

Outside of a job somebody waits for the answer: a page, a command, a call of the API.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from duolog.work.marks import INTERACTIVE


def nobody_else() -> None:
    """Nobody can have taken it over."""


@dataclass(slots=True)
class Urgency:
    """Of one run.  `taken` is how much it got of what is scarce: begun, it had better end.

    `insist` raises once the run is another's: to be asked before anything is changed there.

    `was_answered` once the other side has answered: whatever befalls the run then, it is there.
    `was_served` once it has changed something there: nobody waits for the rest of the run.
    """

    priority: int = INTERACTIVE
    insist: Callable[[], None] = nobody_else
    taken: int = 0
    was_answered: bool = False
    was_served: bool = False

    @property
    def has_begun(self) -> bool:
        """Whether something would be wasted if it went no further."""
        return self.taken > 0 or self.was_served

    @property
    def is_urgent(self) -> bool:
        """Whether a person still waits for it."""
        return self.priority <= INTERACTIVE and not self.was_served


_URGENCY: Final[ContextVar[Urgency | None]] = ContextVar("urgency", default=None)


def urgency() -> Urgency:
    """Of what runs in this thread."""
    return _URGENCY.get() or Urgency()


@contextlib.contextmanager
def running_at(priority: int, insist: Callable[[], None] = nobody_else) -> Iterator[Urgency]:
    """What runs in the block is so urgent, and ours until `insist` raises."""
    run = Urgency(priority, insist)
    token = _URGENCY.set(run)
    try:
        yield run
    finally:
        _URGENCY.reset(token)
