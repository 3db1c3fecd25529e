"""The last comparison of a binding, as the command line tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Told: TypeAlias = Mapping[str, Any] | None


def drift_cell(told: Told) -> str:
    """How much had drifted of what was compared; empty before the first comparison."""
    return "" if told is None else f"{told['drift']} of {told['compared']}"


def drift_lines(told: Told) -> Iterator[str]:
    """When both sides were last compared, how much had drifted, and each item with its slots."""
    if told is None:
        yield "They were never compared before."
        return
    yield f"Last time, {told['at']}: {told['compared']} compared, drift {told['drift']}."
    for each in told["items"]:
        what = ", ".join(each["slots"]) or "missing on one side"
        yield f"{each['issue_key']}: {what}  {each['issue_url']}".rstrip()
