"""One run of one job, whatever comes of it.  Waits for nothing and starts no thread."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from django.db import transaction

from duolog.core.backoff import backoff
from duolog.core.errors import Disconnected, Retryable, Scope
from duolog.work import queue
from duolog.work.clock import now, shifted
from duolog.work.lanes import FOREVER, block_lane, rest_lane
from duolog.work.models import Work
from duolog.work.queries import next_due_in
from duolog.work.queue import Job, LeaseLost
from duolog.work.urgency import running_at
from duolog.worker.handlers import Handlers

log = logging.getLogger(__name__)

Jitter = Callable[[], float]
"""A number in [-1, 1], so that what failed together does not come back together."""

ERROR_LENGTH: Final = 500
_ENDLESS: Final = 10_000
_DEADLOCK: Final = "40P01"


class Unfinished(Exception):
    """A handler returned although its job is neither finished nor lost."""


def attempt(job: Job, handlers: Handlers, jitter: Jitter, *, raise_bugs: bool = False) -> None:
    """Run the job and leave a row that says what came of it.

    With `raise_bugs`, for tests, a bug is raised as well, once it is recorded.
    """
    with running_at(job.priority, partial(queue.hold, job)) as run:
        try:
            handlers[job.kind](job)
            if raise_bugs:
                _insist_on_end(job)
        except LeaseLost:
            log.warning("Work %s %s was taken over by another worker", job.kind, job.key)
        except Disconnected as error:
            _stop(job, error)
        except Retryable as error:
            _wait(job, error, jitter(), was_answered=run.was_answered)
        except Exception as error:
            if _is_deadlock(error):
                queue.put_off(job, "It gave way to another run, and begins anew.", 0)
                return
            log.exception("Work %s %s failed unexpectedly", job.kind, job.key)
            wait = backoff(job.attempts, None, jitter())
            queue.postpone(job, _described(error), wait.total_seconds())
            if raise_bugs:
                raise


def run_until_idle(handlers: Handlers, *, within: float = 0) -> int:
    """Run what is due, one after the other, and say how many runs it took.  For tests.

    What becomes due `within` so many seconds runs as well, at that time by a shifted clock;
    afterwards it is the present again.  Bugs are raised.
    """
    end = now() + within
    with contextlib.ExitStack() as shifts:
        for runs in range(_ENDLESS):
            while not (jobs := _next_job()):
                ahead = next_due_in()
                if ahead is not None and now() + ahead <= end:
                    shifts.enter_context(shifted(ahead))
                elif jobs := queue.claim(1):
                    break  # it became due between the two looks
                else:
                    return runs
            attempt(jobs[0], handlers, lambda: 0.0, raise_bugs=True)
    raise Unfinished(f"still not idle after {_ENDLESS} runs")


def _next_job() -> tuple[Job, ...]:
    """The next due row, also one that is being marked: a claim passes what is locked over."""
    if jobs := queue.claim(1):
        return jobs
    with transaction.atomic():
        list(queue.takeable(now()).select_for_update(no_key=True))
    return queue.claim(1)


def _stop(job: Job, error: Disconnected) -> None:
    with transaction.atomic():
        if queue.postpone(job, str(error), 0):
            block_lane(job.lane, FOREVER)


def _wait(job: Job, error: Retryable, jitter: float, *, was_answered: bool) -> None:
    wait = backoff(queue.failures(job), error.retry_after, jitter).total_seconds()
    if error.scope is Scope.RUN:
        queue.put_off(job, str(error), wait)
        return
    with transaction.atomic():
        if not queue.postpone(job, str(error), wait) or error.scope is not Scope.CONNECTION:
            return
        if error.retry_after is None:
            rest_lane(job.lane, anew=was_answered)
        else:
            block_lane(job.lane, now() + wait)


def _is_deadlock(error: Exception) -> bool:
    """Whether PostgreSQL ended this transaction, so that one that waited for it could go on."""
    return getattr(error.__cause__, "sqlstate", None) == _DEADLOCK


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:ERROR_LENGTH]


def _insist_on_end(job: Job) -> None:
    if Work.objects.filter(pk=job.id, lease_no=job.lease_no, lease_until__gt=0).exists():
        raise Unfinished(f"{job.kind} {job.key}: the handler did not call finish(job)")
