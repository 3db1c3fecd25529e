"""Time on work items over REST."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.builders import FROM_JIRA, a_member, an_item
from helpers.rest import Rest, rest_of

from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.services import take_in
from duolog.workplace.models import Team, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db]
STARTED = "2026-03-02T23:30:00+00:00"


@pytest.fixture
def item(team: Team) -> WorkItem:
    return an_item(team)


@pytest.fixture
def at(item: WorkItem) -> str:
    return f"/work-items/{item.key}/worklogs"


def test_an_entry_is_made_read_changed_and_deleted(rest: Rest, at: str) -> None:
    made = rest.post(
        at, {"started": STARTED, "time_spent": "1h 30m", "comment": "A *talk*",
             "zone": "Europe/Berlin"}
    )  # fmt: skip
    assert (made["time_spent_seconds"], made["time_spent"]) == (5400, "1h 30m")
    assert (made["started"], made["day"]) == ("2026-03-03T00:30:00+01:00", "2026-03-03")
    assert made["author"]["name"] == made["author_name"]
    one = f"{at}/{made['id']}"
    assert rest.get(one) == made
    assert rest.get(at)["items"] == [made]
    changed = rest.patch(one, {"time_spent_seconds": 60})
    assert (changed["time_spent"], changed["comment"]) == ("1m", "A *talk*")
    assert (changed["started"], changed["version"]) == (made["started"], made["version"] + 1)
    rest.delete(one)
    assert rest.get(at)["items"] == []
    assert rest.ask("GET", one).status_code == 404


def test_without_a_zone_the_offset_says_for_which_day_it_counts(rest: Rest, at: str) -> None:
    made = rest.post(at, {"started": "2026-03-02T23:30:00-05:00", "time_spent_seconds": 60})
    assert (made["zone"], made["day"]) == ("-05:00", "2026-03-02")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"time_spent_seconds": 90}, "time_spent_seconds", id="no whole minutes"),
        pytest.param({"time_spent": "a while"}, "time_spent", id="no length of time"),
        pytest.param({}, "time_spent", id="no time at all"),
        pytest.param(
            {"time_spent": "1h", "time_spent_seconds": 3600}, "time_spent", id="said twice"
        ),
        pytest.param({"time_spent": "1h", "zone": "Mars"}, "zone", id="no zone"),
        pytest.param(
            {"time_spent": "1h", "started": "2026-03-02T09:00"}, "started", id="no offset"
        ),
    ],
)
def test_what_is_no_entry_is_refused_by_field(
    rest: Rest, at: str, body: dict[str, Any], field: str
) -> None:
    refused = rest.post(at, {"started": STARTED, **body}, status=422)
    assert [error["field"] for error in refused["errors"]] == [field]
    assert rest.get(at)["items"] == []


def test_somebody_elses_entry_is_told_and_not_changed(rest: Rest, item: WorkItem, at: str) -> None:
    new = NewWorklog(started=STARTED, seconds=95, comment="There")
    theirs = take_in(item.pk, new, author=None, author_name="Jo in Jira", actor=FROM_JIRA)
    (told,) = rest.get(at)["items"]
    assert (told["author"], told["author_name"]) == (None, "Jo in Jira")
    assert (told["time_spent_seconds"], told["time_spent"]) == (95, "1m 35s")
    rest.patch(f"{at}/{theirs.pk}", {"comment": "Mine"}, status=403)
    member = rest_of(a_member(item.team.workplace))
    member.delete(f"{at}/{theirs.pk}", status=403)
    rest.delete(f"{at}/{theirs.pk}")


def test_an_entry_that_was_changed_meanwhile_is_not_overwritten(rest: Rest, at: str) -> None:
    made = rest.post(at, {"started": STARTED, "time_spent": "1h"})
    one = f"{at}/{made['id']}"
    rest.patch(one, {"comment": "First"}, **{"If-Match": f'"{made["version"]}"'})
    rest.patch(one, {"comment": "Second"}, status=412, **{"If-Match": f'"{made["version"]}"'})
    assert rest.get(one)["comment"] == "First"
