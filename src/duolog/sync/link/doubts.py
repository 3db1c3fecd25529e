"""Children whose creation in Jira has not come to its end: no answer, or no pass recorded it.

What is doubtful is looked for as long as it may still show, whether it is still wanted or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final, TypeVar

from duolog.core import fields as slots
from duolog.core.errors import Retryable
from duolog.core.values import Pair, Slot, Snapshot
from duolog.sync.models import ChildLink, ChildState
from duolog.work.clock import now

Key = TypeVar("Key")

SETTLING: Final = 20.0
"""Seconds after which a write to one issue, whose answer was lost, shows if it happened: as long
as we would have waited for the answer."""


def is_doubtful(row: ChildLink) -> bool:
    """Whether its creation in Jira was tried, with an outcome that we never learnt."""
    return row.tried_at is not None and row.remote_id is None


def unsettled(rows: Iterable[ChildLink]) -> Mapping[str, float]:
    """Those tried so lately that they may still show in Jira, each with the seconds left."""
    return seconds_left({str(row.pk): row.tried_at or 0.0 for row in rows if is_doubtful(row)})


def seconds_left(tried: Mapping[Key, float]) -> Mapping[Key, float]:
    """How long what was tried at these moments may still show; without what no longer may."""
    since = now() - SETTLING if tried else 0.0
    return {key: tried_at - since for key, tried_at in tried.items() if tried_at > since}


def awaited(rows: Iterable[ChildLink], waits: Mapping[str, float]) -> Retryable | None:
    """Why we must look again: something gone here since may still show in Jira."""
    left = [waits[str(row.pk)] for row in rows if row.remote_id is None and str(row.pk) in waits]
    if not left:
        return None
    return Retryable(
        "The answer to something new was lost, and it is gone here since; we look whether it "
        "still comes.",
        retry_after=timedelta(seconds=max(left)),
    )


def unrecorded(rows: Iterable[ChildLink], here: Snapshot, there: Snapshot) -> Mapping[Slot, Pair]:
    """What both sides held of the children that came into Jira and that no pass has recorded.

    Where it is not known with what one was made, and it is gone here since, what Jira holds
    counts as that: so it goes there too, and never comes back as somebody else's.
    """
    held: dict[Slot, Pair] = {}
    for row in rows:
        slot = Slot(row.kind, str(row.pk))
        if row.state != ChildState.CREATING or row.remote_id is None:
            continue
        if row.sent:
            held[slot] = Pair(row.sent, row.sent)
        elif slot in there and slot not in here:
            held[slot] = Pair(there[slot], there[slot])
    return held


def is_arriving(row: ChildLink) -> bool:
    """Whether it is a file that Jira has, while texts may still lead to our page for it."""
    is_file = row.kind == slots.ATTACHMENT
    return is_file and row.state == ChildState.CREATING and row.remote_id is not None
