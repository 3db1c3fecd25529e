"""A process that dies at its n-th effect, for every n: then all is as if it had not died.

Effects are counted from 1: each answer of Jira, and each statement that writes to the database,
before it is carried out.  A crash before a commit, and one after it, are among these: what an
unfinished transaction wrote is undone.  Cheaper than `helpers.killed`, which kills for real.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.db import connection
from helpers.bound import Bound

from duolog.connections.traffic import listening
from duolog.jira.transport import CallMade
from duolog.work.queue import release_leases

LONGEST_LAG: Final = 300.0
"""Seconds after which everything that waits for lost answers has been tried again."""
ANSWER, WRITE = "answer", "write"


class Crash(BaseException):
    """The process dies here; no handler may catch it."""


def watched(happened: Callable[[str], None], work: Callable[[], object]) -> None:
    """Run `work`, told of each effect."""

    def on_statement(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            happened(WRITE)
        return execute(sql, *rest)

    with connection.execute_wrapper(on_statement), listening(lambda *_: happened(ANSWER)):
        work()


def effects_of(work: Callable[[], object]) -> list[str]:
    """Run `work` to its end, and say which effects it had, in order."""
    seen: list[str] = []
    watched(seen.append, work)
    return seen


def crashing_at(effect: int, work: Callable[[], object]) -> bool:
    """Run `work` until its n-th effect; False if it came to its end before."""
    count = 0

    def happened(_: str) -> None:
        nonlocal count
        count += 1
        if count == effect:
            raise Crash

    try:
        watched(happened, work)
    except Crash:
        release_leases()
        return True
    return False


def crashing_behind(path: str, effect: int, work: Callable[[], object]) -> bool:
    """Run `work` until its n-th effect after a POST whose path ends so was answered."""
    posted: list[CallMade] = []
    count = 0

    def on_call(_connection: int, made: CallMade) -> None:
        if made.call.method == "POST" and made.call.path.endswith(path):
            posted.append(made)

    def happened(_: str) -> None:
        nonlocal count
        count += bool(posted)
        if count == effect:
            raise Crash

    try:
        with listening(on_call):
            watched(happened, work)
    except Crash:
        release_leases()
        return True
    return False


def at_every_effect(
    bound: Bound,
    work: Callable[[int], Callable[[], object]],
    check: Callable[[int], None],
    points: Iterable[int] = range(1, 10_000),
    *,
    meanwhile: Callable[[], object] = lambda: None,
) -> int:
    """Crash at each of these effects in turn, start again, and check; how many there were.

    `work` prepares a history of its own for each number, and says what to run; `meanwhile` is what
    people do before it starts again.
    """
    for effect in points:
        crashed = crashing_at(effect, work(effect))
        meanwhile()
        bound.run(within=LONGEST_LAG)
        check(effect)
        if not crashed:
            return effect
    return effect
