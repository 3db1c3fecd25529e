"""How badly the network treats deliveries.  Decides by a seeded dice; sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

HELD_BACK: Final = (0.05, 1.0)
RETRY_AFTER: Final = (5 * 60.0, 15 * 60.0)
RETRIED: Final = frozenset({408, 409, 425, 429})


@dataclass(frozen=True, slots=True)
class Policy:
    """Chances from 0 to 1, and seconds on the simulator's clock.

    `reorder` is the chance that a delivery is held back so that later ones overtake it;
    `delay` the longest time any delivery waits; `secondary_delay` how much later the events
    that follow a deletion come.
    """

    loss: float = 0.0
    duplicate: float = 0.0
    delay: float = 0.0
    reorder: float = 0.0
    secondary_delay: float = 0.0
    seed: int | None = None

    def waits(self, dice: Random, *, secondary: bool) -> tuple[timedelta, ...]:
        """After how long each copy of a delivery is sent; none at all when it is lost."""
        if dice.random() < self.loss:
            return ()
        copies = 2 if dice.random() < self.duplicate else 1
        return tuple(self._wait(dice, secondary=secondary) for _ in range(copies))

    def _wait(self, dice: Random, *, secondary: bool) -> timedelta:
        seconds = dice.uniform(0, self.delay) if self.delay else 0.0
        if dice.random() < self.reorder:
            seconds += dice.uniform(*HELD_BACK)
        return timedelta(seconds=seconds + (self.secondary_delay if secondary else 0.0))


def to_be_repeated(status: int | None, *, left: int) -> bool:
    """Whether Jira tries again while some are `left` (jira.md 7.5); None: no answer at all."""
    if left <= 0:
        return False
    return status is None or status in RETRIED or status >= 500


def retry_wait(dice: Random) -> timedelta:
    """Five to fifteen minutes."""
    return timedelta(seconds=dice.uniform(*RETRY_AFTER))
