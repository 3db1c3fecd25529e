"""Paging by where the last row stood, which costs the same on every page.

A cursor holds the order it belongs to and the last row's keys; with another order it is refused.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable

from duolog.people.errors import Invalid
from duolog.workplace.models import WorkItem


@dataclass(frozen=True, slots=True)
class Key:
    """One thing to sort by, never null, and how a cursor's text of it is read again."""

    expression: Combinable
    read: Callable[[Any], Any]
    is_descending: bool = False


_LAST: Final = "pk"


def read_page(
    items: QuerySet[WorkItem], keys: Sequence[Key], *, order: str, cursor: str, limit: int
) -> tuple[tuple[int, ...], str]:
    """The ids of the rows after the cursor, and the cursor after them, empty at the end.

    Ties go by the primary key, in the direction of the last key.
    """
    names = [f"sort_{number}" for number in range(len(keys))]
    down = [*(key.is_descending for key in keys), bool(keys) and keys[-1].is_descending]
    annotated = items.annotate(**{n: k.expression for n, k in zip(names, keys, strict=True)})
    fields = [*names, _LAST]
    if cursor:
        annotated = annotated.filter(_after(fields, down, _read(cursor, order, keys)))
    ordering = [f"-{name}" if desc else name for name, desc in zip(fields, down, strict=True)]
    rows = list(annotated.order_by(*ordering).values_list(*fields)[: limit + 1])
    next_cursor = _write(order, rows[limit - 1]) if len(rows) > limit else ""
    return tuple(row[-1] for row in rows[:limit]), next_cursor


def _after(fields: Sequence[str], down: Sequence[bool], values: Sequence[Any]) -> Q:
    """Rows that come later in the order of several keys, each up or down."""
    later = Q(pk__in=())
    equal = Q()
    for field, desc, value in zip(fields, down, values, strict=True):
        later |= equal & Q(**{f"{field}__{'lt' if desc else 'gt'}": value})
        equal &= Q(**{field: value})
    return later


def _write(order: str, values: Sequence[Any]) -> str:
    plain = [each.isoformat() if isinstance(each, date | datetime) else each for each in values]
    return base64.urlsafe_b64encode(json.dumps([order, *plain]).encode()).decode().rstrip("=")


def _read(cursor: str, order: str, keys: Sequence[Key]) -> list[Any]:
    refused = Invalid({"cursor": "This cursor belongs to no page of this list."})
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        stored, *values, last = json.loads(base64.urlsafe_b64decode(padded))
        read = [key.read(value) for key, value in zip(keys, values, strict=True)]
        read.append(int(last))
    except (ValueError, TypeError):  # binascii.Error and JSONDecodeError are ValueErrors
        raise refused from None
    if stored != order:
        raise refused
    return read
