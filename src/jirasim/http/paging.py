"""Pages by offset, as most of Cloud's lists are."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from jirasim.http.endpoint import Call
from jirasim.wire.entities import Json

Row = TypeVar("Row")


def window(
    call: Call, rows: Sequence[Row], *, size: int, ceiling: int | None = None
) -> tuple[int, int, Sequence[Row]]:
    """Where the page starts, how long it may be, and what is on it."""
    start = max(call.number("startAt", 0), 0)
    limit = max(call.number("maxResults", size, ceiling=ceiling or size), 0)
    return start, limit, rows[start : start + limit]


def page(
    call: Call,
    rows: Sequence[Row],
    write: Callable[[Row], object],
    *,
    path: str,
    size: int = 50,
    ceiling: int = 1000,
) -> Json:
    """Jira's page bean: `values` with `isLast`, `total` and `nextPage`."""
    start, limit, shown = window(call, rows, size=size, ceiling=max(size, ceiling))
    body: Json = {
        "self": address(call, path, start=start, limit=limit),
        "maxResults": limit,
        "startAt": start,
        "total": len(rows),
        "isLast": start + len(shown) >= len(rows),
        "values": [write(row) for row in shown],
    }
    if not body["isLast"] and limit > 0:
        body["nextPage"] = address(call, path, start=start + limit, limit=limit)
    return body


def address(call: Call, path: str, *, start: int, limit: int) -> str:
    """Where a page of the same list is: everything else that was asked for stays."""
    asked = [one for one in call.query.multi_items() if one[0] not in {"maxResults", "startAt"}]
    query = urlencode([("maxResults", limit), ("startAt", start), *asked])
    return f"{call.wire.api}{path}?{query}"
