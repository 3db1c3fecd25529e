"""A worker in a process of its own, to be stopped, frozen and killed.

COMMAND LOG --seconds S [--shift S] [--release]

Each run appends a line when it begins and one when it ends, so that overlaps are seen; its only
effect, counted in the row's state, is written in the transaction that finishes the job.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from pathlib import Path
from typing import Final

from django.db import transaction

from duolog.work import queue
from duolog.work.clock import shifted
from duolog.worker.loop import Worker, run_until_signalled

COMMAND: Final = (
    sys.executable,
    "-c",
    "import django; django.setup(); from helpers.victim import main; main()",
)


def main() -> None:
    """Work until told to stop; exit 0 if all runs came to their end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("log", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--shift", type=float, default=0.0)
    parser.add_argument("--release", action="store_true")
    arguments = parser.parse_args()
    log = os.open(arguments.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def count(job: queue.Job) -> None:
        os.write(log, f"begin {job.key} {job.lease_no}\n".encode())
        threading.Event().wait(arguments.seconds)
        with transaction.atomic():
            is_ours = queue.finish(job, state={"runs": job.state.get("runs", 0) + 1})
            transaction.set_rollback(not is_ours)
        os.write(log, f"{'end' if is_ours else 'refused'} {job.key} {job.lease_no}\n".encode())

    if arguments.release:
        queue.release_leases()
    with shifted(arguments.shift):
        sys.exit(not run_until_signalled(Worker({"count": count}, 4), drain=10))
