"""When the next mail is due.  Pure: the present comes in as a value."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from duolog.notifications.models import Rhythm

MONDAY: Final = 0


def next_moment(rhythm: Rhythm, hour: int, zone: str, after: datetime) -> datetime | None:
    """The first full hour by the clocks of the zone that is later than `after`, in UTC.

    An hour that the clocks skip is that much later; one they show twice counts the first time.
    """
    if rhythm == Rhythm.NEVER:
        return None
    here = ZoneInfo(zone)
    day = after.astimezone(here).date()
    while True:
        moment = datetime.combine(day, time(hour), tzinfo=here).astimezone(UTC)
        if moment > after and (rhythm == Rhythm.DAILY or day.weekday() == MONDAY):
            return moment
        day += timedelta(days=1)
