"""Lets something else happen in the middle of a run, at a chosen place, exactly once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from helpers.threads import all_at_once

from duolog.connections.traffic import listening
from duolog.jira.transport import CallMade


@contextlib.contextmanager
def just_before(statement: str, action: Callable[[], object]) -> Iterator[None]:
    """Before the first SQL statement holding these words, with a connection of its own.

    The place must lie outside of any transaction, or SQLite would wait for itself.
    """
    waiting = [action]

    def on_statement(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if waiting and statement in sql:
            all_at_once([waiting.pop()])
        return execute(sql, *rest)

    with connection.execute_wrapper(on_statement):
        yield
    assert not waiting, f"no statement held {statement!r}"


@contextlib.contextmanager
def once_read(statement: str, action: Callable[[], object]) -> Iterator[None]:
    """Right after the first SQL statement holding these words: what it read is old by then.

    The place must lie outside of any transaction, or SQLite would wait for itself.
    """
    waiting = [action]

    def on_statement(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if waiting and statement in sql:
            all_at_once([waiting.pop()])
        return result

    with connection.execute_wrapper(on_statement):
        yield
    assert not waiting, f"no statement held {statement!r}"


@contextlib.contextmanager
def just_after(method: str, path: str, action: Callable[[], object]) -> Iterator[None]:
    """After the first answer of Jira to a call of this method whose path ends so."""
    waiting = [action]

    def on_call(_connection: int, made: CallMade) -> None:
        if waiting and made.call.method == method and made.call.path.endswith(path):
            waiting.pop()()

    with listening(on_call):
        yield
    assert not waiting, f"no call was {method} …{path}"
