"""`python -m bench [NAME …]`: run the benchmarks, each in a process and on a database of its own."""

import signal
import subprocess
import sys
from typing import Final

from bench.databases import POSTGRESQL, SQLITE, environment

PLAN: Final = (
    ("calls", SQLITE),
    ("intake", SQLITE),
    ("intake", POSTGRESQL),
    ("throughput", SQLITE),
    ("throughput", POSTGRESQL),
    ("pages", SQLITE),
    ("week", SQLITE),
    ("my_time", SQLITE),
    ("jirasim", SQLITE),
    ("preview", SQLITE),
    ("send", SQLITE),
    ("two_ways", SQLITE),
)
USUAL: Final = 150.0
LONGEST: Final = {"preview": 1800.0, "send": 3 * 3600.0, "two_ways": 3 * 3600.0}
"""Seconds after which one benchmark is stopped."""
START: Final = "import django; django.setup(); from bench.{name} import main; main()"


def main(asked: list[str]) -> int:
    """Run what was asked for, or everything; 1 if any of it failed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that databases are stopped
    wanted = [(name, database) for name, database in PLAN if not asked or name in asked]
    failures = [name for name, database in wanted if not _succeeds(name, database)]
    return int(bool(failures))


def _succeeds(name: str, database: str) -> bool:
    with environment(database) as env:
        longest = LONGEST.get(name, USUAL)
        command = [sys.executable, "-W", "ignore", "-c", START.format(name=name)]
        try:
            return subprocess.run(command, check=False, env=env, timeout=longest).returncode == 0
        except subprocess.TimeoutExpired:
            print(f"{name} on {database} was stopped after {longest:.0f} s", file=sys.stderr)
            return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
