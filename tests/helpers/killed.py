"""Kills a forked process at its n-th effect: a write to the database, or an answer from Jira."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any, Final

from django.db import connection, connections

from duolog.connections.services import close_clients
from duolog.connections.traffic import listening

IS_NIGHTLY: Final = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
STEP: Final = 1 if IS_NIGHTLY else 3
"""From one kill to the next: by day each third effect, as `helpers.crashes` stops at every one."""


def killed_at(effect: int, work: Callable[[], object]) -> bool:
    """Run `work` in a child that gets SIGKILL at this effect; False if it came to its end before.

    Effects are counted from 1: before each statement that writes, and after each answer of Jira.
    """
    close_clients()  # which stores what they counted, by a connection to the database
    connections.close_all()
    child = os.fork()
    if child == 0:
        _live_until(effect, work)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed before it was killed"
    return False


def _live_until(effect: int, work: Callable[[], object]) -> None:
    count = 0

    def happened(*_: object) -> None:
        nonlocal count
        count += 1
        if count == effect:
            os.kill(os.getpid(), signal.SIGKILL)

    def on_statement(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.lstrip().upper().startswith(("SELECT", "PRAGMA", "SAVEPOINT", "RELEASE")):
            happened()
        return execute(sql, *rest)

    code = 1
    try:
        with connection.execute_wrapper(on_statement), listening(happened):
            work()
        code = 0
    finally:
        os._exit(code)
