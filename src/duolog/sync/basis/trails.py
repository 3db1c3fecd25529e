"""How a walk of ours through Jira's workflow is told from a person's edit.  Pure.

A trail is kept before a walk's first step: the statuses it passes, its start and end included.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from duolog.core import fields as slots
from duolog.core.values import ABSENT, Pair, Slot, Snapshot


def own_base(
    base: dict[Slot, Pair], trail: Sequence[str], *, here: Snapshot, there: Snapshot, stands: str
) -> dict[Slot, Pair]:
    """The base of an issue that stands where a walk of ours left it.

    What Jira holds then is no edit of a person, and what is here is still to be carried over, even
    if it is what both sides held before the walk.
    """
    local, remote = here.get(slots.STATUS, ABSENT), there.get(slots.STATUS, ABSENT)
    if stands not in trail or slots.STATUS not in base or local == remote:
        return base
    was = base[slots.STATUS].local
    return {**base, slots.STATUS: Pair(ABSENT if was == local else was, remote)}


def is_own_step(trail: Sequence[str], old: str, new: str) -> bool:
    """Whether a change of status that Jira tells of is one step of the walk."""
    return (old, new) in pairwise(trail)
