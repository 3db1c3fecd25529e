"""The worker: threads that claim due work and run it.  The only module that waits.

One thread dispatches: it claims for the free hands, renews the leases of what runs, and gives
signs of life.  The hands, as many as `concurrency`, run one job each; some more are kept for what
people wait for.  A killed worker loses nothing: its leases end, and others claim its jobs.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import Final

from django.db import Error, close_old_connections, connection, connections

from duolog.work import queue
from duolog.work.queries import next_due_in
from duolog.work.queue import LEASE, Job
from duolog.work.wake import listening
from duolog.worker import health
from duolog.worker.attempt import Jitter, attempt
from duolog.worker.handlers import Handlers
from duolog.worker.listen import Ear

log = logging.getLogger(__name__)

POLL: Final = 1.0
"""Seconds after which an idle worker looks by itself: SQLite tells other processes nothing."""
BREATH: Final = 0.02
"""Seconds between two claims that only marks ask for: in a burst, one claim finds many."""

_random_jitter: Final[Jitter] = partial(random.SystemRandom().uniform, -1.0, 1.0)


def _nothing() -> None:
    """Do nothing more with each sign of life."""


class Worker:
    """Runs due work in threads of this process, from `start` to `stop`.

    `on_beat` is called with each sign of life, by the thread that dispatches: it must be quick.
    """

    def __init__(
        self,
        handlers: Handlers,
        concurrency: int = 4,
        *,
        kept: int = 0,
        jitter: Jitter = _random_jitter,
        poll: float = POLL,
        on_beat: Callable[[], None] = _nothing,
    ) -> None:
        self.name: Final = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._handlers = handlers
        self._concurrency = concurrency
        self._kept = kept
        self._jitter = jitter
        self._poll = poll
        self._on_beat = on_beat
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._changed = threading.Condition()
        self._running: dict[tuple[int, int], Job] = {}  # the rest is guarded by `_changed` as well
        self._marked = self._freed = self._stopping = False
        self._ear: Ear | None = None
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to claim; returns at once."""
        names = ["duolog-dispatch", *(f"duolog-hand-{n}" for n in range(self._hands))]
        targets = [self._dispatch, *[self._work] * self._hands]
        self._threads = [
            threading.Thread(target=target, name=name, daemon=True)
            for target, name in zip(targets, names, strict=True)
        ]
        if connection.vendor == "postgresql":
            self._ear = Ear()
            self._threads.append(self._ear)
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 30.0) -> bool:
        """Claim no more, let what runs come to its end, and say whether it did in time.

        What did not is left to its lease: the threads are daemons and die with the process.
        """
        ends_at = time.monotonic() + timeout
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._ear is not None:
            self._ear.stop()
        for thread in self._threads:
            thread.join(max(0.0, ends_at - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _dispatch(self) -> None:
        renew_at = beat_at = 0.0
        with listening(self._on_mark):
            while not self._is_drained():
                present = time.monotonic()
                try:
                    if present >= renew_at:
                        renew_at = present + LEASE / 3
                        self._renew()
                    if present >= beat_at:
                        beat_at = present + health.BEAT
                        health.beat(self.name, self._hands, len(self._running))
                        self._on_beat()
                    longest = self._claim()
                except Error as error:
                    log.warning("The database does not answer, trying again: %s", error)
                    connection.close()
                    longest = self._poll
                self._pause(min(longest, renew_at - present, beat_at - present))
        for _ in range(self._hands):
            self._jobs.put(None)
        self._retire()

    def _claim(self) -> float:
        """Fill the free hands, and say after how many seconds it is worth looking again."""
        with self._changed:
            free, kept = (0, 0) if self._stopping else self._free()
            self._marked = self._freed = False
        jobs = queue.claim(free, kept=kept)
        with self._changed:
            self._running |= {(job.id, job.lease_no): job for job in jobs}
        for job in jobs:
            self._jobs.put(job)
        if free + kept == 0 or len(jobs) == free + kept:
            return self._poll
        ahead = next_due_in()
        return self._poll if ahead is None else min(self._poll, ahead)

    @property
    def _hands(self) -> int:
        return self._concurrency + self._kept

    def _free(self) -> tuple[int, int]:
        """The hands that are free for anything, and those beside them for what is urgent."""
        free = self._hands - len(self._running)
        others = sum(not job.is_urgent for job in self._running.values())
        for_all = max(0, min(free, self._concurrency - others))
        return for_all, free - for_all

    def _pause(self, longest: float) -> None:
        since = time.monotonic()
        with self._changed:
            self._changed.wait_for(self._is_called, longest)
            if self._marked and not self._freed:
                rest = BREATH - (time.monotonic() - since)
                self._changed.wait_for(lambda: self._freed or self._stopping, max(0.0, rest))

    def _is_called(self) -> bool:
        has_free_hand = len(self._running) < self._hands
        return self._freed or (self._marked and has_free_hand) or self._is_drained()

    def _is_drained(self) -> bool:
        return self._stopping and not self._running

    def _renew(self) -> None:
        for job in tuple(self._running.values()):
            queue.renew(job)

    def _retire(self) -> None:
        try:
            health.retire(self.name)
        except Error as error:
            log.warning("Could not take down the sign of life: %s", error)
        finally:
            connections.close_all()

    def _on_mark(self) -> None:
        with self._changed:
            self._marked = True
            self._changed.notify_all()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                attempt(job, self._handlers, self._jitter)
            except Error as error:
                log.warning("Could not record work %s %s: %s", job.kind, job.key, error)
            finally:
                close_old_connections()
                with self._changed:
                    self._running.pop((job.id, job.lease_no))
                    self._freed = True
                    self._changed.notify_all()
        connections.close_all()


def run_until_signalled(worker: Worker, drain: float = 30.0) -> bool:
    """Run the worker until SIGTERM or SIGINT; True if everything came to its end within `drain`.

    Only from the main thread, which is where Python delivers signals.
    """
    signalled = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: signalled.set())
    worker.start()
    signalled.wait()
    return worker.stop(drain)
