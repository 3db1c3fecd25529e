"""Workers that are killed while they send: how often, and how much memory they had."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import connection

from duolog.demo.background import is_idle
from duolog.sync.models import Link, LinkState
from duolog.work.queue import release_leases

WORKER: Final = (
    sys.executable, "-W", "ignore", "-c",
    "import django; django.setup(); from duolog.app.serve import run_worker; run_worker()",
)  # fmt: skip
"""What `duolog worker` runs."""
LOOK_EVERY: Final = 0.1
LONGEST: Final = 2 * 3600.0


class NotSent(Exception):
    """The send did not come to its end."""


@dataclass(slots=True)
class Sent:
    """What came of it; `most_kib` is the most memory that any of the workers had."""

    kills: int = 0
    most_kib: int = 0
    seconds: float = 0.0


def send_under_fire(total: int, *, kills: int, seed: int, env: Mapping[str, str]) -> Sent:
    """Let workers send all there is to send; each but the last is killed at a random moment."""
    sent, dice, began = Sent(), random.Random(seed), time.monotonic()
    moments = sorted(dice.uniform(0, 0.95) for _ in range(kills))
    for part in moments:
        _work_until(sent, env, int(part * total), after=dice.uniform(0, 0.5))
        sent.kills += 1
    _work_until(sent, env, total)
    sent.seconds = time.monotonic() - began
    return sent


def _work_until(
    sent: Sent, env: Mapping[str, str], links: int, *, after: float | None = None
) -> None:
    """Run a worker until so many links are in step, then kill it; without `after`, stop it."""
    pause, ends_at = threading.Event(), time.monotonic() + LONGEST
    with subprocess.Popen(WORKER, env=dict(env), stderr=subprocess.DEVNULL) as worker:
        try:
            while not _is_reached(links, to_the_end=after is None):
                if worker.poll() is not None or time.monotonic() > ends_at:
                    raise NotSent(f"{_in_step()} of {links} are in step")
                pause.wait(LOOK_EVERY)
                sent.most_kib = max(sent.most_kib, _memory_of(worker.pid))
            pause.wait(after or 0.0)
        finally:
            worker.send_signal(signal.SIGTERM if after is None else signal.SIGKILL)
    if connection.vendor == "sqlite":
        release_leases()  # as a server does that owns the file


def _is_reached(links: int, *, to_the_end: bool) -> bool:
    return _in_step() >= links and (not to_the_end or is_idle())


def _in_step() -> int:
    return Link.objects.filter(state=LinkState.IN_STEP).count()


def _memory_of(pid: int) -> int:
    """The most that a process had so far, in KiB; 0 where it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    words = (line.split() for line in status.splitlines())
    return next((int(it[1]) for it in words if it and it[0] == "VmHWM:"), 0)
