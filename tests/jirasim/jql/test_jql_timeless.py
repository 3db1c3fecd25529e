"""Which queries mean the same whenever they are asked."""

import pytest

from jirasim.jql import parse
from jirasim.jql.timeless import timeless


@pytest.mark.parametrize(
    "jql",
    [
        "ORDER BY priority",
        'project = FHP AND updated >= "2026-02-01 10:00" ORDER BY updated',
        "assignee = currentUser() OR labels is EMPTY",
        "sprint in openSprints() AND NOT status in (Done, Closed)",
        'status was Done BEFORE "2026-01-01"',
    ],
)
def test_a_query_that_names_no_time_from_now_is_timeless(jql: str) -> None:
    assert timeless(parse(jql).where)


@pytest.mark.parametrize(
    "jql",
    [
        "updated >= -1d",
        'project = FHP AND (labels = a OR created > "4w 2d")',
        "NOT due <= startOfDay()",
        "duedate in (now(), 2026-01-01)",
        "resolved < endOfWeek(-1w)",
        "issue in updatedBy(maya, '-8d')",
        "status was Done AFTER -3d",
        "status changed DURING (startOfMonth(), now())",
        "lastViewed > lastLogin()",
    ],
)
def test_a_query_that_counts_from_now_is_not(jql: str) -> None:
    assert not timeless(parse(jql).where)
