"""Pages by offset, as most of Cloud's lists are."""

from collections.abc import Callable, Sequence
from typing import TypeVar

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
    call: Call, rows: Sequence[Row], write: Callable[[Row], object], *, path: str, size: int = 50
) -> Json:
    """Jira's page bean: `values` with `isLast`, `total` and `nextPage`."""
    start, limit, shown = window(call, rows, size=size, ceiling=max(size, 1000))
    base = f"{call.wire.api}{path}"
    body: Json = {
        "self": f"{base}?maxResults={limit}&startAt={start}",
        "maxResults": limit,
        "startAt": start,
        "total": len(rows),
        "isLast": start + len(shown) >= len(rows),
        "values": [write(row) for row in shown],
    }
    if not body["isLast"] and limit > 0:
        body["nextPage"] = f"{base}?maxResults={limit}&startAt={start + limit}"
    return body
