"""Screens, tabs and screen schemes, as programs that copy a site's configuration ask for them."""

from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.model import User

PER_PAGE = 7


@pytest.fixture(params=["api", "server"])
def either(request: pytest.FixtureRequest) -> Api:
    """An empty site of either product."""
    found: Api = request.getfixturevalue(request.param)
    return found


def _listed(api: Api, path: str, **asked: object) -> list[dict[str, Any]]:
    """A list to its end, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        page = api.get(path, startAt=len(found), maxResults=PER_PAGE, **asked).json
        found += page["values"]
        if page["isLast"]:
            assert len(found) == page["total"]
            return found


def _form(api: Api, type_name: str) -> str:
    """The only tab of a screen of FHP, from the list as people read it."""
    name = f"FHP: {type_name} Screen"
    screen = next(one["id"] for one in _listed(api, "/screens") if one["name"] == name)
    tab = _one(api.get(f"/screens/{screen}/tabs").json)
    return f"/screens/{screen}/tabs/{tab['id']}/fields"


def _one(rows: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(rows) == 1
    return rows[0]


def _create(api: Api, **fields: object) -> int:
    given = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Asked", **fields}
    return api.post("/issue", {"fields": given}).status


def test_a_new_field_is_used_once_it_is_on_the_screen(either: Api) -> None:
    kinds = "com.atlassian.jira.plugin.system.customfieldtypes"
    body = {"name": "Vessel", "type": f"{kinds}:textfield", "searcherKey": f"{kinds}:textsearcher"}
    field = either.post("/field", body).json["id"]
    assert _create(either, **{field: "Aurora"}) == 400
    form = _form(either, "Task")
    added = either.post(form, {"fieldId": field})
    assert (added.status, added.json) == (200, {"id": field, "name": "Vessel"})
    assert either.get(form).json[-1] == added.json
    assert _create(either, **{field: "Aurora"}) == 201
    assert either.delete(f"{form}/{field}").status == 204
    assert _create(either, **{field: "Aurora"}) == 400


def test_what_is_not_on_a_screen_is_available_for_it(either: Api) -> None:
    form = _form(either, "Bug")
    on_it = {one["id"] for one in either.get(form).json}
    beside = {one["id"] for one in either.get(f"{form.split('/tabs/')[0]}/availableFields").json}
    assert "summary" in on_it
    assert beside
    assert not on_it & beside


def test_what_a_screen_lacks_or_has_is_refused(either: Api) -> None:
    missing = 404 if either.site.product.cloud else 400
    form = _form(either, "Task")
    assert either.post(form, {"fieldId": "summary"}).status == 400
    assert either.post(form, {"fieldId": "customfield_99999"}).status == missing
    assert either.delete(f"{form}/customfield_99999").status == missing
    assert either.get("/screens/1/tabs").status == missing
    assert either.get(f"{form.split('/tabs/')[0]}/tabs/1/fields").status == missing


def test_screens_are_for_administrators(either: Api, people: list[User]) -> None:
    form, refused = _form(either, "Task"), 403 if either.site.product.cloud else 401
    aiko = either.as_user(either.site.state.users[either.site.state.people[1]])
    assert aiko.get("/screens").status == refused
    assert aiko.get(form).status == refused
    assert aiko.post(form, {"fieldId": "customfield_10032"}).status == refused
    assert aiko.delete(f"{form}/priority").status == refused


def test_screens_are_found_by_name_and_number(api: Api) -> None:
    epics = _listed(api, "/screens", queryString="fhp: epic")
    number = _one(epics)["id"]
    assert _listed(api, "/screens", id=number) == epics
    assert _one(_listed(api, "/screens/tabs", screenId=number))["screenId"] == number
    assert _listed(api, "/screens/tabs", screenId=number, tabId=1) == []


def test_server_finds_screens_by_name(server: Api) -> None:
    assert len(_listed(server, "/screens", search="fhp: epic")) == 1


def test_a_custom_field_tells_its_screens(api: Api) -> None:
    found = _listed(api, "/field/customfield_10032/screens")
    assert {one["name"].split(":")[0] for one in found} == {"REQ", "FLOW"}
    assert api.get("/field/customfield_99999/screens").status == 404


def test_schemes_lead_from_a_project_to_its_screens(api: Api) -> None:
    project = api.get("/project/FHP").json["id"]
    uses = _one(_listed(api, "/issuetypescreenscheme/project", projectId=project))
    scheme = uses["issueTypeScreenScheme"]
    assert _listed(api, "/issuetypescreenscheme", id=scheme["id"]) == [scheme]
    at = "/issuetypescreenscheme/mapping"
    mapped = _listed(api, at, issueTypeScreenSchemeId=scheme["id"])
    types = {one["id"] for one in api.get("/project/FHP").json["issueTypes"]}
    assert {one["issueTypeId"] for one in mapped} == types
    screens = _one(_listed(api, "/screenscheme", id=mapped[0]["screenSchemeId"]))["screens"]
    assert len(_listed(api, "/screens", id=screens["default"])) == 1
    assert len(_listed(api, "/screenscheme")) == len(_listed(api, "/screens"))
    assert len(_listed(api, "/issuetypescreenscheme", queryString="fhp")) == 1
