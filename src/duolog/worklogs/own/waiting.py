"""Waiting a moment for Jira's answer, so that most people see their worklog saved at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Final

from duolog.connections.gate import GATE, Gate
from duolog.work.queries import Pending, pending
from duolog.worklogs.models import OwnWorklog, WorklogState
from duolog.worklogs.own.intents import WRITE, key_of

PATIENCE_SECONDS: Final = 3.0
_LOOK_EVERY: Final = 0.04


def settled(
    worklogs: Sequence[OwnWorklog], *, within: float = PATIENCE_SECONDS, gate: Gate = GATE
) -> tuple[OwnWorklog, ...]:
    """The worklogs once Jira answered, or as they are when the patience ends; deleted ones too.

    Whoever finds the gate full does not wait: what was asked is stored, and goes on by itself.
    """
    ends_at, pause = time.monotonic() + within, threading.Event()
    with gate.passed_at_once() as is_through:
        while is_through and _are_pending(worklogs) and time.monotonic() < ends_at:
            pause.wait(_LOOK_EVERY)
    return _now(worklogs)


def waits_of(worklogs: Sequence[OwnWorklog]) -> Mapping[int, Pending]:
    """How long those on their way still wait before Jira is asked, by their id."""
    keys = {row.pk: key_of(row.issue) for row in worklogs if row.state == WorklogState.PENDING}
    found = pending(WRITE, set(keys.values())) if keys else {}
    return {number: found[key] for number, key in keys.items() if key in found}


def _are_pending(worklogs: Sequence[OwnWorklog]) -> bool:
    rows = OwnWorklog.objects.filter(pk__in=[row.pk for row in worklogs])
    return rows.filter(state=WorklogState.PENDING).exists()


def _now(worklogs: Sequence[OwnWorklog]) -> tuple[OwnWorklog, ...]:
    rows = OwnWorklog.objects.select_related("connection", "issue__connection")
    found = rows.in_bulk([row.pk for row in worklogs if row.pk])
    return tuple(found.get(row.pk, row) for row in worklogs)
