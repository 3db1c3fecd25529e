"""What changed since a page last asked: one read of the activity's primary key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from duolog.people.errors import Invalid
from duolog.people.models import Workplace
from duolog.workplace.models import Activity

_LOOK_BACK: Final = 200
_MOST: Final = 1_000
_CURSOR: Final = re.compile(r"(\d{1,18})\.(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Changes:
    """The items that changed, and the cursor to ask with next.

    Where `is_complete` is false, more changed than is told: the page should be read anew.
    """

    cursor: str
    item_ids: frozenset[int]
    is_complete: bool = True


def changes_since(workplace: Workplace, cursor: str = "") -> Changes:
    """Which items of the workplace have new activity; without a cursor none, only a cursor.

    PostgreSQL numbers rows before they are committed, so a lower number may appear after a
    higher one was seen.  The cursor therefore also counts the rows seen lately: if that count
    grew, somebody was late, and all that is recent is told again.
    """
    # Coalesce keeps the planner from starting at the team: the newest numbers are the few.
    home = Coalesce("work_item__team__workplace_id", Value(0))
    activity = Activity.objects.alias(home=home).filter(home=workplace.pk).order_by("-pk")
    seen, count = _read(cursor) if cursor else (_newest(activity), -1)
    recent = activity.filter(pk__gt=seen - _LOOK_BACK).values_list("pk", "work_item_id")
    pairs = tuple(recent[:_MOST])
    newest = max([seen, *(number for number, _ in pairs)])
    kept = sum(newest - _LOOK_BACK < number for number, _ in pairs)
    if not cursor:
        return Changes(f"{newest}.{kept}", frozenset())
    was_late = sum(number <= seen for number, _ in pairs) != count
    told = frozenset(item for number, item in pairs if was_late or number > seen)
    return Changes(f"{newest}.{kept}", told, is_complete=len(pairs) < _MOST)


def _newest(activity: QuerySet[Activity]) -> int:
    return activity.values_list("pk", flat=True).first() or 0


def _read(cursor: str) -> tuple[int, int]:
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise Invalid({"since": "This cursor was never given out."})
    return int(match[1]), int(match[2])
