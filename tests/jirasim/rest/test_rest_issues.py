"""Making, reading, editing and deleting issues (jira.md 6.1 to 6.5)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.events import Event
from jirasim.site.model import User
from jirasim.site.state import Site

Make = Callable[..., dict[str, Any]]


def fields_of(api: Api, key: str, **query: object) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/issue/{key}", **query).json["fields"]
    return found


def test_a_created_issue_reads_back_as_it_was_given(api: Api, make: Make) -> None:
    text = doc("A text")
    made = make("Title", description=text, labels=["b", "a"], duedate="2026-05-04")
    assert made == {
        "id": "10000",
        "key": "FHP-1",
        "self": "http://jira.test/rest/api/3/issue/10000",
    }
    fields = fields_of(api, "FHP-1")
    assert (fields["summary"], fields["description"]) == ("Title", text)
    assert (fields["labels"], fields["duedate"]) == (["a", "b"], "2026-05-04")
    assert fields["status"]["name"] == "Backlog"
    assert fields["created"] == "2026-03-02T09:30:00.000+0000"


def test_version_two_speaks_wiki_text(api: Api, make: Make) -> None:
    make(description=doc("A text"))
    old = "/rest/api/2/issue/FHP-1"
    assert api.get(old).json["fields"]["description"] == "A text"
    assert api.put(old, {"fields": {"description": "*Bold*"}}).status == 204
    [paragraph] = fields_of(api, "FHP-1")["description"]["content"]
    assert paragraph["content"] == [{"type": "text", "text": "Bold", "marks": [{"type": "strong"}]}]


def test_an_edit_answers_204_or_the_issue_when_asked(api: Api, make: Make) -> None:
    make()
    silent = api.put("/issue/FHP-1", {"fields": {"summary": "B"}})
    assert (silent.status, silent.content) == (204, b"")
    told = api.put("/issue/FHP-1", {"fields": {"summary": "C"}}, returnIssue="true")
    assert (told.status, told.json["fields"]["summary"]) == (200, "C")


def test_updated_moves_on_each_edit_even_while_the_clock_stands(api: Api, make: Make) -> None:
    make()
    stamps = [fields_of(api, "FHP-1")["updated"]]
    for title in "BCD":
        api.put("/issue/FHP-1", {"fields": {"summary": title}})
        stamps.append(fields_of(api, "FHP-1")["updated"])
    assert stamps == sorted(set(stamps))


def test_an_edit_without_a_change_leaves_no_trace(
    api: Api, make: Make, events: list[Event]
) -> None:
    make("Same")
    before = fields_of(api, "FHP-1")["updated"]
    events.clear()
    assert api.put("/issue/FHP-1", {"fields": {"summary": "Same"}}).status == 204
    assert (fields_of(api, "FHP-1")["updated"], events) == (before, [])


def test_label_verbs_change_one_label(api: Api, make: Make) -> None:
    make(labels=["keep", "drop"])
    verbs = {"update": {"labels": [{"add": "new"}, {"remove": "drop"}]}}
    assert api.put("/issue/FHP-1", verbs).status == 204
    assert fields_of(api, "FHP-1")["labels"] == ["keep", "new"]


def test_the_changelog_says_what_changed_oldest_first(
    api: Api, make: Make, people: list[User]
) -> None:
    make("A", labels=["x"])
    api.put("/issue/FHP-1", {"fields": {"summary": "B", "labels": ["x", "y"]}})
    api.put("/issue/FHP-1", {"fields": {"assignee": {"accountId": people[0].account_id}}})
    page = api.get("/issue/FHP-1/changelog").json
    items = [
        [(i["field"], i["fromString"], i["toString"]) for i in h["items"]] for h in page["values"]
    ]
    assert items == [
        [("summary", "A", "B"), ("labels", "x", "x y")],
        [("assignee", None, "Maya Lind")],
    ]
    newest = api.get("/issue/FHP-1", expand="changelog").json["changelog"]["histories"][0]
    assert newest["items"][0]["to"] == people[0].account_id


def test_a_parent_change_is_an_association_without_field_id(api: Api, make: Make) -> None:
    make("Epic", issuetype={"name": "Epic"})
    make("Story", issuetype={"name": "Story"})
    api.put("/issue/FHP-2", {"fields": {"parent": {"key": "FHP-1"}}})
    [entry] = api.get("/issue/FHP-2/changelog").json["values"]
    [item] = entry["items"]
    assert (item["field"], item["toString"], item["to"]) == (
        "IssueParentAssociation",
        "FHP-1",
        "10000",
    )
    assert "fieldId" not in item
    api.put("/issue/FHP-2", {"update": {"parent": [{"set": {"none": True}}]}})
    assert "parent" not in fields_of(api, "FHP-2")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("10000", id="its id"),
        pytest.param("FHP-1", id="its key"),
        pytest.param("fhp-1", id="its key in another case"),
    ],
)
def test_an_issue_is_found_by(api: Api, make: Make, name: str) -> None:
    make()
    assert api.get(f"/issue/{name}").json["key"] == "FHP-1"


@pytest.mark.parametrize(
    ("fields", "present", "absent"),
    [
        pytest.param("summary", {"summary"}, {"status"}, id="one name"),
        pytest.param("*all,-comment", {"summary", "worklog"}, {"comment"}, id="all but one"),
        pytest.param("*navigable", {"summary", "status"}, {"comment", "worklog"}, id="navigable"),
        pytest.param("-summary", {"status", "comment"}, {"summary"}, id="only a minus: all but it"),
        pytest.param("nonsense", set(), {"summary"}, id="an unknown name: nothing"),
    ],
)
def test_fields_select(
    api: Api, make: Make, fields: str, present: set[str], absent: set[str]
) -> None:
    make()
    shown = set(fields_of(api, "FHP-1", fields=fields))
    assert present <= shown
    assert not absent & shown


def test_expansions_are_given_when_asked(api: Api, make: Make) -> None:
    make(description=doc("<text>"))
    assert "names" not in api.get("/issue/FHP-1").json
    found = api.get("/issue/FHP-1", expand="names,schema,renderedFields", fields="description").json
    assert found["names"] == {"description": "Description"}
    assert found["schema"] == {"description": {"type": "string", "system": "description"}}
    assert found["renderedFields"] == {"description": "<p>&lt;text&gt;</p>"}


def test_subtasks_forbid_deletion_unless_named(api: Api, make: Make) -> None:
    make("Parent")
    make("Part", issuetype={"name": "Sub-task"}, parent={"key": "FHP-1"})
    assert [one["key"] for one in fields_of(api, "FHP-1")["subtasks"]] == ["FHP-2"]
    refused = api.delete("/issue/FHP-1")
    assert refused.status == 400
    assert "has subtasks" in refused.json["errorMessages"][0]
    assert api.delete("/issue/FHP-1", deleteSubtasks="true").status == 204
    assert api.get("/issue/FHP-2").status == 404


def test_children_of_an_epic_survive_it(api: Api, make: Make, events: list[Event]) -> None:
    make("Epic", issuetype={"name": "Epic"})
    make("Story", issuetype={"name": "Story"}, parent={"key": "FHP-1"})
    assert api.delete("/issue/FHP-1").status == 204
    assert "parent" not in fields_of(api, "FHP-2")
    assert [one.kind for one in events][-1] == "jira:issue_deleted"


def test_deleting_tells_of_its_comments_as_a_cascade(
    api: Api, make: Make, events: list[Event]
) -> None:
    make()
    api.post("/issue/FHP-1/comment", {"body": doc("One")})
    events.clear()
    api.delete("/issue/FHP-1")
    assert [(one.kind, one.cascade) for one in events] == [
        ("jira:issue_deleted", False),
        ("comment_deleted", True),
    ]


def test_a_new_issue_tells_its_first_values(make: Make, events: list[Event]) -> None:
    make("Title", labels=["x"])
    [event] = events
    assert (event.kind, event.type_name) == ("jira:issue_created", "issue_created")
    assert event.changelog is not None
    told = {item.field: item.to_string for item in event.changelog.items}
    assert (told["summary"], told["labels"], told["Status"]) == ("Title", "x", "Backlog")


def test_assigning_alone_is_its_own_kind_of_event(
    api: Api, make: Make, people: list[User], events: list[Event]
) -> None:
    make()
    events.clear()
    assert api.put("/issue/FHP-1/assignee", {"accountId": people[1].account_id}).status == 204
    assert [one.type_name for one in events] == ["issue_assigned"]


def test_properties_never_move_updated(
    api: Api, make: Make, site: Site, events: list[Event]
) -> None:
    make()
    before = fields_of(api, "FHP-1")["updated"]
    site.clock.advance(timedelta(minutes=1))
    events.clear()
    assert api.put("/issue/FHP-1/properties/tool", {"a": 1}).status == 201
    assert api.put("/issue/FHP-1/properties/tool", {"a": 2}).status == 200
    assert api.get("/issue/FHP-1", properties="tool").json["properties"] == {"tool": {"a": 2}}
    assert fields_of(api, "FHP-1")["updated"] == before
    assert api.delete("/issue/FHP-1/properties/tool").status == 204
    assert api.get("/issue/FHP-1/properties/tool").status == 404
    kinds = ["issue_property_set", "issue_property_set", "issue_property_deleted"]
    assert [one.kind for one in events] == kinds
