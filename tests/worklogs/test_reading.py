"""A person's own worklogs, read whole from Jira in few calls, against a look at all of the site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from helpers.builders import a_member, a_workplace
from helpers.own_time import Logged, held, refreshed, spread
from helpers.ways_in import CLOUD, SERVER, a_site

from duolog.core.worklog_days import Days
from duolog.core.worklogs import read_zone
from duolog.people.models import Member

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
BEGIN = datetime(2026, 2, 28, 20, 30, tzinfo=UTC)
LOGS = (0, 1, 19, 20, 21, 100, 5_000, 5_001)


@pytest.fixture(params=[CLOUD, SERVER], ids=["cloud", "server"])
def logged(request: Any, settings: Any) -> Iterator[Logged]:
    with a_site({**request.param, "issues": len(LOGS)}, settings) as site:
        yield Logged(site)


@pytest.fixture
def maya() -> Member:
    member = a_member(a_workplace())
    member.user.zone = "Europe/Berlin"
    member.user.save()
    return member


DAYS = Days(FIRST, LAST, read_zone("Europe/Berlin"))


def test_equal_to_a_look_at_every_worklog_in_the_calls_of_ruling_17(
    logged: Logged, maya: Member
) -> None:
    for issue, count in zip(logged.issues, LOGS, strict=True):
        mine, rest = max(1, count // 9) if count else 0, count - max(1, count // 9)
        step = timedelta(minutes=max(7, 45_000 // (mine + 1)))
        logged.put(issue, spread(BEGIN, rest, timedelta(minutes=8), logged.their_id))
        logged.put(issue, spread(BEGIN, mine, step, logged.my_id))
    logged.connect(maya)
    logged.calls()
    found = refreshed(maya, FIRST, LAST)
    asked = logged.calls()
    assert found.is_complete
    assert held(found) == logged.of_all(DAYS)
    assert len(held(found)) > 500
    is_cloud = logged.site.ready["deployment"] == "cloud"
    pages = 5 if is_cloud else 4  # Server lists all at once
    assert asked.pop("myself", 0) <= 1, "once, where answers do not tell who asks"
    assert asked == {"search": 1, "worklog": pages}
    found = refreshed(maya, FIRST, LAST)
    assert logged.calls() == {"search": 1}, "idle"
    assert held(found) == logged.of_all(DAYS)
