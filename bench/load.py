"""Sends requests over kept-alive connections and keeps how long each answer took.  Knows no content."""

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Final

TIMEOUT: Final = 30.0


@dataclass(frozen=True)
class Shot:
    """One request, ready to be sent."""

    path: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What came of a load: seconds per answer, how many were good, and how long all took."""

    seconds: tuple[float, ...]
    good: int
    took: float

    @property
    def per_second(self) -> float:
        """Good answers per second."""
        return self.good / self.took


def steady(port: int, shots: Iterator[Shot], *, rate: float, duration: float) -> Outcome:
    """Send at a fixed rate, whatever the answers do; latency counts from when each was due."""
    total = int(rate * duration)
    due = [number / rate for number in range(total)]
    return _fire(port, shots, connections=20, due=due, until=None)


def saturating(port: int, shots: Iterator[Shot], *, connections: int, duration: float) -> Outcome:
    """Send the next as soon as the last is answered, over so many connections."""
    return _fire(port, shots, connections=connections, due=None, until=duration)


def _fire(
    port: int,
    shots: Iterator[Shot],
    *,
    connections: int,
    due: list[float] | None,
    until: float | None,
) -> Outcome:
    lock = threading.Lock()
    waiting = iter(due) if due is not None else None
    seconds: list[float] = []
    good = 0
    pause = threading.Event()
    began = time.perf_counter()

    def next_shot() -> tuple[Shot, float] | None:
        with lock:
            at = time.perf_counter() - began if waiting is None else next(waiting, None)
            if at is None or (until is not None and at >= until):
                return None
            return next(shots), at

    def work() -> None:
        nonlocal good
        connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        while (found := next_shot()) is not None:
            shot, at = found
            pause.wait(max(0.0, began + at - time.perf_counter()))
            connection.request("POST", shot.path, shot.body, dict(shot.headers))
            answer = connection.getresponse()
            answer.read()
            with lock:
                seconds.append(time.perf_counter() - began - at)
                good += answer.status == 202
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Outcome(tuple(seconds), good, time.perf_counter() - began)
