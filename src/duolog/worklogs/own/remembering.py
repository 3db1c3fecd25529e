"""What one reading leaves for the next, as it is kept with the range."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from duolog.core.worklog_days import Paged, Stamp
from duolog.jira.own_worklogs import Before


def remember(before: Before) -> dict[str, Any]:
    """As JSON."""
    return {
        "read_at": before.read_at.isoformat(),
        "whole_at": before.whole_at.isoformat(),
        "found": sorted(before.found),
        "paged": {
            issue: {
                "updated_at": each.stamp.updated_at.isoformat(),
                "total": each.stamp.total,
                "read_at": each.read_at.isoformat(),
                "is_settled": each.is_settled,
            }
            for issue, each in before.paged.items()
        },
    }


def recall(kept: Mapping[str, Any]) -> Before | None:
    """What `remember` wrote; None where there was no reading."""
    if not kept:
        return None
    return Before(
        read_at=datetime.fromisoformat(kept["read_at"]),
        whole_at=datetime.fromisoformat(kept["whole_at"]),
        found=frozenset(kept["found"]),
        paged={issue: _paged(told) for issue, told in kept["paged"].items()},
    )


def _paged(told: Mapping[str, Any]) -> Paged:
    stamp = Stamp(datetime.fromisoformat(told["updated_at"]), told["total"])
    return Paged(stamp, datetime.fromisoformat(told["read_at"]), is_settled=told["is_settled"])
