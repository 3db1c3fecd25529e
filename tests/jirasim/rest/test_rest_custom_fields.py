"""Custom fields of every kind: what is taken, what is shown, what is refused (jira.md 6.1, 7.3)."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

Make = Callable[..., dict[str, Any]]
FIELD = "customfield_{}".format
EUROPE_BERLIN = {"value": "Europe", "child": {"value": "Berlin"}}

TAKEN = (
    pytest.param(10032, "A-17", "A-17", ("A-17",), id="a line of text"),
    pytest.param(10030, doc("Fine"), doc("Fine"), ("Fine",), id="a paragraph is a document"),
    pytest.param(10040, 2.5, 2.5, ("2.5",), id="a number"),
    pytest.param(10015, "2026-06-12", "2026-06-12", ("12/Jun/26", "2026-06-12"), id="a date"),
    pytest.param(
        10041,
        "2026-04-12T14:26:00.000+0200",
        "2026-04-12T12:26:00.000+0000",
        ("12/Apr/26 12:26 PM", "2026-04-12T12:26+0000"),
        id="an instant, shown in the zone of the site",
    ),
    pytest.param(10031, {"value": "Staging"}, "Staging", ("Staging", "10101"), id="a choice"),
    pytest.param(10031, {"id": "10101"}, "Staging", ("Staging", "10101"), id="a choice by id"),
    pytest.param(10043, {"value": "Large"}, "Large", ("Large", "10121"), id="a radio button"),
    pytest.param(
        10042,
        [{"value": "Web"}, {"id": "10112"}],
        ["Web", "Android"],
        ("Web,Android", "[10110, 10112]"),
        id="several choices",
    ),
    pytest.param(
        10044, [{"value": "Reviewed"}], ["Reviewed"], ("Reviewed", "[10130]"), id="check boxes"
    ),
    pytest.param(10050, ["b", "a"], ["a", "b"], ("a b", ""), id="labels"),
    pytest.param(
        10051, "https://a.test/x", "https://a.test/x", ("https://a.test/x",), id="an address"
    ),
)


def seen(value: Any) -> Any:
    """Objects by their name, lists of them too."""
    if isinstance(value, list):
        return [seen(one) for one in value]
    if isinstance(value, dict) and "type" not in value:
        return value.get("value", value.get("name", value.get("displayName")))
    return value


@pytest.mark.parametrize(("number", "given", "shown", "written"), TAKEN)
def test_a_value_is_shown_as_given_and_written_into_the_history(
    api: Api, make: Make, number: int, given: object, shown: object, written: tuple[str, ...]
) -> None:
    project = "REQ" if number == 10032 else "FHP"
    if project == "REQ":
        key = make(project={"key": "REQ"}, **{FIELD(number): "first"})["key"]
    else:
        key = make()["key"]
    assert api.put(f"/issue/{key}", {"fields": {FIELD(number): given}}).status == 204
    assert seen(api.get(f"/issue/{key}").json["fields"][FIELD(number)]) == shown
    [item] = api.get(f"/issue/{key}/changelog").json["values"][-1]["items"]
    assert (item["fieldtype"], item["fieldId"]) == ("custom", FIELD(number))
    assert item["toString"] == written[0]
    assert item["to"] == (written[1] if len(written) > 1 else None)


def test_a_cascade_has_a_child(api: Api, make: Make) -> None:
    key = make(**{FIELD(10045): EUROPE_BERLIN})["key"]
    shown = api.get(f"/issue/{key}").json["fields"][FIELD(10045)]
    assert (shown["value"], shown["child"]["value"]) == ("Europe", "Berlin")
    form = api.get(f"/issue/{key}/editmeta").json["fields"][FIELD(10045)]
    assert form["schema"]["type"] == "option-with-child"
    europe = form["allowedValues"][0]
    assert [one["value"] for one in europe["children"]] == ["Berlin", "Zurich"]


def test_a_form_offers_the_projects_one_sees(api: Api, make: Make) -> None:
    form = api.get(f"/issue/{make()['key']}/editmeta").json["fields"][FIELD(10054)]
    seen = {one["key"] for one in api.get("/project/search").json["values"]}
    assert {one["key"] for one in form["allowedValues"]} == seen


def test_people_versions_and_projects_are_named(api: Api, make: Make) -> None:
    people = list(api.site.people())
    values = {
        FIELD(10046): {"accountId": people[0].account_id},
        FIELD(10047): [{"accountId": one.account_id} for one in people[:2]],
        FIELD(10054): {"key": "LIN"},
    }
    key = make(**values)["key"]
    fields = api.get(f"/issue/{key}").json["fields"]
    assert fields[FIELD(10046)]["displayName"] == "Maya Lind"
    assert [one["displayName"] for one in fields[FIELD(10047)]] == ["Maya Lind", "Aiko Tanabe"]
    assert fields[FIELD(10054)]["key"] == "LIN"


@pytest.mark.parametrize(
    ("number", "given", "said"),
    [
        pytest.param(10040, "2", "Operation value must be a number", id="a text is no number"),
        pytest.param(10051, "nowhere", "Not a valid URL", id="a text is no address"),
        pytest.param(10041, "2026-04-12", "Error parsing time: 2026-04-12", id="a day, no instant"),
        pytest.param(10015, "soon", "Error parsing date string: soon", id="no day"),
        pytest.param(
            10031, {"value": "Moon"}, "Option value 'Moon' is not valid", id="no such choice"
        ),
        pytest.param(10042, {"value": "Web"}, "data was not an array", id="one choice, no list"),
        pytest.param(10052, {"name": "9.9"}, "Version name '9.9' is not valid", id="no version"),
        pytest.param(
            10050, ["a b"], "The label 'a b' contains spaces which is invalid.", id="a wide label"
        ),
        pytest.param(
            10045,
            {"value": "Europe", "child": {"value": "Tokyo"}},
            "Option value 'Tokyo' is not valid",
            id="a child of another parent",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    api: Api, make: Make, number: int, given: object, said: str
) -> None:
    key = make()["key"]
    reply = api.put(f"/issue/{key}", {"fields": {FIELD(number): given}})
    assert (reply.status, reply.json["errors"]) == (400, {FIELD(number): said})


def test_members_are_added_and_removed_one_by_one(api: Api, make: Make) -> None:
    key = make(**{FIELD(10042): [{"value": "Web"}]})["key"]
    verbs = [{"add": {"value": "iOS"}}, {"remove": {"value": "Web"}}]
    assert api.put(f"/issue/{key}", {"update": {FIELD(10042): verbs}}).status == 204
    assert seen(api.get(f"/issue/{key}").json["fields"][FIELD(10042)]) == ["iOS"]
    reply = api.put(f"/issue/{key}", {"update": {FIELD(10031): [{"add": {"value": "Test"}}]}})
    assert "does not support operation 'add'" in reply.json["errorMessages"][0]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ('"Effort in days" > 2', 1),
        ('Platforms in (Web, "iOS")', 1),
        ("cf[10045] = Berlin", 1),
        ('Region = "Asia"', 0),
        ("Keywords = a", 1),
        ('"Related project" = LIN', 1),
        ("Impact is EMPTY", 1),
    ],
)
def test_values_are_found(api: Api, make: Make, query: str, count: int) -> None:
    make(
        **{
            FIELD(10040): 3,
            FIELD(10042): [{"value": "Web"}],
            FIELD(10045): EUROPE_BERLIN,
            FIELD(10050): ["a"],
            FIELD(10054): {"key": "LIN"},
        }
    )
    reply = api.post("/search/jql", {"jql": f"project = FHP AND {query}"})
    assert len(reply.json["issues"]) == count


def test_server_takes_people_by_name_and_paragraphs_as_text(server: Api) -> None:
    values = {FIELD(10046): {"name": "maya"}, FIELD(10030): "*Fine*", FIELD(10040): 1}
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "S", **values}
    key = server.post("/issue", {"fields": fields}).json["key"]
    shown = server.get(f"/issue/{key}").json["fields"]
    assert shown[FIELD(10046)]["name"] == "maya"
    assert shown[FIELD(10030)] == "*Fine*"
