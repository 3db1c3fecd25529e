"""Worklogs of one issue: logging, editing, deleting, moving, restricting (jira.md 5)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.events import Event
from jirasim.site.model import User
from jirasim.site.state import Site
from jirasim.site.worklogs import MOST_WORKLOGS

Make = Callable[..., dict[str, Any]]
AT = "/issue/FHP-1/worklog"
OLD = "/rest/api/2" + AT


def log(api: Api, spent: str = "1h", at: str = AT, **more: Any) -> dict[str, Any]:
    reply = api.post(at, {"timeSpent": spent, **more})
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def spent_on(api: Api, key: str = "FHP-1") -> Any:
    return api.get(f"/issue/{key}", fields="timespent").json["fields"]["timespent"]


def test_a_worklog_is_answered_with_201_and_its_place(api: Api, make: Make) -> None:
    issue = make()
    started = "2026-02-27T08:15:30.250+0530"
    body = {"timeSpentSeconds": 12000, "started": started, "comment": doc("Did some work")}
    reply = api.post(AT, body)
    assert (reply.status, reply.headers["location"]) == (201, reply.json["self"])
    assert reply.json["issueId"] == issue["id"]
    assert (reply.json["timeSpent"], reply.json["timeSpentSeconds"]) == ("3h 20m", 12000)
    assert reply.json["started"] == "2026-02-27T02:45:30.250+0000"
    assert reply.json["author"]["displayName"] == "Duolog Sync"
    assert api.get(f"{AT}/{reply.json['id']}").json == reply.json


def test_watchers_get_a_mail_unless_the_caller_says_no(api: Api, make: Make) -> None:
    make()
    made = log(api)
    api.put(f"{AT}/{made['id']}", {"timeSpent": "2h"}, notifyUsers="false")
    api.delete(f"{AT}/{made['id']}", notifyUsers="true")
    told = [(each["issue"], each["worklog"]) for each in api.get("/_sim/mails").json]
    assert told == [("FHP-1", "added"), ("FHP-1", "deleted")]


def test_without_comment_the_key_is_missing_and_without_start_it_is_now(
    api: Api, make: Make
) -> None:
    make()
    made = log(api)
    assert "comment" not in made
    assert made["started"] == made["created"] == "2026-03-02T09:30:00.000+0000"


@pytest.mark.parametrize(
    ("body", "seconds", "shown"),
    [
        pytest.param({"timeSpent": "2h 30m"}, 9000, "2h 30m", id="hours and minutes"),
        pytest.param({"timeSpent": "1d"}, 28800, "1d", id="a day of eight hours"),
        pytest.param({"timeSpent": "1w"}, 144000, "1w", id="a week of five days"),
        pytest.param({"timeSpent": "90m"}, 5400, "1h 30m", id="more minutes than an hour has"),
        pytest.param({"timeSpent": "45"}, 2700, "45m", id="a number alone counts minutes"),
        pytest.param({"timeSpentSeconds": 90}, 60, "1m", id="seconds are cut to minutes"),
        pytest.param({"timeSpentSeconds": 60}, 60, "1m", id="the least there is"),
    ],
)
def test_time_is_kept_in_whole_minutes(
    api: Api, make: Make, body: dict[str, Any], seconds: int, shown: str
) -> None:
    make()
    found = api.post(AT, body).json
    assert (found["timeSpentSeconds"], found["timeSpent"]) == (seconds, shown)
    assert spent_on(api) == seconds


TOO_SHORT = {
    "errorMessages": ["Worklog must not be null."],
    "errors": {"timeLogged": "Invalid time duration entered."},
}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param({"timeSpentSeconds": 59}, TOO_SHORT, id="less than a minute"),
        pytest.param({"timeSpentSeconds": 0}, TOO_SHORT, id="no time at all"),
        pytest.param({"timeSpentSeconds": -60}, TOO_SHORT, id="time before it began"),
        pytest.param({"timeSpent": "soon"}, TOO_SHORT, id="no duration"),
        pytest.param({"timeSpent": ""}, TOO_SHORT, id="an empty duration"),
        pytest.param(
            {"timeSpent": "1h", "timeSpentSeconds": 3600},
            {
                "errorMessages": [],
                "errors": {"timeSpent": "A value is required for manual estimate adjustment"},
            },
            id="both ways of saying it",
        ),
    ],
)
def test_times_are_refused_in_the_recorded_words(
    api: Api, make: Make, body: dict[str, Any], said: dict[str, Any]
) -> None:
    make()
    reply = api.post(AT, body)
    assert (reply.status, reply.json) == (400, said)
    assert api.get(AT).json["total"] == 0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="no time named"),
        pytest.param({"timeSpent": "1h", "started": "2026-03-02T09:00:00Z"}, id="a start in Z"),
        pytest.param(
            {"timeSpent": "1h", "started": "2026-03-02T09:00:00.000+00:00"},
            id="a colon in the zone",
        ),
        pytest.param(
            {"timeSpent": "1h", "started": "2026-13-02T09:00:00.000+0000"}, id="a thirteenth month"
        ),
        pytest.param({"timeSpent": "1h", "comment": "text"}, id="text where ADF is due"),
        pytest.param(
            {"timeSpent": "1h", "visibility": {"type": "role", "value": "Pirates"}},
            id="a role that does not exist",
        ),
    ],
)
def test_a_worklog_is_refused_with(api: Api, make: Make, body: dict[str, Any]) -> None:
    make()
    assert api.post(AT, body).status == 400
    assert api.get(AT).json["total"] == 0


def test_an_edit_keeps_what_it_does_not_name(api: Api, make: Make) -> None:
    make()
    made = log(api, comment=doc("Words"), started="2026-02-27T08:00:00.000+0000")
    after = api.put(f"{AT}/{made['id']}", {"timeSpentSeconds": 7200, "comment": None})
    assert after.status == 200
    changed = {"timeSpent", "timeSpentSeconds", "updated"}
    assert {k: v for k, v in after.json.items() if k not in changed} == {
        k: v for k, v in made.items() if k not in changed
    }
    assert after.json["timeSpent"] == "2h"
    assert after.json["updated"] > made["updated"]


def test_version_two_takes_and_gives_wiki_text_and_empties_it(api: Api, make: Make) -> None:
    make()
    made = api.post(OLD, {"timeSpent": "1h", "comment": "*loud*"}).json
    assert made["comment"] == "*loud*"
    assert api.get(f"{AT}/{made['id']}").json["comment"]["type"] == "doc"
    assert "comment" not in api.put(f"{OLD}/{made['id']}", {"comment": ""}).json


def test_pages_hold_up_to_5000_and_start_where_asked(api: Api, make: Make) -> None:
    make()
    ids = [log(api)["id"] for _ in range(4)]
    page = api.get(AT, startAt=1, maxResults=2).json
    assert [one["id"] for one in page["worklogs"]] == ids[1:3]
    assert (page["startAt"], page["maxResults"], page["total"]) == (1, 2, 4)
    assert api.get(AT, maxResults=9999).json["maxResults"] == 5000
    assert api.get(AT, startAt="x").status == 404


def test_the_list_can_be_bounded_by_when_work_began(api: Api, make: Make) -> None:
    make()
    days = [log(api, started=f"2026-02-0{day}T00:00:00.000+0000")["id"] for day in (1, 2, 3)]
    second = 1769990400000
    assert [one["id"] for one in api.get(AT, startedAfter=second).json["worklogs"]] == days[1:]
    assert [one["id"] for one in api.get(AT, startedBefore=second).json["worklogs"]] == days[:1]


def test_an_issue_embeds_at_most_20(api: Api, make: Make) -> None:
    make()
    for _ in range(21):
        log(api)
    embedded = api.get("/issue/FHP-1", fields="worklog").json["fields"]["worklog"]
    assert (embedded["maxResults"], embedded["total"]) == (20, 21)
    assert len(embedded["worklogs"]) == 20
    found = api.post("/search/jql", {"jql": "key = FHP-1", "fields": ["worklog"]}).json
    assert len(found["issues"][0]["fields"]["worklog"]["worklogs"]) == 20


def test_rights_are_refused_with_400(api: Api, make: Make, people: list[User]) -> None:
    make()
    aiko, jonas = api.as_user(people[1]), api.as_user(people[2])
    mine = log(aiko)["id"]
    assert jonas.put(f"{AT}/{mine}", {"timeSpent": "2h"}).status == 400
    assert jonas.delete(f"{AT}/{mine}").status == 400
    assert jonas.put(f"{AT}/{mine}/properties/x", 1).status == 403
    edited = api.put(f"{AT}/{mine}", {"timeSpent": "2h"}).json
    assert edited["author"]["displayName"] == "Aiko Tanabe"
    assert edited["updateAuthor"]["displayName"] == "Duolog Sync"
    assert aiko.delete(f"{AT}/{mine}").status == 204
    issue = {"project": {"key": "READ"}, "issuetype": {"name": "Task"}, "summary": "Look"}
    assert api.as_user(people[0]).post("/issue", {"fields": issue}).status == 201
    assert api.post("/issue/READ-1/worklog", {"timeSpent": "1h"}).status == 400


def test_a_restricted_worklog_does_not_exist_for_others(
    api: Api, make: Make, people: list[User]
) -> None:
    make()
    only = {"visibility": {"type": "role", "value": "Administrator"}}
    made = log(api, **only)
    assert made["visibility"]["value"] == "Administrator"
    aiko = api.as_user(people[1])
    assert aiko.get(AT).json["total"] == 0
    assert aiko.get(f"{AT}/{made['id']}").status == 404
    assert aiko.get("/issue/FHP-1").json["fields"]["worklog"]["total"] == 0
    assert aiko.post("/worklog/list", {"ids": [int(made["id"])]}).json == []
    assert spent_on(aiko) == 3600
    assert "visibility" in api.put(f"{AT}/{made['id']}", {"timeSpent": "2h"}).json
    assert "visibility" not in api.put(f"{AT}/{made['id']}", {"visibility": None}).json


def test_another_issue_does_not_have_it(api: Api, make: Make) -> None:
    make()
    make()
    made = log(api)
    assert api.get(f"/issue/FHP-2/worklog/{made['id']}").status == 404
    assert api.delete(f"/issue/FHP-2/worklog/{made['id']}").status == 404


def test_the_issue_moves_and_its_changelog_tells(api: Api, make: Make, events: list[Event]) -> None:
    make(timetracking={"originalEstimate": "6h"})
    before = api.get("/issue/FHP-1").json["fields"]["updated"]
    events.clear()
    made = log(api, "2h")["id"]
    assert api.get("/issue/FHP-1").json["fields"]["updated"] > before
    api.put(f"{AT}/{made}", {"timeSpent": "3h"})
    api.delete(f"{AT}/{made}")
    rows = api.get("/issue/FHP-1/changelog").json["values"]
    told = [[(one["field"], one["from"], one["to"]) for one in row["items"]] for row in rows[-3:]]
    assert told == [
        [
            ("timeestimate", "21600", "14400"),
            ("timespent", None, "7200"),
            ("WorklogId", None, made),
        ],
        [
            ("timeestimate", "14400", "10800"),
            ("timespent", "7200", "10800"),
            ("WorklogId", made, made),
        ],
        [
            ("timeestimate", "10800", "21600"),
            ("timespent", "10800", None),
            ("WorklogId", made, None),
        ],
    ]
    kinds = [one.kind for one in events if one.worklog is not None]
    assert kinds == ["worklog_created", "worklog_updated", "worklog_deleted"]


def test_deleting_the_issue_takes_its_worklogs_along(
    api: Api, make: Make, events: list[Event]
) -> None:
    make()
    made = log(api)["id"]
    events.clear()
    api.delete("/issue/FHP-1")
    assert [(one.kind, one.cascade) for one in events] == [
        ("jira:issue_deleted", False),
        ("worklog_deleted", True),
    ]
    assert api.post("/worklog/list", {"ids": [int(made)]}).json == []


def test_several_are_deleted_together_or_not_at_all(
    api: Api, make: Make, people: list[User]
) -> None:
    make()
    ids = [int(log(api)["id"]) for _ in range(3)]
    wrong = api.call("DELETE", AT, body={"ids": [ids[0], 99]})
    assert (wrong.status, api.get(AT).json["total"]) == (404, 3)
    member = api.as_user(people[1])
    assert member.call("DELETE", AT, body={"ids": ids}).status == 400
    assert api.call("DELETE", AT, body={"ids": []}).status == 400
    assert api.call("DELETE", AT, body={"ids": list(range(5001))}).status == 400
    assert api.call("DELETE", AT, body={"ids": ids[:2]}).status == 204
    assert [int(one["id"]) for one in api.get(AT).json["worklogs"]] == ids[2:]


def test_moving_tells_nobody_and_writes_no_history(
    api: Api, make: Make, events: list[Event]
) -> None:
    make()
    make()
    first, second = (int(log(api)["id"]) for _ in range(2))
    history = api.get("/issue/FHP-1/changelog").json["total"]
    events.clear()
    body = {"ids": [first], "issueIdOrKey": "FHP-2"}
    assert api.post(f"{AT}/move", body).status == 204
    assert events == []
    assert api.get("/issue/FHP-1/changelog").json["total"] == history
    assert [int(one["id"]) for one in api.get(AT).json["worklogs"]] == [second]
    moved = api.get("/issue/FHP-2/worklog").json["worklogs"]
    assert [int(one["id"]) for one in moved] == [first]
    assert (spent_on(api), spent_on(api, "FHP-2")) == (3600, 3600)
    assert api.post(f"{AT}/move", body).status == 404
    assert api.post(f"{AT}/move", {"ids": [second], "issueIdOrKey": "FHP-9"}).status == 404


def test_an_issue_has_a_limit_of_worklogs(api: Api, make: Make, site: Site) -> None:
    make()
    log(api)
    issue = site.state.issues["10000"]
    site.store(replace(issue, worklogs=issue.worklogs * MOST_WORKLOGS))
    assert api.post(AT, {"timeSpent": "1h"}).status == 413


def test_jql_judges_the_issue_and_not_the_worklog(
    api: Api, make: Make, people: list[User], site: Site
) -> None:
    make()
    aiko, jonas = api.as_user(people[1]), api.as_user(people[2])
    log(aiko, started="2026-02-23T09:00:00.000+0000", comment=doc("Oiled the hinges"))
    log(jonas, started="2026-02-24T23:30:00.000+0000")
    site.clock.advance(timedelta(minutes=1))

    def hits(jql: str, caller: Api = api) -> int:
        return len(caller.get("/search/jql", jql=jql).json["issues"])

    other = f'worklogAuthor = "{people[2].account_id}" AND worklogDate = "2026-02-23"'
    assert hits(other) == 1
    assert hits('worklogDate = "2026-02-25"') == 0
    assert hits('worklogDate = "2026-02-25"', aiko) == 1
    assert hits("worklogAuthor = currentUser()") == 0
    assert hits("worklogAuthor = currentUser()", aiko) == 1
    assert hits('worklogComment ~ "hinges"') == 1
