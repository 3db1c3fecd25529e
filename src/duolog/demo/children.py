"""The processes the demo starts: begun, waited for, watched and stopped.  Knows no content."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Final

from duolog.demo.wish import HOST

PATIENCE: Final = 40.0
"""Seconds a child gets to answer, and to end once it was asked to."""
_LOOK_EVERY: Final = 0.05
_SHOWN: Final = 12


class Died(Exception):
    """A child process ended although nobody asked it to; the message says which, and its last words."""


class Child:
    """One process of ours, its output in a file."""

    def __init__(
        self,
        name: str,
        module: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str],
        stdin: int | None = subprocess.DEVNULL,
        stdout: int | None = None,
    ) -> None:
        self.name = name
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and modules
                [sys.executable, "-m", *module],
                stdin=stdin,
                stdout=errors if stdout is None else stdout,
                stderr=errors,
                env={**os.environ, **env},
                text=True,
            )

    @property
    def output(self) -> IO[str]:
        """What the child prints, where it was started with a pipe."""
        if self._process.stdout is None:
            raise TypeError(f"{self.name} prints into its log")
        return self._process.stdout

    def first_line(self) -> str:
        """The line by which it says that it is ready.  Raises Died."""
        line = self.output.readline()
        if not line:
            raise self.death()
        return line

    def answer(self, question: str) -> str:
        """Everything it prints upon a question, once it has ended.  Raises Died."""
        said, _ = self._process.communicate(question)
        if self._process.returncode:
            raise self.death()
        return said

    def wait_for_port(self, port: int) -> None:
        """Return once it answers there.  Raises Died where it ends before, or takes too long."""
        pause, ends_at = threading.Event(), time.monotonic() + PATIENCE
        while not _answers(port):
            if self._process.poll() is not None or time.monotonic() > ends_at:
                raise self.death()
            pause.wait(_LOOK_EVERY)

    def wait(self) -> None:
        """Return when it has ended."""
        self._process.wait()

    def death(self) -> Died:
        """That it ended, and what it said last."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        last = "\n  ".join(self._log.read_text(errors="replace").splitlines()[-_SHOWN:])
        code = self._process.poll()
        how = "did not answer" if code is None else f"ended by itself with {code}"
        return Died(f"{self.name} {how}. Its last words, from {self._log}:\n  {last}")

    def stop(self) -> None:
        """Ask it to end, insist after a while."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


@contextlib.contextmanager
def running(child: Child) -> Iterator[Child]:
    """The child, stopped at the end of the block."""
    try:
        yield child
    finally:
        child.stop()


def first_to_end(children: Sequence[Child]) -> Child:
    """Wait until one of them ends."""
    ended: SimpleQueue[Child] = SimpleQueue()

    def watch(child: Child) -> None:
        child.wait()
        ended.put(child)

    for child in children:
        threading.Thread(target=watch, args=(child,), daemon=True).start()
    return ended.get()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1) as asked:
        asked.sendall(f"GET /health/live HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
        return asked.recv(5) == b"HTTP/"
    return False
