"""Instants and durations as Jira writes them."""

from datetime import datetime, tzinfo


def stamp(moment: datetime, zone: tzinfo) -> str:
    """Such as `2025-07-25T21:00:41.624+0200`: milliseconds, numeric offset without a colon."""
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"
