"""How much may run side by side, and what must wait.  Knows nothing of what a lane stands for.

Lane rows are changed in short transactions only: every claim waits for them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from duolog.core.backoff import rest
from duolog.work.clock import Now, now
from duolog.work.models import Lane, Work
from duolog.work.wake import announce

FOREVER: Final = 253_402_300_799.0
"""The last second of the year 9999: blocked until a person acts."""


def ensure_lane(name: str, max_inflight: int, *, kept: int = 0) -> None:
    """Make the lane, or set how many of its runs may be in flight at once.

    `kept` more may be, of those that a person waits for: so these never wait for the others.
    """
    caps = {"max_inflight": max_inflight, "kept": kept}
    Lane.objects.update_or_create(name=name, defaults=caps)


def block_lane(name: str, until: float) -> None:
    """Start nothing in this lane before `until`, a time of the database's clock.

    A block is only ever extended, so that a short pause cannot end a long one.
    """
    Lane.objects.filter(pk=name).update(blocked_until=Greatest("blocked_until", Value(until)))


def rest_lane(name: str, *, anew: bool = False) -> None:
    """Start nothing for a while in a lane whose other side is in trouble and names no time.

    With `anew` it has answered since the last rest, so that this is another trouble.
    Whatever fails before the rest is over tells of the same trouble, and does not prolong it.
    """
    with transaction.atomic():
        lane = Lane.objects.select_for_update(no_key=True).get(pk=name)
        present = now()
        if lane.blocked_until > present:
            return
        since = timedelta(seconds=present - lane.blocked_until)
        before = timedelta(seconds=0 if anew else lane.rest)
        seconds = rest(before, since).total_seconds()
        Lane.objects.filter(pk=name).update(blocked_until=present + seconds, rest=seconds)


def unblock_lane(name: str) -> None:
    """Let the lane run again at once."""
    with transaction.atomic():
        Lane.objects.filter(pk=name).update(blocked_until=0.0)
        announce()


def reopen_lane(name: str) -> None:
    """Let the lane run again, and all that is pending in it at once, also what comes by itself.

    For a person who has put right what stopped it: much may have happened meanwhile.
    """
    with transaction.atomic():
        pending = Work.objects.filter(lane=name, want__gt=F("done"))
        pending.filter(due_at__gt=Now()).update(due_at=Now(), attempts=0, error="")
        unblock_lane(name)
