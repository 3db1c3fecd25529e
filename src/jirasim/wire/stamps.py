"""Instants and durations as Jira writes them."""

from datetime import datetime, tzinfo
from functools import lru_cache

REMEMBERED = 16_384


@lru_cache(REMEMBERED)
def stamp(moment: datetime, zone: tzinfo) -> str:
    """Such as `2025-07-25T21:00:41.624+0200`: milliseconds, numeric offset without a colon."""
    hours, _, minutes = moment.astimezone(zone).isoformat(timespec="milliseconds").rpartition(":")
    return hours + minutes
