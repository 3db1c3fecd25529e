"""What moved in synchronisation since a page last asked: links, bindings, the inbox.

A few reads of indexes, made once a second for each open page.  Changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Count, Max

from duolog.people.errors import Invalid
from duolog.people.models import Workplace
from duolog.sync.models import Binding, BindingState, Conflict, Hold, Link

_LOOK_BACK: Final = timedelta(seconds=10)
_MOST: Final = 500
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_CURSOR: Final = re.compile(r"(\d{1,17})\.(\d{1,4})\|([\w,]*)\|([\w.]*)")


@dataclass(frozen=True, slots=True)
class SyncNews:
    """The items whose links moved, and whether bindings or the inbox did.

    Where `is_complete` is false, more links moved than are told: read the page anew.
    """

    cursor: str
    item_ids: frozenset[int] = frozenset()
    bindings_moved: bool = False
    inbox_moved: bool = False
    is_complete: bool = True


def moved_since(workplace: Workplace, cursor: str = "") -> SyncNews:
    """What moved since the cursor was given out; without one nothing, only a cursor.

    A run stamps its link before it commits, so an earlier stamp may appear after a later one was
    seen.  The cursor counts the links stamped lately: if that count differs from what it should
    be, all of them are told again.  Raises Invalid for a cursor that was never given out.
    """
    states = _states(workplace)
    bindings, waiting = _joined(states), _waiting(workplace)
    if not cursor:
        stamp, kept = _standing(states)
        return SyncNews(_cursor(stamp, kept, bindings, waiting))
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise Invalid({"since": "This cursor was never given out."})
    seen, count = _START + int(match[1]) * _MICROSECOND, int(match[2])
    rows = _stamped(states, after=seen - _LOOK_BACK)
    newest = max([seen, *(at for at, _ in rows)])
    was_late = sum(at <= seen for at, _ in rows) != count
    told = frozenset(item for at, item in rows if item and (was_late or at > seen))
    kept = sum(at > newest - _LOOK_BACK for at, _ in rows)
    return SyncNews(
        cursor=_cursor(newest, kept, bindings, waiting),
        item_ids=told,
        bindings_moved=match[3] != bindings,
        inbox_moved=match[4] != waiting,
        is_complete=len(rows) < _MOST,
    )


def _standing(states: Mapping[int, str]) -> tuple[datetime, int]:
    """The latest stamp, and how many links were stamped shortly before it."""
    times = Link.objects.filter(binding__in=states).aggregate(at=Max("synced_at"))
    newest = times["at"] or _START
    return newest, len(_stamped(states, after=newest - _LOOK_BACK))


def _stamped(
    states: Mapping[int, str], *, after: datetime
) -> tuple[tuple[datetime, int | None], ...]:
    rows = Link.objects.filter(binding__in=states, synced_at__gt=after).order_by("-synced_at")
    return tuple(
        (at, item) for at, item in rows.values_list("synced_at", "work_item")[:_MOST] if at
    )


def _states(workplace: Workplace) -> Mapping[int, str]:
    rows = Binding.objects.filter(team__workplace=workplace).exclude(state=BindingState.ENDED)
    return dict(rows.order_by("pk").values_list("pk", "state"))


def _joined(states: Mapping[int, str]) -> str:
    return ",".join(f"{pk}{state[0]}" for pk, state in states.items())


def _waiting(workplace: Workplace) -> str:
    """A name for exactly what waits in the inbox; it changes when anything comes or goes."""
    of_workplace = {"link__binding__team__workplace": workplace}
    conflicts = Conflict.objects.filter(settled_at=None, **of_workplace)
    holds = Hold.objects.filter(released_at=None, **of_workplace)
    told = (
        conflicts.aggregate(n=Count("pk"), last=Max("pk")),
        holds.aggregate(n=Count("pk"), last=Max("pk")),
    )
    return ".".join(f"{each['n']}x{each['last'] or 0}" for each in told)


def _cursor(newest: datetime, kept: int, bindings: str, waiting: str) -> str:
    return f"{(newest - _START) // _MICROSECOND}.{kept}|{bindings}|{waiting}"
