"""Logs the owner's time in Jira, over their own connection, as they would."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Final

from duolog.connections.models import Connection
from duolog.core.worklogs import begin_at, day_of, read_zone
from duolog.demo.content import platform
from duolog.people.models import Member
from duolog.sync.models import Binding, Link
from duolog.work.clock import present
from duolog.worklogs.models import Worklog
from duolog.worklogs.own.refreshing import ask_to_refresh
from duolog.worklogs.own.services import NewOwn, log
from duolog.worklogs.own.zones import zone_of

_SATURDAY: Final = 5


def log_time(owner: Member, mine: Connection, binding: Binding) -> None:
    """The last working days, and a first reading of what My time shows of them."""
    name = zone_of(owner)
    zone = read_zone(name)
    today = day_of(present(), zone)
    days = working_days_before(today, max(stint.back for stint in platform.STINTS))
    linked = Link.objects.filter(binding=binding).values_list("work_item__title", "issue_key")
    keys = dict(linked)
    for stint in platform.STINTS:
        started = begin_at(days[stint.back - 1], time.fromisoformat(stint.at), zone)
        new = NewOwn(started=started, seconds=stint.spent, comment=stint.comment)
        log(owner, mine.pk, keys[stint.on], new)
    ask_to_refresh(owner, days[-1], today, zone=name)


def has_come(binding: Binding) -> bool:
    """Whether the items of the team have it, too."""
    here = Worklog.objects.filter(work_item__team=binding.team_id, deleted_at=None)
    return here.count() >= len(platform.STINTS)


def working_days_before(today: date, count: int) -> list[date]:
    """So many days from Monday to Friday before today, the latest first."""
    days: list[date] = []
    day = today
    while len(days) < count:
        day -= timedelta(days=1)
        if day.weekday() < _SATURDAY:
            days.append(day)
    return days
