"""Workflows that guard their arrows: conditions, validators, screens, loops (jira.md 6.4)."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
AT = "/issue/FLOW-1/transitions"
REFERENCE = "customfield_10032"


def begin(api: Api, kind: str = "Task", **fields: Any) -> None:
    plain = {"project": {"key": "FLOW"}, "issuetype": {"name": kind}, "summary": "Guarded"}
    reply = api.post("/issue", {"fields": {**plain, **fields}})
    assert reply.status == 201, reply.text


def mine(api: Api) -> dict[str, str]:
    return {"accountId": api.get("/myself").json["accountId"]}


def offered(api: Api, **query: object) -> list[tuple[str, str]]:
    return [(one["id"], one["name"]) for one in api.get(AT, **query).json["transitions"]]


def go(api: Api, number: object, **more: Any) -> Any:
    return api.post(AT, {"transition": {"id": number}, **more})


def state(api: Api) -> tuple[str, str | None]:
    fields = api.get("/issue/FLOW-1").json["fields"]
    resolution = fields["resolution"]
    return fields["status"]["name"], None if resolution is None else resolution["name"]


def test_each_type_has_its_own_statuses_in_one_project(api: Api) -> None:
    rows = api.get("/project/FLOW/statuses").json
    names = {row["name"]: [one["name"] for one in row["statuses"]] for row in rows}
    assert names["Bug"] == ["Open", "In Progress", "Resolved", "Reopened", "Closed"]
    assert names["Task"] == ["Open", "In Progress", "In Review", "Closed"]
    assert "Backlog" in names["Story"]


def test_a_validator_says_why_in_its_own_words(api: Api) -> None:
    begin(api)
    refused = go(api, "11")
    assert (refused.status, refused.json) == (
        400,
        {"errorMessages": ["Somebody must be assigned before work starts."], "errors": {}},
    )
    api.put("/issue/FLOW-1", {"fields": {"assignee": mine(api)}})
    assert go(api, 11).status == 204
    assert go(api, 21).json["errorMessages"] == ["A review needs a ticket reference."]
    assert state(api) == ("In Progress", None)


def test_two_arrows_of_one_name_lead_to_one_status(api: Api) -> None:
    begin(api, assignee=mine(api))
    go(api, "11")
    assert [one for one in offered(api) if one[1] == "Send to review"] == [
        ("21", "Send to review"),
        ("22", "Send to review"),
    ]
    refused = go(api, "22")
    assert refused.json["errors"] == {REFERENCE: "Ticket reference is required."}
    assert go(api, "22", fields={REFERENCE: "T-1"}).status == 204
    assert api.get("/issue/FLOW-1").json["fields"][REFERENCE] == "T-1"


def test_a_comment_may_be_demanded(api: Api) -> None:
    begin(api, assignee=mine(api), **{REFERENCE: "T-1"})
    go(api, "11")
    go(api, "21")
    assert go(api, "41").json["errors"] == {"comment": "Comment is required."}
    said = {"update": {"comment": [{"add": {"body": doc("Not yet")}}]}}
    assert go(api, "41", **said).status == 204
    assert state(api) == ("In Progress", None)
    assert api.get("/issue/FLOW-1/comment").json["total"] == 1


def test_conditions_hide_an_arrow_from_others(api: Api, people: list[User]) -> None:
    begin(api, assignee=mine(api), **{REFERENCE: "T-1"})
    go(api, "11")
    go(api, "21")
    priya = api.as_user(people[3])
    assert ("31", "Approve") in offered(api)
    assert ("31", "Approve") not in offered(priya)
    assert go(priya, "31").json["errorMessages"] == [
        "Transition id '31' is not valid for this issue."
    ]
    rows = priya.get(AT, includeUnavailableTransitions="true").json["transitions"]
    [approve] = [one for one in rows if one["id"] == "31"]
    assert (approve["isAvailable"], approve["isConditional"]) == (False, True)
    assert go(api, "31").status == 204
    assert state(api) == ("Closed", "Done")
    assert go(api, "71").status == 204
    assert state(api) == ("Open", None)


def test_an_arrow_may_lead_back_to_where_it_began(api: Api) -> None:
    begin(api)
    before = api.get("/issue/FLOW-1").json["fields"]["statuscategorychangedate"]
    [loop] = api.get(AT, transitionId="61").json["transitions"]
    assert (loop["isLooped"], loop["isGlobal"], loop["to"]["name"]) == (True, True, "Open")
    said = {"update": {"comment": [{"add": {"body": doc("Please")}}]}}
    assert go(api, "61", **said).status == 204
    assert state(api) == ("Open", None)
    assert api.get("/issue/FLOW-1").json["fields"]["statuscategorychangedate"] == before


def test_arrows_for_programs_are_listed_on_demand(api: Api) -> None:
    begin(api)
    assert ("81", "Archive") not in offered(api)
    assert ("81", "Archive") in offered(api, skipRemoteOnlyCondition="true")
    assert go(api, "81").status == 204
    assert state(api) == ("Closed", "Done")


def test_arrows_may_be_sorted_by_where_they_lead(api: Api) -> None:
    begin(api)
    go(api, "51")
    query = {"sortByOpsBarAndStatus": "true"}
    assert [number for number, _ in offered(api)] == ["51", "61", "71"]
    assert [number for number, _ in offered(api, **query)] == ["71", "51", "61"]


def test_the_classic_workflow_lets_the_assignee_start(api: Api, people: list[User]) -> None:
    begin(api, "Bug", assignee=mine(api))
    assert {name for _, name in offered(api)} == {"Start Progress", "Resolve Issue", "Close Issue"}
    assert "Start Progress" not in {name for _, name in offered(api.as_user(people[3]))}
    rows = api.get(AT, expand="transitions.fields").json["transitions"]
    [resolve] = [one for one in rows if one["name"] == "Resolve Issue"]
    assert resolve["fields"]["resolution"]["required"] is True
    assert resolve["fields"]["assignee"]["required"] is False
    assert go(api, "5", fields={"resolution": {"name": "Duplicate"}}).status == 204
    assert state(api) == ("Resolved", "Duplicate")
    assert go(api, "701").status == 204
    assert state(api) == ("Closed", "Duplicate")
    assert go(api, "3").status == 204
    assert state(api) == ("Reopened", None)


def test_a_create_refuses_a_transition_that_does_not_leave_the_first_status(api: Api) -> None:
    fields = {"project": {"key": "FLOW"}, "issuetype": {"name": "Bug"}, "summary": "Now"}
    made = api.post("/issue", {"fields": fields, "transition": {"id": "701"}}).json
    assert made["transition"]["status"] == 400
    assert state(api)[0] == "Open"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        pytest.param("3", "(Reopen Issue) that is not valid for the current state", id="not now"),
        pytest.param("99", "Transition id '99' is not valid for this issue.", id="never"),
    ],
)
def test_server_names_the_operation_that_does_not_fit(
    server: Api, number: str, sentence: str
) -> None:
    begin(server, "Bug")
    refused = go(server, number)
    assert refused.status == 400
    assert sentence in refused.json["errorMessages"][0]


def test_server_tells_less_of_an_arrow(server: Api) -> None:
    begin(server, "Bug")
    rows = server.get(AT, includeUnavailableTransitions="true").json["transitions"]
    assert {one["name"] for one in rows} == {"Resolve Issue", "Close Issue"}
    assert rows[0].keys() == {"id", "name", "opsbarSequence", "to"}
