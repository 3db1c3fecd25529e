"""Facts of Cloud that hold across several requests (jira.md 4.5, 5.2, 5.6, 6.10)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
NIGHTS: Final = {
    "the evening before": ("2026-03-28T22:30:00.000+0000", "2026-03-28"),
    "the night in which an hour is missing": ("2026-03-28T23:30:00.000+0000", "2026-03-29"),
    "the last hour of that day": ("2026-03-29T21:30:00.000+0000", "2026-03-29"),
    "the first hour of the next": ("2026-03-29T22:30:00.000+0000", "2026-03-30"),
    "the day that has an hour twice": ("2026-10-24T22:30:00.000+0000", "2026-10-25"),
    "its last hour": ("2026-10-25T22:30:00.000+0000", "2026-10-25"),
}


@pytest.mark.parametrize(("started", "day"), NIGHTS.values(), ids=NIGHTS)
def test_the_day_of_work_is_that_of_the_one_who_asks(
    api: Api, make: Make, people: list[User], started: str, day: str
) -> None:
    """jira.md 5.2: worklogDate goes by the reader's zone, also where clocks are put on or back."""
    key = make()["key"]
    assert api.post(f"/issue/{key}/worklog", {"timeSpent": "1h", "started": started}).status == 201
    [maya] = [one for one in people if one.time_zone == "Europe/Berlin"]
    found = [
        number
        for number in (f"2026-{month:02}-{n:02}" for month in (3, 10) for n in range(20, 32))
        if api.as_user(maya).get("/search/jql", jql=f"worklogDate = {number}").json["issues"]
    ]
    assert found == [day]


def test_author_and_day_may_be_of_different_worklogs(
    api: Api, make: Make, people: list[User]
) -> None:
    """jira.md 4.5, trap 4: they are matched per issue."""
    at = f"/issue/{make()['key']}/worklog"
    monday, tuesday = (f"2026-03-0{day}T09:00:00.000+0000" for day in (2, 3))
    api.as_user(people[0]).post(at, {"timeSpent": "1h", "started": monday})
    api.post(at, {"timeSpent": "1h", "started": tuesday})
    query = "worklogAuthor = currentUser() AND worklogDate = 2026-03-02"
    assert len(api.get("/search/jql", jql=query).json["issues"]) == 1


PLACES: Final = {
    "/user": "accountId",
    "/user/bulk": "accountId",
    "/user/search": "query",
    "/user/picker": "query",
    "/user/assignable/search": "query",
    "/groupuserpicker": "query",
    "/users/search": "",
    "/group/member": "",
}


@pytest.mark.parametrize("path", PLACES)
def test_a_hidden_address_is_told_nowhere_but_to_its_owner(
    api: Api, people: list[User], path: str
) -> None:
    """jira.md 6.10, trap 23."""
    [priya] = [one for one in people if one.display_name.startswith("Priya")]
    how = PLACES[path]
    asked = {how: priya.account_id if how == "accountId" else "Priya"} if how else {}
    more = {"project": "FHP", "groupname": "jira-software-users"}
    reply = api.get(path, **asked, **more)
    assert (priya.account_id in reply.text, priya.email in reply.text) == (True, False)
    assert priya.email in api.as_user(priya).get("/myself").text


def test_what_moves_the_time_of_the_last_change(api: Api, make: Make, people: list[User]) -> None:
    """jira.md 4.5: what is written, logged, linked and attached; not properties and watchers."""
    key, other = make()["key"], make()["key"]
    at = f"/issue/{key}"
    ends = {"inwardIssue": {"key": key}, "outwardIssue": {"key": other}}
    deeds: dict[str, Callable[[], object]] = {
        "comment": lambda: api.post(f"{at}/comment", {"body": doc("x")}),
        "worklog": lambda: api.post(f"{at}/worklog", {"timeSpent": "1h"}),
        "link": lambda: api.post("/issueLink", {"type": {"name": "Blocks"}, **ends}),
        "file": lambda: api.upload(f"{at}/attachments", ("a.txt", b"x")),
        "edit": lambda: api.put(at, {"fields": {"summary": "Other"}}),
        "edit of nothing": lambda: api.put(at, {"fields": {"summary": "Other"}}),
        "property": lambda: api.put(f"{at}/properties/tool", 1),
        "watcher": lambda: api.post(f"{at}/watchers", people[0].account_id),
    }
    moved = []
    for name, deed in deeds.items():
        before = api.get(at, fields="updated").json["fields"]["updated"]
        api.site.clock.advance(timedelta(seconds=5))
        deed()
        if api.get(at, fields="updated").json["fields"]["updated"] != before:
            moved.append(name)
    assert moved == ["comment", "worklog", "link", "file", "edit"]


def test_times_in_queries_are_those_of_the_one_who_asks(
    api: Api, make: Make, people: list[User]
) -> None:
    """jira.md 4.5, trap 9: to the minute, in the zone of the profile.  It is 09:30 UTC."""
    make()
    [maya] = [one for one in people if one.time_zone == "Europe/Berlin"]
    query = 'created >= "2026-03-02 10:30"'
    assert len(api.as_user(maya).get("/search/jql", jql=query).json["issues"]) == 1
    assert api.get("/search/jql", jql=query).json["issues"] == []
    refused = api.get("/search/jql", jql='created >= "2026-03-02 09:30:00"')
    assert refused.status == 400
