"""Sends deliveries: threads, limits per host, retries on the simulator's clock.

Never takes the site's lock; is told what to send and keeps a record of it.
"""

from __future__ import annotations

import heapq
import random
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from jirasim.webhooks.delivery import PRIMARY, SECONDARY, Attempt, Delivery
from jirasim.webhooks.policy import Policy, retry_wait, to_be_repeated
from jirasim.webhooks.post import NoAnswer, Poster

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, timedelta

    from jirasim.clock import VirtualClock

CONCURRENCY: Final = {PRIMARY: 20, SECONDARY: 10}
MOST_THREADS: Final = 40
CLOSING_SECONDS: Final = 2.0
REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """A delivery in the queue; earlier first, then in the order of arrival."""

    due: datetime
    number: int
    delivery: Delivery


class Sender:
    """A queue of deliveries and the threads that work it off.

    Threads are started when there is work, sleep on a condition and are woken by new work, by
    a finished request that frees its host, and by every jump of the clock.
    """

    def __init__(self, clock: VirtualClock, *, seed: int = 0) -> None:
        self._clock = clock
        self._seed = seed
        self._dice = random.Random(seed)  # a repeatable dice, not a secret
        self._policy = Policy()
        lock = threading.RLock()
        self._changed = threading.Condition(lock)
        self._quiet = threading.Condition(lock)
        self._waiting: list[Waiting] = []
        self._ready: dict[tuple[str, str], deque[Delivery]] = {}
        self._busy: Counter[tuple[str, str]] = Counter()
        self._attempts: deque[Attempt] = deque(maxlen=REMEMBERED)
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._number = 0
        self._closed = False
        clock.watch(self._wake)

    @property
    def policy(self) -> Policy:
        """How deliveries are treated from now on."""
        return self._policy

    def use(self, policy: Policy) -> None:
        """Change the policy; with a seed, its dice begin anew."""
        with self._changed:
            self._policy = policy
            if policy.seed is not None:
                self._dice = random.Random(policy.seed)  # repeatable on purpose

    def submit(self, delivery: Delivery) -> None:
        """Take a delivery on, as the policy treats it."""
        with self._changed:
            waits = self._policy.waits(self._dice, secondary=delivery.flow == SECONDARY)
            if not waits:
                self._attempts.append(Attempt(delivery, self._clock(), lost=True))
            for wait in waits:
                self._enqueue(delivery, wait)

    def drop(self, delivery: Delivery, error: str) -> None:
        """Remember a delivery that cannot be sent at all."""
        with self._changed:
            self._attempts.append(Attempt(delivery, self._clock(), error=error, lost=True))

    def attempts(self, webhook_id: str | None = None) -> tuple[Attempt, ...]:
        """What was sent, oldest first; perhaps for one webhook alone."""
        with self._changed:
            every = tuple(self._attempts)
        return every if webhook_id is None else tuple(_of(webhook_id, every))

    def pending(self) -> int:
        """How many deliveries are under way or wait for their time."""
        with self._changed:
            ready = sum(len(queue) for queue in self._ready.values())
            return len(self._waiting) + ready + self._busy.total()

    def wait_until_idle(self, timeout: float) -> bool:
        """Whether, within that many real seconds, nothing was due or under way."""
        with self._changed:
            return self._quiet.wait_for(self._nothing_to_do, timeout)

    def close(self) -> None:
        """Stop all threads; what waits is dropped, and so is a receiver that does not answer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            threads = tuple(self._threads)
        ends_at = time.monotonic() + CLOSING_SECONDS
        for thread in threads:
            thread.join(max(0.0, ends_at - time.monotonic()))

    def _enqueue(self, delivery: Delivery, wait: timedelta) -> None:
        self._number += 1
        heapq.heappush(self._waiting, Waiting(self._clock() + wait, self._number, delivery))
        if not self._idle and len(self._threads) < MOST_THREADS and not self._closed:
            name = f"webhooks-{len(self._threads)}"
            thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()
        self._changed.notify()

    def _nothing_to_do(self) -> bool:
        self._promote()
        return not self._busy.total() and not any(self._ready.values())

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
            self._quiet.notify_all()

    def _work(self) -> None:
        poster = Poster()
        while (delivery := self._next()) is not None:
            attempt = self._attempt(poster, delivery)
            self._finish(attempt)
        poster.close()

    def _attempt(self, poster: Poster, delivery: Delivery) -> Attempt:
        try:
            status = poster.post(
                delivery.url, delivery.body, delivery.headers(), verified=delivery.verified
            )
        except NoAnswer as error:
            return Attempt(delivery, self._clock(), error=str(error))
        return Attempt(delivery, self._clock(), status)

    def _next(self) -> Delivery | None:
        """The next delivery that is due and whose host has room; waits; None when closed."""
        with self._changed:
            while not self._closed:
                found = self._take()
                if found is not None:
                    self._busy[found.host] += 1
                    return found
                self._idle += 1
                self._changed.wait(self._until_due())
                self._idle -= 1
            return None

    def _take(self) -> Delivery | None:
        self._promote()
        for host, queue in self._ready.items():
            if queue and self._busy[host] < CONCURRENCY[host[1]]:
                return queue.popleft()
        return None

    def _promote(self) -> None:
        """What has become due stands ready for its host."""
        now = self._clock()
        while self._waiting and self._waiting[0].due <= now:
            delivery = heapq.heappop(self._waiting).delivery
            self._ready.setdefault(delivery.host, deque()).append(delivery)

    def _until_due(self) -> float | None:
        """Real seconds to the next time; None where only an event can bring work."""
        if not self._waiting or self._clock.frozen:
            return None
        return max((self._waiting[0].due - self._clock()).total_seconds(), 0.0)

    def _finish(self, attempt: Attempt) -> None:
        delivery = attempt.delivery
        with self._changed:
            self._busy[delivery.host] -= 1
            self._attempts.append(attempt)
            left = delivery.most_retries - delivery.retries
            if not self._closed and to_be_repeated(attempt.status, left=left):
                again = replace(delivery, retries=delivery.retries + 1)
                self._enqueue(again, retry_wait(self._dice))
            self._changed.notify()
            self._quiet.notify_all()


def _of(webhook_id: str, attempts: Iterable[Attempt]) -> Iterator[Attempt]:
    return (one for one in attempts if one.delivery.webhook_id == webhook_id and not one.lost)
