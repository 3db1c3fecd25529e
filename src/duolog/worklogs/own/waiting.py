"""Waiting a moment for Jira's answer, so that most people see their worklog saved at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from duolog.connections.gate import GATE, Gate
from duolog.connections.models import Connection
from duolog.work.queries import Pending, pending
from duolog.worklogs.models import OwnWorklog, WorklogState
from duolog.worklogs.own.intents import WRITE, key_of
from duolog.worklogs.own.standing import READ

PATIENCE_SECONDS: Final = 3.0
_LOOK_EVERY: Final = 0.04


def settled(
    worklogs: Sequence[OwnWorklog], *, within: float = PATIENCE_SECONDS, gate: Gate = GATE
) -> tuple[OwnWorklog, ...]:
    """The worklogs once Jira answered, or as they are when the patience ends; deleted ones too.

    Whoever finds the gate full does not wait: what was asked is stored, and goes on by itself.
    """
    _wait_while(lambda: _are_pending(worklogs), within, gate)
    return _now(worklogs)


def wait_for_reading(
    connections: Sequence[Connection], *, within: float = PATIENCE_SECONDS, gate: Gate = GATE
) -> None:
    """Return once what was asked to be read is, or when the patience ends; or at once, as above."""
    keys = [each.pk for each in connections]
    _wait_while(lambda: any(not it.attempts for it in pending(READ, keys).values()), within, gate)


def waits_of(worklogs: Sequence[OwnWorklog]) -> Mapping[int, Pending]:
    """How long those on their way still wait before Jira is asked, by their id."""
    keys = {row.pk: key_of(row.issue) for row in worklogs if row.state == WorklogState.PENDING}
    found = pending(WRITE, set(keys.values())) if keys else {}
    return {number: found[key] for number, key in keys.items() if key in found}


def _wait_while(holds: Callable[[], bool], within: float, gate: Gate) -> None:
    ends_at, pause = time.monotonic() + within, threading.Event()
    with gate.passed_at_once() as is_through:
        while is_through and holds() and time.monotonic() < ends_at:
            pause.wait(_LOOK_EVERY)


def _are_pending(worklogs: Sequence[OwnWorklog]) -> bool:
    rows = OwnWorklog.objects.filter(pk__in=[row.pk for row in worklogs])
    return rows.filter(state=WorklogState.PENDING).exists()


def _now(worklogs: Sequence[OwnWorklog]) -> tuple[OwnWorklog, ...]:
    rows = OwnWorklog.objects.select_related("connection", "issue__connection")
    found = rows.in_bulk([row.pk for row in worklogs if row.pk])
    return tuple(found.get(row.pk, row) for row in worklogs)
