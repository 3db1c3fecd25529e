"""Moves: a new key and the old one, what goes along and what is lost (jira.md 6.5)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.events import Event
from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
RECORDED = (
    Path(__file__).parents[4]
    / "shared/jira/webhooks/cloud/jira-to-matrix__issue-updated-move-issue.json"
)
REFERENCE = "customfield_10032"
POINTS = "customfield_10016"


def move(api: Api, where: str, *names: str, **parts: Any) -> dict[str, Any]:
    """The progress of a move when it is done."""
    mapping = {where: {"issueIdsOrKeys": list(names), "inferStatusDefaults": True, **parts}}
    made = api.post("/bulk/issues/move", {"targetToSourcesMapping": mapping})
    assert made.status == 201, made.text
    done: dict[str, Any] = api.get(f"/bulk/queue/{made.json['taskId']}").json
    return done


def test_the_issue_keeps_its_id_and_both_keys_lead_to_it(api: Api, make: Make) -> None:
    made = make()
    done = move(api, "LIN,10002", "FHP-1")
    assert done["processedAccessibleIssues"] == [int(made["id"])]
    for name in ("FHP-1", "fhp-1", "LIN-1", made["id"]):
        shown = api.get(f"/issue/{name}").json
        assert (shown["id"], shown["key"]) == (made["id"], "LIN-1")
    assert shown["fields"]["project"]["key"] == "LIN"
    assert make()["key"] == "FHP-2"
    assert move(api, "FHP,10002", "LIN-1")["processedAccessibleIssues"] != []
    assert api.get("/issue/FHP-1").json["key"] == "FHP-3"


def test_history_and_event_say_what_was_recorded(api: Api, make: Make, events: list[Event]) -> None:
    make()
    events.clear()
    move(api, "LIN,10001", "FHP-1")
    [told] = events
    assert (told.kind, told.type_name) == ("jira:issue_updated", "issue_moved")
    [entry] = api.get("/issue/LIN-1/changelog").json["values"]
    fields = [(one["field"], one.get("fieldId")) for one in entry["items"]]
    assert fields == [
        ("issuetype", "issuetype"),
        ("project", "project"),
        ("status", "status"),
        ("Workflow", None),
        ("Key", None),
    ]
    last = entry["items"][-1]
    assert (last["fromString"], last["toString"], last["to"]) == ("FHP-1", "LIN-1", None)
    if RECORDED.exists():
        recorded = json.loads(RECORDED.read_text())["changelog"]["items"]
        assert fields == [(one["field"], one.get("fieldId")) for one in recorded]


def test_the_status_goes_where_the_mapping_or_the_new_workflow_says(api: Api, make: Make) -> None:
    make()
    make()
    make()
    api.post("/issue/FHP-3/transitions", {"transition": {"id": "31"}})
    move(api, "LIN,10002", "FHP-1")
    move(api, "LIN,10002", "FHP-2", targetStatus=[{"statuses": {"10002": ["10000"]}}])
    move(api, "LIN,10002", "FHP-3")
    names = [
        api.get(f"/issue/LIN-{number}").json["fields"]["status"]["name"] for number in (1, 2, 3)
    ]
    assert names == ["To Do", "In Review", "In Progress"]


def test_sub_tasks_go_along_and_children_of_epics_stay(api: Api, make: Make) -> None:
    make(issuetype={"name": "Epic"})
    make(parent={"key": "FHP-1"})
    make(issuetype={"name": "Sub-task"}, parent={"key": "FHP-2"})
    move(api, "LIN,10002", "FHP-2")
    child = api.get("/issue/FHP-3").json
    assert (child["key"], child["fields"]["parent"]["key"]) == ("LIN-2", "LIN-1")
    assert api.get("/issue/LIN-1").json["fields"]["parent"]["key"] == "FHP-1"
    move(api, "LIN,10000", "FHP-1")
    assert api.get("/issue/LIN-1").json["fields"]["parent"]["key"] == "LIN-3"


def test_what_the_new_project_lacks_is_dropped(api: Api, make: Make) -> None:
    make(**{POINTS: 5.0}, labels=["kept"])
    assert move(api, "TEAM,10021", "FHP-1")["processedAccessibleIssues"] != []
    shown = api.get("/issue/TEAM-1").json["fields"]
    assert (shown.get(POINTS), shown["labels"]) == (None, ["kept"])


def test_what_the_new_project_demands_must_be_given(api: Api, make: Make) -> None:
    made = make()
    failed = move(api, "REQ,10002", "FHP-1")
    assert failed["processedAccessibleIssues"] == []
    assert failed["failedAccessibleIssues"] == {made["id"]: ["Ticket reference is required."]}
    given = {REFERENCE: {"value": ["T-7"], "type": "raw", "retain": False}}
    move(api, "REQ,10002", "FHP-1", targetMandatoryFields=[{"fields": given}])
    assert api.get("/issue/REQ-1").json["fields"][REFERENCE] == "T-7"


@pytest.mark.parametrize(
    ("where", "status"),
    [
        pytest.param("NONE,10002", 400, id="no such project"),
        pytest.param("LIN,10002,FHP-99", 404, id="no such parent"),
    ],
)
def test_a_destination_must_exist(api: Api, make: Make, where: str, status: int) -> None:
    make()
    mapping = {where: {"issueIdsOrKeys": ["FHP-1"]}}
    refused = api.post("/bulk/issues/move", {"targetToSourcesMapping": mapping})
    assert (refused.status, list(refused.json)) == (status, ["errors"])


@pytest.mark.parametrize("where", ["LIN,10021", "LIN,10003", "READ,10002"])
def test_a_move_fails_for_the_issue_alone(api: Api, make: Make, where: str) -> None:
    made = make()
    done = move(api, where, "FHP-1", "FHP-77")
    assert (done["totalIssueCount"], done["invalidOrInaccessibleIssueCount"]) == (2, 1)
    assert list(done["failedAccessibleIssues"]) == [made["id"]]
    assert api.get("/issue/FHP-1").json["key"] == "FHP-1"


def test_five_bulk_operations_run_at_once(api: Api, make: Make) -> None:
    make()
    api.call("POST", "/_sim/settings", body={"bulk_seconds": 60})
    body = {"selectedIssueIdsOrKeys": ["FHP-1"]}
    made = [api.post("/bulk/issues/watch", body) for _ in range(6)]
    assert [one.status for one in made] == [201] * 5 + [400]
    place = f"/bulk/queue/{made[0].json['taskId']}"
    assert api.get(place).json["status"] == "RUNNING"
    api.call("POST", "/_sim/clock", body={"advance_seconds": 61, "freeze": True})
    assert api.get(place).json["status"] == "COMPLETE"
    assert api.post("/bulk/issues/watch", body).status == 201
    assert api.get("/bulk/queue/77").status == 400


def test_transitions_in_bulk_are_those_that_all_share(api: Api, make: Make) -> None:
    make()
    fields = {"project": {"key": "LIN"}, "issuetype": {"name": "Task"}, "summary": "Line"}
    api.post("/issue", {"fields": fields})
    rows = api.get("/bulk/issues/transition", issueIdsOrKeys="FHP-1,LIN-1").json
    assert [row["issues"] for row in rows["availableTransitions"]] == [["FHP-1"], ["LIN-1"]]
    names = [one["transitionName"] for one in rows["availableTransitions"][1]["transitions"]]
    assert names == ["Start", "Cancel"]
    inputs = [
        {"selectedIssueIdsOrKeys": ["FHP-1"], "transitionId": "51"},
        {"selectedIssueIdsOrKeys": ["LIN-1"], "transitionId": "21"},
    ]
    made = api.post("/bulk/issues/transition", {"bulkTransitionInputs": inputs}).json
    done = api.get(f"/bulk/queue/{made['taskId']}").json
    assert len(done["processedAccessibleIssues"]) == len(done["failedAccessibleIssues"]) == 1
    assert api.get("/issue/FHP-1").json["fields"]["status"]["name"] == "Done"


def test_only_who_may_move_moves(api: Api, make: Make, people: list[User]) -> None:
    fields = {"project": {"key": "READ"}, "issuetype": {"name": "Task"}, "summary": "Look"}
    api.as_user(people[0]).post("/issue", {"fields": fields})
    assert move(api, "FHP,10002", "READ-1")["processedAccessibleIssues"] == []


def test_server_moves_as_in_the_browser(server: Api) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "There"}
    server.post("/issue", {"fields": fields})
    moved = server.call("POST", "/_sim/issues/move", body={"issue": "FHP-1", "project": "LIN"})
    assert moved.json == {"key": "LIN-1"}
    assert server.get("/issue/FHP-1").json["key"] == "LIN-1"
    assert server.post("/bulk/issues/move", {}).status in {404, 405}
    refused = server.call("POST", "/_sim/issues/move", body={"issue": "LIN-1", "project": "REQ"})
    assert refused.status == 400
