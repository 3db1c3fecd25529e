"""The `orderBy` of lists: a name, perhaps with `+` or `-` before it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from jirasim.http.endpoint import Call
from jirasim.site.errors import Refusal

Row = TypeVar("Row")
Keys = Mapping[str, Callable[[Any], Any]]


def ordered(call: Call, rows: list[Row], keys: Keys) -> list[Row]:
    """The rows as `orderBy` wants them; as they are without one.  Refusal 400 for other names."""
    wanted = call.query.get("orderBy", "").strip()
    name = wanted.lstrip("+-")
    if not name:
        return rows
    if name not in keys:
        raise Refusal(400, f"Invalid value '{wanted}' for 'orderBy'.")
    return sorted(rows, key=keys[name], reverse=wanted.startswith("-"))
