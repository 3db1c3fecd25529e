"""How fast something goes, judged by what was finished lately, and how long the rest takes.  Pure.

An estimate that cannot be honest is none: without recent movement nothing is promised.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

WINDOW: Final = 180.0
"""Seconds within which work counts as recent."""
SHORTEST: Final = 3.0
"""Seconds of work after which a pace may be told."""
KEPT: Final = 24


class Sample(NamedTuple):
    """How much was done at a moment, in epoch seconds."""

    at: float
    done: int


def with_sample(samples: Sequence[Sample], fresh: Sample) -> tuple[Sample, ...]:
    """The samples with another one; what is old goes, and what is done never gets less."""
    latest = samples[-1] if samples else Sample(fresh.at, 0)
    grown = Sample(max(fresh.at, latest.at), max(fresh.done, latest.done))
    recent = [each for each in samples if each.at >= grown.at - WINDOW]
    if len(recent) >= KEPT:
        recent = [*recent[:-1:2], recent[-1]]
    return (*recent, grown)


def per_second(samples: Sequence[Sample], now: float) -> float | None:
    """The recent pace; None where nothing has moved lately, or not for long enough to tell."""
    recent = [each for each in samples if each.at >= now - WINDOW]
    if len(recent) < 2:
        return None
    spent, done = now - recent[0].at, recent[-1].done - recent[0].done
    return done / spent if done > 0 and spent >= SHORTEST else None


def seconds_left(samples: Sequence[Sample], total: int, now: float) -> float | None:
    """How long the rest takes at the recent pace; None where no pace can be told."""
    pace = per_second(samples, now)
    if pace is None or not samples:
        return None
    return max(0, total - samples[-1].done) / pace
