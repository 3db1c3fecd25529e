"""Workflows: what leads where, what a screen demands, what the end does (jira.md 6.4)."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.events import Event

Make = Callable[..., dict[str, Any]]


def status_of(api: Api, key: str) -> str:
    name: str = api.get(f"/issue/{key}", fields="status").json["fields"]["status"]["name"]
    return name


def offered(api: Api, key: str) -> dict[str, str]:
    rows = api.get(f"/issue/{key}/transitions").json["transitions"]
    return {row["name"]: row["id"] for row in rows}


def go(api: Api, key: str, name: str, **more: Any) -> int:
    body = {"transition": {"id": offered(api, key)[name]}, **more}
    return api.post(f"/issue/{key}/transitions", body).status


def test_a_simplified_workflow_leads_from_everywhere_to_everywhere(api: Api, make: Make) -> None:
    make()
    everywhere = ["Backlog", "To Do", "In Progress", "In Review", "Done"]
    for name in (*everywhere, *reversed(everywhere)):
        assert list(offered(api, "FHP-1")) == everywhere
        assert go(api, "FHP-1", name) == 204
        assert status_of(api, "FHP-1") == name
    assert all(row["isGlobal"] for row in api.get("/issue/FHP-1/transitions").json["transitions"])


def test_a_linear_workflow_goes_step_by_step(api: Api, make: Make) -> None:
    make(project={"key": "LIN"})
    assert set(offered(api, "LIN-1")) == {"Start", "Cancel"}
    refused = api.post("/issue/LIN-1/transitions", {"transition": {"id": "31"}})
    assert refused.status == 400
    assert refused.json["errorMessages"] == ["Transition id '31' is not valid for this issue."]
    assert go(api, "LIN-1", "Start") == 204
    assert go(api, "LIN-1", "Send to review") == 204
    assert set(offered(api, "LIN-1")) == {"Finish", "Rework"}


def test_nothing_leads_out_of_the_dead_end(api: Api, make: Make) -> None:
    make(project={"key": "LIN"})
    assert go(api, "LIN-1", "Cancel") == 204
    assert (status_of(api, "LIN-1"), offered(api, "LIN-1")) == ("Cancelled", {})


def test_a_required_field_of_the_screen_is_demanded(api: Api, make: Make) -> None:
    make(project={"key": "LIN"})
    go(api, "LIN-1", "Start")
    go(api, "LIN-1", "Send to review")
    rows = api.get("/issue/LIN-1/transitions", expand="transitions.fields").json["transitions"]
    finish = next(row for row in rows if row["name"] == "Finish")
    assert finish["hasScreen"]
    assert finish["fields"]["resolution"]["required"]
    refused = api.post("/issue/LIN-1/transitions", {"transition": {"id": finish["id"]}})
    assert refused.json["errors"] == {"resolution": "Resolution is required."}
    assert status_of(api, "LIN-1") == "In Review"
    assert go(api, "LIN-1", "Finish", fields={"resolution": {"name": "Done"}}) == 204
    assert api.get("/issue/LIN-1").json["fields"]["resolution"]["name"] == "Done"


def test_a_field_that_is_not_on_the_screen_is_refused(api: Api, make: Make) -> None:
    make()
    body = {"transition": {"id": "51"}, "fields": {"summary": "Sneaked in"}}
    reply = api.post("/issue/FHP-1/transitions", body)
    assert (reply.status, list(reply.json["errors"])) == (400, ["summary"])
    assert status_of(api, "FHP-1") == "Backlog"


def test_the_end_resolves_and_the_way_back_clears(api: Api, make: Make) -> None:
    make()
    go(api, "FHP-1", "Done")
    done = api.get("/issue/FHP-1").json["fields"]
    assert done["resolution"]["name"] == "Done"
    assert done["resolutiondate"] == done["updated"]
    go(api, "FHP-1", "To Do")
    back = api.get("/issue/FHP-1").json["fields"]
    assert (back["resolution"], back["resolutiondate"]) == (None, None)


def test_a_transition_is_told_once_with_its_status_item(
    api: Api, make: Make, events: list[Event]
) -> None:
    make()
    events.clear()
    comment = {"update": {"comment": [{"add": {"body": doc("On it")}}]}}
    assert go(api, "FHP-1", "In Progress", **comment) == 204
    assert [(one.kind, one.type_name) for one in events] == [
        ("jira:issue_updated", "issue_generic"),
        ("comment_created", None),
    ]
    [item] = events[0].changelog.items if events[0].changelog else ()
    assert (item.field, item.from_string, item.to_string) == ("status", "Backlog", "In Progress")


@pytest.mark.parametrize(
    "identifier", [pytest.param("31", id="as text"), pytest.param(31, id="as a number")]
)
def test_the_id_may_be_given(api: Api, make: Make, identifier: object) -> None:
    make()
    assert api.post("/issue/FHP-1/transitions", {"transition": {"id": identifier}}).status == 204
    assert status_of(api, "FHP-1") == "In Progress"


def test_a_transition_must_be_named(api: Api, make: Make) -> None:
    make()
    assert api.post("/issue/FHP-1/transitions", {"fields": {}}).status == 400


def test_a_create_may_carry_its_first_transition(api: Api) -> None:
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Fine"}
    good = api.post("/issue", {"fields": plain, "transition": {"id": "31"}}).json
    assert (good["transition"]["status"], status_of(api, good["key"])) == (200, "In Progress")
    bad = api.post("/issue", {"fields": plain, "transition": {"id": "99"}}).json
    assert (bad["transition"]["status"], status_of(api, bad["key"])) == (400, "Backlog")
