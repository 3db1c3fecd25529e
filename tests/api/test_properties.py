"""Properties over REST: made, renamed, archived, and held by work items in their own types."""

from __future__ import annotations

import pytest
from helpers.rest import Rest

from duolog.workplace.models import Team

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_property_is_made_renamed_and_archived(rest: Rest) -> None:
    made = rest.post(
        "/properties", {"name": "Size", "kind": "select", "options": [{"name": "S"}, {"name": "L"}]}
    )
    small, large = made["options"]
    changes = {"name": "T-shirt", "options": [{"id": large["id"], "name": "Large"}, {"name": "S"}]}
    changed = rest.patch(f"/properties/{made['id']}", changes)
    assert changed["name"] == "T-shirt"
    assert changed["options"] == [{"id": large["id"], "name": "Large"}, small]
    assert rest.get("/properties")["items"] == [changed]
    rest.delete(f"/properties/{made['id']}")
    assert rest.get("/properties")["items"] == []
    assert [row["name"] for row in rest.get("/properties?archived=true")["items"]] == ["T-shirt"]
    assert rest.post(f"/properties/{made['id']}/restore", status=200) == changed


def test_an_item_holds_each_kind_in_its_own_type(rest: Rest, team: Team) -> None:
    def a_property(name: str, kind: str, *options: str) -> str:
        body = {"name": name, "kind": kind, "options": [{"name": option} for option in options]}
        return str(rest.post("/properties", body)["id"])

    number, flag = a_property("Cost", "number"), a_property("Billable", "checkbox")
    rooms = a_property("Rooms", "multi_select", "Hall", "Attic")
    hall, attic = (option["id"] for option in rest.get(f"/properties/{rooms}")["options"])
    item = rest.post(
        "/work-items",
        {
            "team_id": str(team.pk),
            "title": "Mend it",
            "properties": {number: 2.5, flag: True, rooms: ["Attic", "Hall"]},
        },
    )
    assert item["properties"] == {number: 2.5, flag: True, rooms: [hall, attic]}
    changed = rest.patch(f"/work-items/{item['id']}", {"properties": {flag: None, rooms: []}})
    assert changed["properties"] == {number: 2.5}
    listed = rest.get(f"/work-items?team={team.pk}")["items"]
    assert [each["properties"] for each in listed] == [{number: 2.5}]


def test_what_a_property_cannot_hold_is_refused_in_words(rest: Rest, team: Team) -> None:
    cost = rest.post("/properties", {"name": "Cost", "kind": "number"})["id"]
    body = {"team_id": str(team.pk), "title": "x", "properties": {cost: "many"}}
    refused = rest.post("/work-items", body, status=422)
    assert refused["errors"] == [
        {
            "field": "properties",
            "message": "Cost: Write a number such as 3.5, with at most 15 digits.",
        }
    ]
    assert rest.get(f"/work-items?team={team.pk}")["items"] == []
