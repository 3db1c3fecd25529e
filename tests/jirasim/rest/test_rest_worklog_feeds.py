"""The feeds of worklogs: what changed, what is gone, and reading by id (jira.md 5.6)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.feed import mark_of
from jirasim.site.model import User
from jirasim.site.state import Site

Make = Callable[..., dict[str, Any]]
NOW = 1772443800000


@pytest.fixture
def logged(api: Api, make: Make) -> Callable[[], int]:
    """Log an hour on one issue; returns the id."""
    make()

    def log(**more: Any) -> int:
        return int(api.post("/issue/FHP-1/worklog", {"timeSpent": "1h", **more}).json["id"])

    return log


def ids(page: dict[str, Any]) -> list[int]:
    return [one["worklogId"] for one in page["values"]]


def test_the_last_minute_is_not_told(api: Api, site: Site, logged: Callable[[], int]) -> None:
    one = logged()
    site.clock.advance(timedelta(seconds=59))
    assert ids(api.get("/worklog/updated", since=0).json) == []
    site.clock.advance(timedelta(seconds=1))
    page = api.get("/worklog/updated", since=0).json
    assert page["values"] == [{"worklogId": one, "updatedTime": NOW}]
    assert (page["since"], page["until"], page["lastPage"]) == (0, NOW, True)
    assert page["self"] == "http://jira.test/rest/api/3/worklog/updated?since=0"
    assert "nextPage" not in page


def test_since_is_inclusive_so_the_last_row_repeats(
    api: Api, site: Site, logged: Callable[[], int]
) -> None:
    first = logged()
    site.clock.advance(timedelta(seconds=5))
    second = logged()
    site.clock.advance(timedelta(minutes=2))
    page = api.get("/worklog/updated", since=0).json
    assert ids(page) == [first, second]
    assert ids(api.get("/worklog/updated", since=page["until"]).json) == [second]
    assert api.get("/worklog/updated", since=page["until"] + 1).json["values"] == []


def test_an_edit_moves_to_the_end_and_a_deletion_to_the_other_feed(
    api: Api, site: Site, logged: Callable[[], int]
) -> None:
    first, second, third = logged(), logged(), logged()
    site.clock.advance(timedelta(seconds=5))
    api.put(f"/issue/FHP-1/worklog/{first}", {"timeSpent": "2h"})
    api.delete(f"/issue/FHP-1/worklog/{third}")
    assert api.get("/worklog/deleted", since=0).json["values"] == []
    site.clock.advance(timedelta(minutes=1))
    assert ids(api.get("/worklog/updated", since=0).json) == [second, first]
    gone = api.get("/worklog/deleted", since=0).json
    assert gone["values"] == [{"worklogId": third, "updatedTime": NOW + 5000}]


def test_a_thousand_of_one_instant_are_passed_by_the_next_page(
    api: Api, site: Site, logged: Callable[[], int]
) -> None:
    logged()
    issue = site.state.issues["10000"]
    [first] = issue.worklogs
    more = tuple(replace(first, id=str(20000 + number)) for number in range(1000))
    site.store(replace(issue, worklogs=(first, *more)))
    for one in more:
        site.state.worklog_homes[one.id] = issue.id
        site.worklogs.add(mark_of(one))
    site.clock.advance(timedelta(minutes=2))
    page = api.get("/worklog/updated", since=0).json
    assert (len(page["values"]), page["lastPage"], page["until"]) == (1000, False, NOW)
    again = api.get("/worklog/updated", since=page["until"]).json
    assert ids(again) == ids(page)
    path, _, query = page["nextPage"].removeprefix("http://jira.test/rest/api/3").partition("?")
    rest = api.get(path, **dict(pair.split("=") for pair in query.split("&"))).json
    assert (ids(rest), rest["lastPage"]) == ([20999], True)


def test_the_feed_tells_only_what_the_caller_may_see(
    api: Api, site: Site, people: list[User], logged: Callable[..., int]
) -> None:
    open_to_all = logged()
    logged(visibility={"type": "role", "value": "Administrator"})
    site.clock.advance(timedelta(minutes=2))
    assert ids(api.as_user(people[1]).get("/worklog/updated", since=0).json) == [open_to_all]
    assert len(api.get("/worklog/updated", since=0).json["values"]) == 2


def test_properties_come_when_asked_for(api: Api, site: Site, logged: Callable[..., int]) -> None:
    logged(properties=[{"key": "tool", "value": 7}])
    site.clock.advance(timedelta(minutes=2))
    [row] = api.get("/worklog/updated", since=0, expand="properties").json["values"]
    assert row["properties"] == [{"key": "tool", "value": 7}]


def test_reading_by_id_leaves_out_what_is_not_there(api: Api, logged: Callable[[], int]) -> None:
    first, second = logged(), logged()
    found = api.post("/worklog/list", {"ids": [second, 77, first, second]}).json
    assert [int(one["id"]) for one in found] == [second, first]
    assert api.post("/worklog/list", {"ids": []}).status == 400
    assert api.post("/worklog/list", {"ids": list(range(1001))}).status == 400
