"""Fields as administrators see and make them: lists, types, contexts, choices, defaults."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.fields import KINDS, PLUGIN

Make = Callable[..., dict[str, Any]]
RECORDED = Path(__file__).parents[4] / "shared/jira/responses"


def recorded(name: str) -> dict[str, dict[str, Any]]:
    file = RECORDED / name
    if not file.exists():
        pytest.skip("The recorded responses are not there (../shared/jira/responses).")
    found = json.loads(file.read_text())["response"]["body"]
    rows = json.loads(found) if isinstance(found, str) else found
    return {row["id"]: row for row in rows}


def test_cloud_lists_fields_as_recorded(api: Api) -> None:
    real = recorded("cloud/defectdojo__field-1.json")
    ours = {row["id"]: row for row in api.get("/field").json}
    system = [name for name in real if not name.startswith("customfield_")]
    for name in set(system) - {"thumbnail"}:
        assert ours[name] == real[name]
    kind = real["customfield_10048"]
    mine = ours["customfield_10031"]
    assert mine.keys() == kind.keys()
    assert mine["schema"].keys() == kind["schema"].keys()
    assert mine["clauseNames"] == ["cf[10031]", "Stage", "Stage[Dropdown]"]


def test_server_lists_fields_as_recorded(server: Api) -> None:
    real = recorded("server/oca-connector-jira__field-1.json")
    ours = {row["id"]: row for row in server.get("/field").json}
    system = [name for name in real if not name.startswith("customfield_")]
    for name in set(system) - {"thumbnail"}:
        assert ours[name] == real[name]
    assert not {"parent", "statusCategory"} & ours.keys()


@pytest.mark.parametrize("suffix", KINDS)
def test_a_field_of_each_type_is_made_and_filled_in(api: Api, make: Make, suffix: str) -> None:
    reply = api.post("/field", {"name": "Fresh", "type": f"{PLUGIN}:{suffix}"})
    assert reply.status == 201, reply.text
    name = reply.json["id"]
    assert api.post(f"/screens/addToDefault/{name}").status == 200
    assert api.get(f"/issue/{make()['key']}").json["fields"][name] is None
    form = api.get("/issue/createmeta/FHP/issuetypes/10002", maxResults=200).json["fields"]
    assert name in [row["fieldId"] for row in form]


def test_choices_are_made_renamed_disabled_and_deleted(api: Api, make: Make) -> None:
    name = api.post("/field", {"name": "Colour", "type": f"{PLUGIN}:select"}).json["id"]
    api.post(f"/screens/addToDefault/{name}")
    [context] = api.get(f"/field/{name}/context").json["values"]
    at = f"/field/{name}/context/{context['id']}/option"
    rows = [{"value": "Red"}, {"value": "Blue"}]
    red, blue = api.post(at, {"options": rows}).json["options"]
    assert api.post(at, {"options": [{"value": "Red"}]}).status == 400
    key = make(**{name: {"value": "Red"}})["key"]
    api.put(at, {"options": [{"id": red["id"], "value": "Scarlet"}]})
    assert api.get(f"/issue/{key}").json["fields"][name]["value"] == "Scarlet"
    api.put(at, {"options": [{"id": blue["id"], "disabled": True}]})
    refused = api.put(f"/issue/{key}", {"fields": {name: {"value": "Blue"}}})
    assert refused.json["errors"] == {name: "Option value 'Blue' is not valid"}
    assert [one["value"] for one in api.get(at).json["values"]] == ["Scarlet", "Blue"]
    assert api.delete(f"{at}/{red['id']}").status == 400
    assert api.delete(f"{at}/{blue['id']}").status == 204
    assert api.get(f"/customFieldOption/{red['id']}").json["value"] == "Scarlet"


def test_new_issues_get_the_default(api: Api, make: Make) -> None:
    name = "customfield_10031"
    [context] = api.get(f"/field/{name}/context").json["values"]
    row = {"type": "option.single", "contextId": context["id"], "optionId": "10102"}
    reply = api.put(f"/field/{name}/context/defaultValue", {"defaultValues": [row]})
    assert reply.status == 204
    assert api.get(f"/issue/{make()['key']}").json["fields"][name]["value"] == "Production"
    key = make(**{name: None})["key"]
    assert api.get(f"/issue/{key}").json["fields"][name] is None


@pytest.mark.parametrize(
    ("suffix", "kind", "chosen"),
    [
        ("textfield", "textfield", {"text": "Aurora"}),
        ("readonlyfield", "readonly", {"text": "Aurora"}),
        ("url", "url", {"url": "https://fernhill.example"}),
        ("float", "float", {"number": 1.5}),
        ("select", "option.single", {"optionId": "first"}),
        ("multiselect", "option.multiple", {"optionIds": ["first", "second"]}),
        (
            "cascadingselect",
            "option.cascading",
            {"optionId": "first", "cascadingOptionId": "below"},
        ),
    ],
)
def test_a_default_is_read_as_it_was_set(
    api: Api, suffix: str, kind: str, chosen: dict[str, Any]
) -> None:
    name = api.post("/field", {"name": "Fresh", "type": f"{PLUGIN}:{suffix}"}).json["id"]
    at = f"/field/{name}/context"
    [context] = api.get(at).json["values"]
    assert api.get(f"{at}/defaultValue").json["values"] == []
    ids = _choices(api, f"{at}/{context['id']}/option") if "option" in kind else {}
    named = {
        key: [ids[one] for one in told] if isinstance(told, list) else ids.get(told, told)
        for key, told in chosen.items()
    }
    row = {"type": kind, "contextId": context["id"], **named}
    assert api.put(f"{at}/defaultValue", {"defaultValues": [row]}).status == 204
    assert api.get(f"{at}/defaultValue", contextId=context["id"]).json["values"] == [row]
    assert api.get(f"{at}/defaultValue", contextId=77).json["values"] == []


def _choices(api: Api, at: str) -> dict[str, str]:
    """Two choices, and on cascading lists one below the first."""
    rows = [{"value": "first"}, {"value": "second"}]
    made = {one["value"]: one["id"] for one in api.post(at, {"options": rows}).json["options"]}
    below = api.post(at, {"options": [{"value": "below", "optionId": made["first"]}]})
    if below.status == 200:
        made["below"] = below.json["options"][0]["id"]
    return made


def test_a_field_in_the_trash_is_nowhere(api: Api, make: Make) -> None:
    name = "customfield_10040"
    key = make(**{name: 1})["key"]
    api.post(f"/field/{name}/trash")
    assert name not in api.get(f"/issue/{key}").json["fields"]
    assert name not in [one["id"] for one in api.get("/field").json]
    assert api.put(f"/issue/{key}", {"fields": {name: 2}}).status == 400
    assert [one["id"] for one in api.get("/field/search/trashed").json["values"]] == [name]
    api.post(f"/field/{name}/restore")
    assert api.get(f"/issue/{key}").json["fields"][name] == 1


def test_only_administrators_make_fields(api: Api, server: Api) -> None:
    body = {"name": "Mine", "type": f"{PLUGIN}:float"}
    for one, status in ((api, 400), (server, 403)):
        member = one.as_user(list(one.site.people())[1])
        assert member.post("/field", body).status == status
    assert api.post("/field", {"name": "Odd", "type": "nothing"}).status == 400
    assert api.post("/field", {"name": " ", "type": f"{PLUGIN}:float"}).status == 400


def test_server_pages_custom_fields(server: Api) -> None:
    body = server.get("/customFields", search="stage").json
    assert [one["numericId"] for one in body["values"]] == [10031]
    options = server.get("/customFields/10045/options").json
    assert (options["total"], options["options"][0]["childrenIds"]) == (5, [10141, 10142])
    assert server.get("/customFieldOption/10140").json["value"] == "Europe"
