"""A worker in a process of its own, to be stopped, frozen and killed.

python -m helpers.victim LOG --seconds S [--shift S] [--release]

Each run appends a line when it begins and one when it ends, so that overlaps are seen; its only
effect, counted in the row's state, is written in the transaction that finishes the job.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from pathlib import Path

import django
from django.db import transaction


def main() -> bool:
    """Work until told to stop; True if all runs came to their end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("log", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--shift", type=float, default=0.0)
    parser.add_argument("--release", action="store_true")
    arguments = parser.parse_args()
    django.setup()

    from duolog.work import queue
    from duolog.work.clock import shifted
    from duolog.worker.loop import Worker, run_until_signalled

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
        return run_until_signalled(Worker({"count": count}, 4), drain=10)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
