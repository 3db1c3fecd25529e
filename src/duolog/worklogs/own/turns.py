"""One writer per issue of a site: over all connections, members, workers and hosts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.db.models import Q, Value

from duolog.work.clock import Now, now
from duolog.worklogs.models import IssueTurn

TURN: Final = 120.0
"""Seconds that a turn is held at most: longer than a few calls of Jira last."""


@transaction.atomic
def take_turns(site: str, issues: Collection[str], holder: str) -> bool:
    """Whether the holder may write to all these issues now; none of them is taken otherwise.

    Whoever holds one already keeps it, so that a job that was killed goes on by itself.
    """
    wanted = sorted(set(issues))
    fresh = [IssueTurn(site=site, issue=issue) for issue in wanted]
    IssueTurn.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = IssueTurn.objects.filter(site=site, issue__in=wanted)
    list(rows.order_by("issue").select_for_update())  # in one order: two moves cannot deadlock
    free = Q(holder__in=["", holder]) | Q(held_until__lte=now())
    mine = rows.filter(free).update(holder=holder, held_until=Now() + Value(TURN))
    if mine < len(wanted):
        transaction.set_rollback(True)
        return False
    return True


def give_turns_back(holder: str) -> None:
    """Let others write."""
    IssueTurn.objects.filter(holder=holder).update(holder="", held_until=0.0)
