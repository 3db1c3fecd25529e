"""Counts the calls to Jira, by connection and minute, over all processes.

No call costs a write: counts are gathered in memory and stored together, by whoever uses a
connection next and by the worker's beat.  What a process has not stored yet only it can see.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import Error, transaction
from django.db.models import F, Max, Sum
from django.utils import timezone

from duolog.connections.models import CallCount, Connection
from duolog.jira.transport import CallMade

EVERY: Final = 10.0
"""Seconds between two times that a process stores its counts by itself."""
KEPT: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
SUCCESS_STEP: Final = timedelta(minutes=1)
"""How exact the time of the last success is."""


@dataclass(slots=True)
class Tally:
    """Calls of one connection in one minute, not stored yet."""

    calls: int = 0
    put_off: int = 0
    near_limit: int = 0

    def add(self, other: Tally) -> None:
        """Count the other's calls as well."""
        self.calls += other.calls
        self.put_off += other.put_off
        self.near_limit += other.near_limit


@dataclass(frozen=True, slots=True)
class Traffic:
    """Calls of the last hour: all, those that Jira put off (429), those with little left."""

    calls: int
    put_off: int
    near_limit: int
    busiest_minute: int


Key = tuple[int, datetime]

_lock: Final = threading.Lock()
_tallies: Final[dict[Key, Tally]] = {}
_successes: Final[dict[int, datetime]] = {}
_jira_times: Final[dict[int, datetime]] = {}
_listeners: Final[list[Callable[[int, CallMade], None]]] = []
_stored_at: Final = [time.monotonic()]


def note(connection_id: int, made: CallMade) -> None:
    """One call was made over a connection."""
    present = timezone.now()
    key = connection_id, present.replace(second=0, microsecond=0)
    with _lock:
        _tallies.setdefault(key, Tally()).add(
            Tally(1, int(made.status == 429), int(made.near_limit))
        )
        if made.status is not None and made.status < 400:
            _successes[connection_id] = present
        if made.at is not None:
            _jira_times[connection_id] = made.at
    for listener in tuple(_listeners):
        listener(connection_id, made)


def flush() -> None:
    """Store what was counted; what cannot be stored now is kept for the next time."""
    with _lock:
        tallies, successes = dict(_tallies), dict(_successes)
        _tallies.clear()
        _successes.clear()
        _stored_at[0] = time.monotonic()
    if not tallies:
        return
    try:
        with transaction.atomic():
            _store(tallies, successes)
    except Error:
        with _lock:
            for key, tally in tallies.items():
                _tallies.setdefault(key, Tally()).add(tally)
        raise


def flush_if_due() -> None:
    """The same, unless it was done just now."""
    if time.monotonic() - _stored_at[0] > EVERY:
        flush()


def traffic_of(connection_id: int) -> Traffic:
    """The calls of the last hour, of all processes as far as they are stored, and of this one."""
    since = timezone.now() - HOUR
    rows = CallCount.objects.filter(connection=connection_id, minute__gt=since)
    told = rows.aggregate(
        total=Sum("calls", default=0),
        refused=Sum("put_off", default=0),
        near=Sum("near_limit", default=0),
        busiest=Max("calls", default=0),
    )
    here = Tally(told["total"], told["refused"], told["near"])
    with _lock:
        ours = [it for (pk, at), it in _tallies.items() if pk == connection_id and at > since]
    for tally in ours:
        here.add(tally)
    busiest = max([told["busiest"], *(tally.calls for tally in ours)])
    return Traffic(here.calls, here.put_off, here.near_limit, busiest)


def calls_in_the_last_hour(connection_id: int) -> int:
    """How many calls were made over a connection within an hour."""
    return traffic_of(connection_id).calls


def jira_time(connection_id: int) -> datetime | None:
    """When Jira last answered this process over a connection, by Jira's own clock."""
    return _jira_times.get(connection_id)


def purge_counts(present: datetime) -> None:
    """Forget what is older than anybody is shown."""
    CallCount.objects.filter(minute__lt=present - KEPT).delete()


@contextlib.contextmanager
def listening(listener: Callable[[int, CallMade], None]) -> Iterator[None]:
    """Tell `listener` of each call, right after its answer has come."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def _store(tallies: Mapping[Key, Tally], successes: Mapping[int, datetime]) -> None:
    known = set(
        Connection.objects.filter(pk__in={pk for pk, _ in tallies}).values_list("pk", flat=True)
    )
    # In one order everywhere: two processes that store at once cannot deadlock.
    keys = sorted(key for key in tallies if key[0] in known)
    CallCount.objects.bulk_create(
        [CallCount(connection_id=pk, minute=minute) for pk, minute in keys], ignore_conflicts=True
    )
    for pk, minute in keys:
        tally = tallies[pk, minute]
        CallCount.objects.filter(connection=pk, minute=minute).update(
            calls=F("calls") + tally.calls,
            put_off=F("put_off") + tally.put_off,
            near_limit=F("near_limit") + tally.near_limit,
        )
    for pk, at in sorted(successes.items()):
        old = Connection.objects.filter(pk=pk, last_success_at__lt=at - SUCCESS_STEP)
        old.update(last_success_at=at)
