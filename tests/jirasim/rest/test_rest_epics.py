"""Epics, ranks and estimates: the agile API, the fields of either product, and JQL."""

from typing import Any

from helpers.jira_agile import keys, last_items, new
from helpers.jira_caller import AGILE_BASE, Api

from jirasim.site.agile_fields import ON_CLOUD, ON_SERVER, agile_fields

BOARD = f"{AGILE_BASE}/board/1"
EPIC = f"{AGILE_BASE}/epic"


def found(api: Api, jql: str) -> list[str]:
    if api.site.product.cloud:
        reply = api.post("/search/jql", {"jql": jql, "fields": ["key"], "maxResults": 100})
    else:
        reply = api.post("/search", {"jql": jql, "fields": ["key"], "maxResults": 100})
    return keys(reply)


def form(api: Api, kind: str) -> dict[str, Any]:
    types = api.get("/issue/createmeta/FHP/issuetypes").json
    rows = types.get("issueTypes") or types["values"]
    type_id = next(one["id"] for one in rows if one["name"] == kind)
    fields = api.get(f"/issue/createmeta/FHP/issuetypes/{type_id}", maxResults=100).json
    return {one["name"]: one for one in fields.get("fields") or fields["values"]}


def test_no_field_has_the_same_id_on_both_products() -> None:
    ours = {getattr(ON_CLOUD, name) for name in ON_CLOUD.__dataclass_fields__}
    theirs = {getattr(ON_SERVER, name) for name in ON_SERVER.__dataclass_fields__}
    assert ours & theirs == set()


def test_clients_find_the_fields_by_their_schema(busy: Api) -> None:
    fields = {one["name"]: one for one in busy.get("/field").json if one["custom"]}
    greenhopper = "com.pyxis.greenhopper.jira"
    expected = {
        "Epic Link": ("any", "gh-epic-link"),
        "Epic Name": ("string", "gh-epic-label"),
        "Epic Status": ("option", "gh-epic-status"),
        "Epic Color": ("string", "gh-epic-color"),
        "Sprint": ("array", "gh-sprint"),
        "Rank": ("any", "gh-lexo-rank"),
    }
    for name, (kind, suffix) in expected.items():
        schema = fields[name]["schema"]
        assert (schema["type"], schema["custom"]) == (kind, f"{greenhopper}:{suffix}"), name
    assert fields["Sprint"]["schema"]["items"] == ("json" if busy.site.product.cloud else "string")
    assert ("Story point estimate" in fields) is busy.site.product.cloud
    assert fields["Story Points"]["schema"]["type"] == "number"


def test_forms_offer_the_fields(busy: Api) -> None:
    cloud = busy.site.product.cloud
    epic, task = form(busy, "Epic"), form(busy, "Task")
    assert epic["Epic Name"]["required"] is not cloud
    assert {"Epic Link", "Sprint"} <= task.keys()
    assert ("Parent" in task) is cloud
    key = new(busy)
    names = {one["name"] for one in busy.get(f"/issue/{key}/editmeta").json["fields"].values()}
    assert {"Epic Link", "Sprint"} <= names


def test_an_epic_needs_its_name_on_server_alone(busy: Api) -> None:
    body = {"project": {"key": "FHP"}, "issuetype": {"name": "Epic"}, "summary": "Large"}
    reply = busy.post("/issue", {"fields": body})
    if busy.site.product.cloud:
        assert reply.status == 201
    else:
        errors = {ON_SERVER.epic_name: "Epic Name is required."}
        assert (reply.status, reply.json["errors"]) == (400, errors)


def test_the_epic_link_is_a_key_and_on_cloud_the_parent_too(busy: Api) -> None:
    link = agile_fields(busy.site.product).epic_link
    epic, other = new(busy, "Epic"), new(busy, "Epic")
    key = new(busy, "Story", **{link: epic})
    fields = busy.get(f"/issue/{key}").json["fields"]
    assert fields[link] == epic
    assert ("parent" in fields) is busy.site.product.cloud
    assert busy.put(f"/issue/{key}", {"fields": {link: other}}).status == 204
    changed = "IssueParentAssociation" if busy.site.product.cloud else "Epic Link"
    assert last_items(busy, key) == [(changed, epic, other)]
    assert found(busy, f'"Epic Link" = {other}') == [key]
    assert key in found(busy, f"cf[{link.rpartition('_')[2]}] in ({other}, {epic})")
    assert busy.put(f"/issue/{key}", {"fields": {link: None}}).status == 204
    assert key in found(busy, 'project = FHP AND "Epic Link" is EMPTY AND issuetype = Story')
    for wrong in (new(busy), "FHP-9999", 5):
        refused = busy.put(f"/issue/{key}", {"fields": {link: wrong}})
        assert (refused.status, link in refused.json["errors"]) == (400, True)


def test_cloud_sets_the_epic_by_parent(busy: Api) -> None:
    epic, key = new(busy, "Epic"), new(busy)
    reply = busy.put(f"/issue/{key}", {"fields": {"parent": {"key": epic}}})
    if busy.site.product.cloud:
        assert reply.status == 204
        assert busy.get(f"/issue/{key}").json["fields"][ON_CLOUD.epic_link] == epic
    else:
        assert reply.status == 400


def test_an_epic_by_itself(busy: Api) -> None:
    key = new(busy, "Epic")
    shown = busy.get(f"{EPIC}/{key}").json
    expected = {"key": key, "name": "New", "summary": "New", "done": False}
    assert {name: shown[name] for name in expected} == expected
    body = {"name": "Named", "color": {"key": "color_6"}, "done": True}
    updated = busy.post(f"{EPIC}/{shown['id']}", body).json
    assert (updated["name"], updated["color"], updated["done"]) == (
        "Named",
        {"key": "color_6"},
        True,
    )
    assert updated["summary"] == "New"
    assert busy.post(f"{EPIC}/{key}", {"color": {"key": "pink"}}).status == 400
    assert busy.get(f"{EPIC}/{new(busy)}").status == 404
    listed = [one["key"] for one in busy.get(f"{BOARD}/epic", done="true").json["values"]]
    assert listed == [key]


def test_issues_move_into_an_epic_and_out(busy: Api) -> None:
    epic = new(busy, "Epic")
    first, second = new(busy), new(busy)
    assert busy.post(f"{EPIC}/{epic}/issue", {"issues": [first, second]}).status == 204
    assert keys(busy.get(f"{EPIC}/{epic}/issue")) == [first, second]
    assert keys(busy.get(f"{BOARD}/epic/{epic}/issue")) == [first, second]
    shown = busy.get(f"{AGILE_BASE}/issue/{first}").json["fields"]["epic"]
    assert (shown["key"], shown["name"]) == (epic, "New")
    none = f"{EPIC}/none/issue"
    assert busy.post(none, {"issues": [first]}).status == 204
    assert keys(busy.get(f"{EPIC}/{epic}/issue")) == [second]
    assert first in keys(busy.get(none, maxResults=100, jql="project = FHP"))
    assert second not in keys(busy.get(f"{BOARD}/epic/none/issue", maxResults=100))
    assert busy.post(f"{EPIC}/{epic}/issue", {"issues": [new(busy, "Epic")]}).status == 400


def test_ranks_order_issues(busy: Api) -> None:
    first, second, third = (new(busy) for _ in range(3))
    ours = f"key in ({first}, {second}, {third}) ORDER BY Rank ASC"
    assert found(busy, ours) == [first, second, third]
    rank = f"{AGILE_BASE}/issue/rank"
    assert busy.put(rank, {"issues": [third], "rankBeforeIssue": first}).status == 204
    assert found(busy, ours) == [third, first, second]
    assert last_items(busy, third) == [("Rank", "", "Ranked higher")]
    assert busy.put(rank, {"issues": [third, first], "rankAfterIssue": second}).status == 204
    assert found(busy, ours) == [second, third, first]
    assert last_items(busy, first) == [("Rank", "", "Ranked lower")]
    assert found(busy, ours.replace("ASC", "DESC")) == [first, third, second]
    assert busy.put(rank, {"issues": [first]}).status == 400
    both = {"issues": [first], "rankAfterIssue": second, "rankBeforeIssue": third}
    assert busy.put(rank, both).status == 400


def test_epics_are_ranked(busy: Api) -> None:
    one, other = new(busy, "Epic"), new(busy, "Epic")
    assert busy.put(f"{EPIC}/{other}/rank", {"rankBeforeEpic": one}).status == 204
    listed = [epic["key"] for epic in busy.get(f"{BOARD}/epic", maxResults=50).json["values"]]
    assert listed[-2:] == [other, one]


def test_an_estimate_goes_by_the_field_of_the_board(busy: Api) -> None:
    place, points = (
        f"{AGILE_BASE}/issue/{new(busy)}/estimation",
        agile_fields(busy.site.product).points,
    )
    assert busy.get(place, boardId=1).json == {"fieldId": points, "value": None}
    assert busy.put(place, {"value": "8.0"}, boardId=1).json == {"fieldId": points, "value": "8.0"}
    assert busy.put(place, {"value": "many"}, boardId=1).status == 400
    assert busy.get(place).status == 400
    assert busy.get(place, boardId=2).status == 400
    assert busy.get(place, boardId=9).status == 404


def test_jql_knows_sprints(busy: Api) -> None:
    key = new(busy, **{agile_fields(busy.site.product).sprint: 4})
    sub = busy.post(
        "/issue",
        {
            "fields": {
                "project": {"key": "FHP"},
                "issuetype": {"name": "Sub-task"},
                "summary": "Part",
                "parent": {"key": key},
            }
        },
    ).json["key"]
    future = found(busy, "sprint in futureSprints()")
    assert {key, sub} <= set(future)
    assert (
        set(future) == set(found(busy, 'Sprint = "FHP Sprint 4"')) == set(found(busy, "sprint = 4"))
    )
    assert set(found(busy, "sprint in openSprints()")).isdisjoint(future)
    assert found(busy, "sprint in (1, 2)")
    assert set(found(busy, "sprint in closedSprints()")) == set(found(busy, "sprint in (1, 2)"))
    assert key not in found(busy, "project = FHP AND sprint is EMPTY")
    assert key in keys(busy.get(f"{AGILE_BASE}/sprint/4/issue"))
    assert sub in keys(busy.get(f"{AGILE_BASE}/sprint/4/issue"))
