"""Estimates: set by hand, moved by work, summed over sub-tasks (jira.md 5.4, 6.1)."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api
from hypothesis import given
from hypothesis import strategies as st

from jirasim.site import durations

Make = Callable[..., dict[str, Any]]
AT = "/issue/FHP-1/worklog"
HOUR = 3600


def fields(api: Api, key: str = "FHP-1") -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/issue/{key}").json["fields"]
    return found


def remaining(api: Api) -> Any:
    return fields(api)["timeestimate"]


def test_an_issue_without_estimates_has_an_empty_field(api: Api, make: Make) -> None:
    make()
    found = fields(api)
    assert found["timetracking"] == {}
    assert (found["workratio"], found["progress"]) == (-1, {"progress": 0, "total": 0})
    assert found["aggregatetimespent"] is None


def test_the_recorded_issue_comes_out_as_recorded(api: Api, make: Make) -> None:
    make(timetracking={"originalEstimate": "6h"})
    api.post(AT, {"timeSpent": "2h"})
    found = fields(api)
    assert found["timetracking"] == {
        "originalEstimate": "6h",
        "remainingEstimate": "4h",
        "timeSpent": "2h",
        "originalEstimateSeconds": 21600,
        "remainingEstimateSeconds": 14400,
        "timeSpentSeconds": 7200,
    }
    assert found["progress"] == {"progress": 7200, "total": 21600, "percent": 33}
    assert found["workratio"] == 33


def test_work_on_an_issue_without_estimate_leaves_nothing_remaining(api: Api, make: Make) -> None:
    make()
    api.post(AT, {"timeSpent": "1h"})
    assert fields(api)["timetracking"] == {
        "remainingEstimate": "0m",
        "timeSpent": "1h",
        "remainingEstimateSeconds": 0,
        "timeSpentSeconds": 3600,
    }


def test_estimates_are_edited_one_by_one(api: Api, make: Make) -> None:
    make(timetracking={"originalEstimate": "1d 4h", "remainingEstimate": "3h"})
    reply = api.put("/issue/FHP-1", {"fields": {"timetracking": {"remainingEstimate": "30"}}})
    assert reply.status == 204
    found = fields(api)
    assert (found["timeoriginalestimate"], found["timeestimate"]) == (12 * HOUR, 1800)
    verb = {"update": {"timetracking": [{"edit": {"originalEstimate": "2d"}}]}}
    assert api.put("/issue/FHP-1", verb).status == 204
    assert fields(api)["timetracking"]["originalEstimate"] == "2d"
    bad = api.put("/issue/FHP-1", {"fields": {"timetracking": {"originalEstimate": "long"}}})
    assert (bad.status, list(bad.json["errors"])) == (400, ["timetracking"])


@pytest.mark.parametrize(
    ("query", "left"),
    [
        pytest.param({}, 6 * HOUR, id="by itself: less what was worked"),
        pytest.param({"adjustEstimate": "leave"}, 8 * HOUR, id="left alone"),
        pytest.param({"adjustEstimate": "new", "newEstimate": "1d 1h"}, 9 * HOUR, id="a new one"),
        pytest.param(
            {"adjustEstimate": "manual", "reduceBy": "30m"}, 27000, id="less by an amount"
        ),
        pytest.param({"adjustEstimate": "manual", "reduceBy": "2w"}, 0, id="never below nothing"),
    ],
)
def test_logging_work_adjusts_the_estimate(
    api: Api, make: Make, query: dict[str, str], left: int
) -> None:
    make(timetracking={"originalEstimate": "8h"})
    assert api.post(AT, {"timeSpent": "2h"}, **query).status == 201
    assert remaining(api) == left


@pytest.mark.parametrize(
    ("query", "left"),
    [
        pytest.param({}, 5 * HOUR, id="by itself: by the difference"),
        pytest.param({"adjustEstimate": "leave"}, 6 * HOUR, id="left alone"),
        pytest.param({"adjustEstimate": "new", "newEstimate": "1h"}, HOUR, id="a new one"),
    ],
)
def test_editing_work_adjusts_the_estimate(
    api: Api, make: Make, query: dict[str, str], left: int
) -> None:
    make(timetracking={"originalEstimate": "8h"})
    made = api.post(AT, {"timeSpent": "2h"}).json["id"]
    assert api.put(f"{AT}/{made}", {"timeSpent": "3h"}, **query).status == 200
    assert remaining(api) == left


@pytest.mark.parametrize(
    ("query", "left"),
    [
        pytest.param({}, 8 * HOUR, id="by itself: it comes back"),
        pytest.param({"adjustEstimate": "leave"}, 6 * HOUR, id="left alone"),
        pytest.param({"adjustEstimate": "new", "newEstimate": "1h"}, HOUR, id="a new one"),
        pytest.param(
            {"adjustEstimate": "manual", "increaseBy": "1h"}, 7 * HOUR, id="more by an amount"
        ),
    ],
)
def test_deleting_work_adjusts_the_estimate(
    api: Api, make: Make, query: dict[str, str], left: int
) -> None:
    make(timetracking={"originalEstimate": "8h"})
    made = api.post(AT, {"timeSpent": "2h"}).json["id"]
    assert api.delete(f"{AT}/{made}", **query).status == 204
    assert remaining(api) == left


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"adjustEstimate": "new"}, id="no new estimate"),
        pytest.param({"adjustEstimate": "new", "newEstimate": "soon"}, id="no duration"),
        pytest.param({"adjustEstimate": "manual"}, id="manual without an amount"),
        pytest.param({"adjustEstimate": "magic"}, id="an unknown way"),
    ],
)
def test_an_adjustment_that_cannot_be_made_changes_nothing(
    api: Api, make: Make, query: dict[str, str]
) -> None:
    make(timetracking={"originalEstimate": "8h"})
    reply = api.post(AT, {"timeSpent": "2h"}, **query)
    assert reply.status == 400
    if query["adjustEstimate"] == "new":
        assert reply.json["errors"] == {"newEstimate": "You must supply a valid new estimate."}
    assert (remaining(api), fields(api)["timespent"]) == (8 * HOUR, None)


def test_an_edit_cannot_adjust_by_hand(api: Api, make: Make) -> None:
    make()
    made = api.post(AT, {"timeSpent": "2h"}).json["id"]
    query = {"adjustEstimate": "manual", "reduceBy": "1h"}
    assert api.put(f"{AT}/{made}", {"timeSpent": "3h"}, **query).status == 400


def test_sums_hold_the_sub_tasks(api: Api, make: Make) -> None:
    make(timetracking={"originalEstimate": "8h"})
    make(issuetype={"name": "Sub-task"}, parent={"key": "FHP-1"})
    api.post("/issue/FHP-2/worklog", {"timeSpent": "2h"})
    api.post(AT, {"timeSpent": "1h"})
    found = fields(api)
    assert (found["timespent"], found["aggregatetimespent"]) == (HOUR, 3 * HOUR)
    assert found["aggregatetimeoriginalestimate"] == 8 * HOUR
    assert found["aggregateprogress"]["progress"] == 3 * HOUR


@given(st.integers(min_value=1, max_value=200_000))
def test_a_written_duration_reads_as_itself(minutes: int) -> None:
    assert durations.read(durations.written(minutes * 60)) == minutes * 60


@pytest.mark.parametrize("text", ["", "h", "1h1", "-1h", "1y", "1h, 2m", "one hour"])
def test_what_is_no_duration_reads_as_nothing(text: str) -> None:
    assert durations.read(text) is None
