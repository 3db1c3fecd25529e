"""Several calls to Jira side by side, for one who waits for all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Final, TypeVar

from django.db import connections

from duolog.core.errors import SyncError
from duolog.jira.own_worklogs import Gathered

R = TypeVar("R")

AT_ONCE: Final = 4
"""Calls of one reading that are under way at once; a connection has room for ten."""


def side_by_side(read: Callable[[str], R], ids: Sequence[str]) -> Gathered[R]:
    """What `read` returns for each, a few at a time.

    After an error no further one is begun; what was read by then is kept.  Each thread is as
    urgent as its caller.
    """
    width, stopping = min(AT_ONCE, len(ids)), threading.Event()
    with ThreadPoolExecutor(max(1, width)) as pool:
        runs = [
            pool.submit(copy_context().run, partial(_share, read, ids[place::width], stopping))
            for place in range(width)
        ]
    shares = [run.result() for run in runs]
    error = next((share.error for share in shares if share.error is not None), None)
    return Gathered({it: one for share in shares for it, one in share.found.items()}, error)


def _share(read: Callable[[str], R], ids: Sequence[str], stopping: threading.Event) -> Gathered[R]:
    """One thread's part of it; the budget of calls is kept in the database."""
    found: dict[str, R] = {}
    try:
        for each in ids:
            if stopping.is_set():
                break
            found[each] = read(each)
    except SyncError as error:
        stopping.set()
        return Gathered(found, error)
    except BaseException:
        stopping.set()
        raise
    finally:
        connections.close_all()
    return Gathered(found)
