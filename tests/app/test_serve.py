"""The server process: how it ends, and that no second one shares its SQLite file."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

pytestmark = [pytest.mark.kill, pytest.mark.timeout(600)]
PATIENCE = 120.0
EMBEDDED = ("-m", "duolog.app")
ALONE = ("-c", "from duolog.cli.main import run; run()", "serve", "--no-worker")


def until(is_so: Callable[[], bool]) -> bool:
    pause, ends_at = threading.Event(), time.monotonic() + PATIENCE
    while not (found := is_so()) and time.monotonic() < ends_at:
        pause.wait(0.05)
    return found


class Server:
    """A server in a home and on a port of its own."""

    def __init__(self, home: Path, program: Sequence[str] = EMBEDDED) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.database = home / "duolog.sqlite3"
        kept = {name: text for name, text in os.environ.items() if not name.startswith("DUOLOG_")}
        env = {
            **kept,
            "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
            "DUOLOG_HOME": str(home),
            "DUOLOG_PORT": str(self.port),
        }
        self.process = subprocess.Popen(
            [sys.executable, *program],
            env=env, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def beats(self) -> int:
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            return int(database.execute("SELECT count(*) FROM worker_heartbeat").fetchone()[0])

    def forked(self) -> int:
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0])


@contextlib.contextmanager
def serving(home: Path) -> Iterator[Server]:
    server = Server(home)
    try:
        assert until(server.answers)
        assert until(lambda: server.beats() > 0), "the worker runs"
        yield server
    finally:
        server.process.kill()
        server.process.communicate()


@pytest.mark.parametrize(
    "number",
    [pytest.param(signal.SIGTERM, id="SIGTERM"), pytest.param(signal.SIGINT, id="SIGINT")],
)
def test_it_ends_in_order_and_its_worker_signs_off(tmp_path: Path, number: int) -> None:
    with serving(tmp_path) as server:
        server.process.send_signal(number)
        assert server.process.wait(PATIENCE) == 0
        assert server.beats() == 0, "the sign of life of a drained worker is taken down"


def test_a_second_server_on_the_same_file_is_refused_in_words(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        second = Server(tmp_path)
        _, said = second.process.communicate(timeout=PATIENCE)
        assert second.process.returncode == 1
        assert "Another server has" in said
        assert first.answers()


def test_a_killed_server_leaves_nobody_behind_and_another_can_start(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        forked = server.forked()
        server.process.kill()
        assert until(lambda: _is_gone(forked))
    with serving(tmp_path) as server:
        assert server.answers()


def test_nor_does_one_that_leaves_the_work_to_others(tmp_path: Path) -> None:
    server = Server(tmp_path, ALONE)
    try:
        assert until(server.answers)
        forked = server.forked()
        server.process.kill()
        assert until(lambda: _is_gone(forked))
    finally:
        server.process.kill()
        server.process.communicate()


def _is_gone(pid: int) -> bool:
    """No such process, or one that only waits to be buried."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"
