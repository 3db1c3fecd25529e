"""JSON as it comes in, as far as Jira would read it.  Knows nothing of what it means."""

import json
from collections.abc import Mapping
from typing import NoReturn

DEEPEST = 200
"""Arrays and objects in each other.  Jira's reader takes some more; nothing that it keeps does."""


def parsed(raw: bytes) -> object:
    """The value.  Raises ValueError for what is not JSON, is endless or lies too deep.

    Halves of surrogate pairs, which no answer could carry, become question marks.
    """
    try:
        found = json.loads(raw, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if raw.count(b"[") + raw.count(b"{") > DEEPEST and _depth(found) > DEEPEST:
        raise ValueError("nested too deeply")
    if b"\\ud" in raw.lower():
        return json.loads(json.dumps(found, ensure_ascii=False).encode(errors="replace"))
    return found


def _no_number(said: str) -> NoReturn:
    raise ValueError(f"{said} is no number")


def _finite(said: str) -> float:
    found = float(said)
    return found if abs(found) != float("inf") else _no_number(said)


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [child for one in level for child in _members(one)]
    return depth


def _members(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
