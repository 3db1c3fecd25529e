"""How often Jira is asked: one budget per connection, and one per issue for what is written to it.

Both are kept in the database, so that all workers of all hosts share them.  Nobody waits longer
than `PATIENCE` here: whoever would have to raises, and the work row waits.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import Error
from django.db.models import F, Value
from django.db.models.functions import Greatest

from duolog.connections.bucket import Bucket, slowed
from duolog.connections.models import IssuePace, Pace
from duolog.core.errors import Retryable, Scope
from duolog.jira.call import Call
from duolog.jira.rates import NOTHING, Told, issues_written
from duolog.jira.transport import CallMade
from duolog.work.clock import Now, now
from duolog.work.urgency import Urgency, urgency

log = logging.getLogger(__name__)

USUAL: Final = Bucket(size=50, per_second=50)
"""Calls over one connection where Jira names no rate: half of what Cloud lets a whole site read."""
WRITES: Final = Bucket(size=12, per_second=2.5)
"""Writes to one issue.  Never more than 17 within 2 and 87 within 30 seconds: Cloud allows 20 and
100 (jira.md 3.2), and some come by ways that do not name the issue."""
PATIENCE: Final = 1.0
"""Seconds that a call waits for its turn at most (ruling 22)."""
AT_ONCE: Final = 10
"""How many calls a process takes of the budget with one write to the database."""
USED_WITHIN: Final = 1.0
UNTOLD: Final = timedelta(seconds=2)
"""How long to leave Jira alone that puts us off and names no time, or says that little is left."""
SLOWER_EVERY: Final = 2.0
"""Seconds within which a second refusal says nothing new: it was under way with the first."""
DONE: Final = range(200, 300)
SERVER_ERROR: Final = 500
KEPT_FOR_URGENT: Final = 0.2
KEPT_FOR_BEGUN: Final = 0.5
"""Shares of the budget that other work leaves alone, and that work not yet begun leaves alone."""


class Pacer:
    """Lets the calls of one connection out.  Shared by the threads of a process."""

    def __init__(self, connection_id: int, site: str) -> None:
        self._connection_id = connection_id
        self._site = site
        self._lock = threading.Lock()
        self._in_hand, self._use_by = 0, 0.0
        self._waiting = threading.Event()  # never set: only waited for

    def admit(self, call: Call) -> None:
        """Wait for the turn of a call, at most `PATIENCE`.  Raises Retryable."""
        run, ends = urgency(), time.monotonic() + PATIENCE
        try:
            self._await(partial(self._take_call, run), ends, Scope.RUN)
        except Retryable as error:
            raise self._with_time_for_all(error, run) from error
        for issue in issues_written(call):
            self._await(partial(self._take_write, issue), ends, Scope.LINK)
        run.taken += 1

    def heed(self, made: CallMade) -> None:
        """Take to heart what an answer says of our rate."""
        run = urgency()
        if made.status is not None and made.status < SERVER_ERROR:
            run.was_answered = True
        if made.status in DONE and made.call.changes:
            run.was_served = True
        if made.told == NOTHING:
            return
        try:
            self._heed(made.told, issues_written(made.call))
        except Error as error:
            log.warning("Could not keep what Jira said of our rate: %s", error)

    def _await(self, take: Callable[[], float | None], ends: float, scope: Scope) -> None:
        """Until `take` gives no seconds to wait; None, and another was faster, so it looks again.

        A lost race is no wait for Jira, however slow the database is.  It comes to an end: each
        means that somebody else took from the bucket.
        """
        while (wait := take()) != 0:
            if wait is None:
                continue
            if time.monotonic() + wait > ends:
                what = "issue" if scope is Scope.LINK else "connection"
                raise Retryable(
                    f"Many calls to Jira wait for their turn with this {what}.",
                    scope=scope,
                    retry_after=timedelta(seconds=wait),
                    hint="We space our calls so that Jira stays quick for people.",
                )
            self._waiting.wait(wait)

    def _with_time_for_all(self, error: Retryable, run: Urgency) -> Retryable:
        """The run begins anew: let there be as many calls by then as it got, and one more.

        Else, at a slow rate, it would spend each on the first of its calls and never end.
        """
        if error.scope is not Scope.RUN or error.retry_after is None:
            return error
        row, present = self._row()
        bucket = bucket_of(row, present)
        more = min(run.taken, bucket.size - 1) / bucket.per_second
        later = error.retry_after + timedelta(seconds=more)
        return Retryable(str(error), scope=error.scope, retry_after=later, hint=error.hint)

    def _take_call(self, run: Urgency) -> float | None:
        """Seconds to wait, as `_await` takes them.  Raises Retryable while Jira wants no calls."""
        with self._lock:
            if self._in_hand and time.monotonic() < self._use_by:
                self._in_hand -= 1
                return 0.0
        row, present = self._row()
        if row.closed_until > present:
            raise _closed(row.closed_until - present)
        bucket = bucket_of(row, present)
        number = 1 if run.is_urgent else max(1, min(AT_ONCE, int(bucket.per_second / 5)))
        wait, free_at = bucket.take(
            row.free_at, present, number=number, keep=bucket.size * _kept_from(run)
        )
        mine = Pace.objects.filter(pk=row.pk, free_at=row.free_at)
        if not wait and not mine.update(free_at=free_at):
            return None
        if not wait:
            with self._lock:
                self._in_hand, self._use_by = number - 1, time.monotonic() + USED_WITHIN
        return wait

    def _row(self) -> tuple[Pace, float]:
        rows = Pace.objects.filter(pk=self._connection_id).annotate(present=Now())
        row = rows.first()
        if row is None:
            Pace.objects.bulk_create([Pace(pk=self._connection_id)], ignore_conflicts=True)
            row = rows.get()
        return row, row.present

    def _take_write(self, issue: str) -> float | None:
        rows = IssuePace.objects.filter(site=self._site, issue=issue).annotate(present=Now())
        row = rows.first()
        if row is None:
            fresh = IssuePace(site=self._site, issue=issue)
            IssuePace.objects.bulk_create([fresh], ignore_conflicts=True)
            row = rows.get()
        if row.closed_until > row.present:
            return float(row.closed_until - row.present)
        wait, free_at = WRITES.take(row.free_at, row.present)
        if wait or rows.filter(free_at=row.free_at).update(free_at=free_at):
            return wait
        return None

    def _heed(self, told: Told, issues: tuple[str, ...]) -> None:
        if told.put_off:
            self._obey(told, issues)
            return
        if told.size is not None and told.per_second:
            self._measure(told.per_second, told.size, told.left)
        elif told.per_second:
            self._slow_down(lambda _: told.per_second or 0.0)
        elif told.is_near and issues:
            self._leave_alone(issues, UNTOLD)
        elif told.is_near:
            self._slow_down(lambda rate: rate * 0.75)

    def _obey(self, told: Told, issues: tuple[str, ...]) -> None:
        wait = told.wait or UNTOLD
        if told.of_one_issue:
            self._leave_alone(issues, wait)
            return
        with self._lock:
            self._in_hand = 0
        self._row()
        Pace.objects.filter(pk=self._connection_id).update(
            closed_until=Greatest("closed_until", Now() + Value(wait.total_seconds()))
        )
        if told.size is None:
            self._slow_down(lambda rate: min(rate / 2, told.per_second or rate))

    def _slow_down(self, rate: Callable[[float], float]) -> None:
        """Ask less often from now on; once for all answers that say the same at the same time."""
        row, present = self._row()
        if row.slowed_at and abs(present - row.slowed_at) < SLOWER_EVERY:
            return
        slower = rate(bucket_of(row, present).per_second)
        Pace.objects.filter(pk=row.pk, slowed_at=row.slowed_at).update(
            slowed_to=slower, slowed_at=present
        )
        with self._lock:
            self._in_hand = 0

    def _measure(self, per_second: float, size: int, left: int | None) -> None:
        """Keep the bucket that Data Center tells of; where little is left of it, believe that."""
        row, present = self._row()
        if (row.per_second, row.size) != (per_second, size):
            Pace.objects.filter(pk=row.pk).update(per_second=per_second, size=size)
        if left is not None and left < size * KEPT_FOR_BEGUN:
            free_at = Bucket(size, per_second).left_as(left, present)
            Pace.objects.filter(pk=row.pk, free_at__lt=free_at).update(free_at=free_at)

    def _leave_alone(self, issues: tuple[str, ...], wait: timedelta) -> None:
        until = Now() + Value(wait.total_seconds())
        rows = IssuePace.objects.filter(site=self._site, issue__in=issues)
        rows.update(closed_until=Greatest("closed_until", until))


def bucket_of(row: Pace, present: float) -> Bucket:
    """The budget of a connection at this moment."""
    rate = row.per_second or USUAL.per_second
    whole = Bucket(row.size or USUAL.size, rate)
    return slowed(whole, row.slowed_to, present - row.slowed_at) if row.slowed_at else whole


def closed_for(connection_id: int) -> float:
    """For how many seconds Jira wants no calls over a connection; 0 where it takes them."""
    until = Pace.objects.filter(pk=connection_id, closed_until__gt=Now())
    row = until.annotate(left=F("closed_until") - Now()).first()
    return 0.0 if row is None else float(row.left)


def forget_old_paces() -> None:
    """Drop the rows of issues that nobody has written to for a minute."""
    present = now()
    IssuePace.objects.filter(free_at__lt=present - 60, closed_until__lt=present).delete()


def _kept_from(run: Urgency) -> float:
    if run.is_urgent:
        return 0.0
    return KEPT_FOR_URGENT if run.has_begun else KEPT_FOR_BEGUN


def _closed(seconds: float) -> Retryable:
    return Retryable(
        "Jira asked us to wait before it is asked again.",
        scope=Scope.CONNECTION,
        retry_after=timedelta(seconds=seconds),
        hint="We go on by ourselves; nothing is lost.",
    )
