"""How a site is set up: its time, its switches, its priorities, statuses, types and levels."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.durations import Measure, read, written
from jirasim.site.events import Event
from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
OPTIONS = "/configuration/timetracking/options"


@pytest.mark.parametrize(
    ("measure", "text", "seconds", "shown"),
    [
        pytest.param(Measure(), "1w 2d", 201_600, "1w 2d", id="eight hours, five days"),
        pytest.param(Measure(7, 4), "1w 2d", 151_200, "1w 2d", id="seven hours, four days"),
        pytest.param(Measure(unit="hour"), "3", 10_800, "3h", id="a bare number counts hours"),
        pytest.param(Measure(form="hours"), "1d 30m", 30_600, "8.5h", id="shown in hours"),
        pytest.param(Measure(form="days"), "1d 4h", 43_200, "1.5d", id="shown in days"),
    ],
)
def test_durations_go_by_the_measure(measure: Measure, text: str, seconds: int, shown: str) -> None:
    assert read(text, measure) == seconds
    assert written(seconds, measure) == shown


def test_the_measure_holds_for_worklogs_and_estimates(api: Api, make: Make) -> None:
    body = {
        "workingHoursPerDay": 6,
        "workingDaysPerWeek": 4,
        "timeFormat": "pretty",
        "defaultUnit": "hour",
    }
    assert api.put(OPTIONS, body).json["workingHoursPerDay"] == 6
    assert api.get("/configuration").json["timeTrackingConfiguration"] == body
    key = make(timetracking={"originalEstimate": "1d 2"})["key"]
    shown = api.get(f"/issue/{key}").json["fields"]["timetracking"]
    assert (shown["originalEstimate"], shown["originalEstimateSeconds"]) == ("1d 2h", 28_800)
    logged = api.post(f"/issue/{key}/worklog", {"timeSpent": "1d"}).json
    assert logged["timeSpentSeconds"] == 21_600
    assert api.put(OPTIONS, {**body, "workingDaysPerWeek": 9}).status == 400


def test_without_time_tracking_there_are_no_worklogs(api: Api, make: Make) -> None:
    key = make()["key"]
    assert api.put("/configuration/timetracking", {"key": ""}).status == 204
    assert api.get("/configuration/timetracking").status == 204
    assert api.get("/configuration").json["timeTrackingEnabled"] is False
    assert api.post(f"/issue/{key}/worklog", {"timeSpent": "1h"}).status == 404
    assert api.put("/configuration/timetracking", {"key": "JIRA"}).status == 204
    assert api.post(f"/issue/{key}/worklog", {"timeSpent": "1h"}).status == 201


@pytest.mark.parametrize(
    ("switch", "named", "path"),
    [
        ("linking", "issueLinkingEnabled", "/issueLinkType"),
        ("attachments", "attachmentsEnabled", "/attachment/1"),
    ],
)
def test_what_is_switched_off_is_not_there(api: Api, switch: str, named: str, path: str) -> None:
    settings = api.site.state.settings
    api.site.state.settings = replace(settings, **{switch: False})
    assert api.get("/configuration").json[named] is False
    reply = api.get(path)
    assert (reply.status, reply.json["errorMessages"][0].endswith("disabled.")) == (404, True)


def test_priorities_are_made_ordered_and_preset(api: Api, make: Make) -> None:
    made = api.post("/priority", {"name": "Someday", "statusColor": "#abcdef"}).json["id"]
    assert api.put("/priority/move", {"ids": [made], "position": "First"}).status == 204
    assert api.get("/priority").json[0]["name"] == "Someday"
    assert api.put(f"/priority/{made}", {"name": "Now"}).status == 204
    assert api.put("/priority/default", {"id": made}).status == 204
    assert api.get(f"/issue/{make()['key']}").json["fields"]["priority"]["name"] == "Now"
    [default] = [one for one in api.get("/priority").json if one["isDefault"]]
    assert default["id"] == made
    assert api.post("/priority", {"name": "high"}).status == 400
    assert api.put("/priority/99", {"name": "X"}).status == 404


def test_resolutions_and_statuses_are_made(api: Api) -> None:
    made = api.post("/resolution", {"name": "Obsolete"}).json["id"]
    api.put(f"/resolution/{made}", {"description": "Nobody needs it."})
    assert api.get(f"/resolution/{made}").json["description"] == "Nobody needs it."
    row = {"name": "Waiting", "statusCategory": "IN_PROGRESS"}
    [status] = api.post("/statuses", {"scope": {"type": "GLOBAL"}, "statuses": [row]}).json
    api.put("/statuses", {"statuses": [{**row, "id": status["id"], "name": "On hold"}]})
    assert api.get("/statuses", id=status["id"]).json[0]["name"] == "On hold"
    assert api.delete("/statuses", id=status["id"]).status == 204
    assert api.delete("/statuses", id="3").status == 400


def test_issue_types_are_made_and_replaced(
    api: Api, make: Make, events: list[Event], people: list[User]
) -> None:
    made = api.post("/issuetype", {"name": "Chore", "type": "standard"})
    assert (made.status, made.json["hierarchyLevel"]) == (201, 0)
    assert api.post("/issuetype", {"name": "chore"}).status == 409
    assert api.as_user(people[0]).post("/issuetype", {"name": "Mine"}).status == 403
    assert api.put(f"/issuetype/{made.json['id']}", {"name": "Duty"}).json["name"] == "Duty"
    key = make(issuetype={"name": "Bug"})["key"]
    assert api.delete("/issuetype/10004").status == 404
    assert "Task" in [one["name"] for one in api.get("/issuetype/10004/alternatives").json]
    assert api.delete("/issuetype/10004", alternativeIssueTypeId="10002").status == 204
    assert api.get(f"/issue/{key}").json["fields"]["issuetype"]["name"] == "Task"
    kinds = [one.kind for one in events if one.kind.startswith("issuetype")]
    assert kinds == ["issuetype_created", "issuetype_updated", "issuetype_deleted"]


def test_a_security_level_hides_an_issue(api: Api, make: Make, people: list[User]) -> None:
    key = make(security={"name": "Administrators and reporter"})["key"]
    other = make("Open to all")["key"]
    shown = api.get(f"/issue/{key}").json["fields"]["security"]
    assert shown["name"] == "Administrators and reporter"
    member = api.as_user(people[1])
    assert member.get(f"/issue/{key}").status == 404
    found = member.post("/search/jql", {"jql": "project = FHP", "fields": ["summary"]}).json
    assert [one["key"] for one in found["issues"]] == [other]
    count = {"jql": "project = FHP"}
    assert member.post("/search/approximate-count", count).json["count"] == 1
    api.put(f"/issue/{key}", {"fields": {"reporter": {"accountId": people[1].account_id}}})
    assert member.get(f"/issue/{key}").status == 200
    levels = member.get("/project/FHP/securitylevel").json["levels"]
    assert "Team only" in [one["name"] for one in levels]
    refused = api.put(f"/issue/{other}", {"fields": {"security": {"id": "99"}}})
    assert refused.json["errors"] == {"security": "Security level id '99' is not valid"}
    api.put(f"/issue/{key}", {"fields": {"security": None}})
    [item] = api.get(f"/issue/{key}/changelog").json["values"][-1]["items"]
    assert (item["field"], item["toString"]) == ("security", None)
