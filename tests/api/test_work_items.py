"""Work items over REST: shapes of the contract, lists, versions, comments."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.builders import a_team, an_item
from helpers.rest import Rest

from duolog.workplace.models import Team

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SHAPE = {
    "id", "key", "title", "description", "type", "status", "priority", "assignee", "reporter",
    "labels", "components", "fix_versions", "due_on", "start_on", "estimate_seconds",
    "remaining_seconds", "properties", "parent_id", "project_id", "team_id", "rank", "created_at", "updated_at", "version", "link",
}  # fmt: skip


def _made(rest: Rest, team: Team, **fields: object) -> Any:
    return rest.post("/work-items", {"team_id": str(team.pk), "title": "Mend it", **fields})


def test_a_new_item_has_the_shape_of_the_contract(rest: Rest, team: Team) -> None:
    me = rest.get("/me")
    item = _made(
        rest, team, description="Say **why**.", type="bug", status="in progress", priority="high",
        assignee_id=me["id"], labels=["b", "a"], due_on="2027-01-31", estimate_seconds=3600,
    )  # fmt: skip
    assert set(item) == SHAPE
    assert item["key"] == f"{team.key_prefix}-1"
    assert item["team_id"] == str(team.pk)
    assert item["status"]["name"] == "In progress"
    assert item["status"]["stage"] == "in_progress"
    assert item["assignee"] == {"id": me["id"], "name": me["name"], "email": me["email"]}
    assert item["labels"] == ["a", "b"]
    assert item["due_on"] == "2027-01-31"
    assert item["created_at"].endswith("Z")
    assert item["link"] is None
    assert rest.get(f"/work-items/{item['id']}") == item
    assert rest.get(f"/work-items/{item['key'].lower()}") == item


def test_numbers_serve_as_ids_too(rest: Rest, team: Team) -> None:
    assert rest.post("/work-items", {"team_id": team.pk, "title": "x"})["team_id"] == str(team.pk)


def test_a_patch_with_a_team_moves_the_item(rest: Rest, team: Team) -> None:
    other = a_team(team.workplace, name="Web", key_prefix="WEB")
    item = _made(rest, team)
    moved = rest.patch(
        f"/work-items/{item['id']}", {"team_id": str(other.pk), "status": "Done", "title": "Moved"}
    )
    assert (moved["key"], moved["team_id"]) == ("WEB-1", str(other.pk))
    assert (moved["title"], moved["status"]["name"]) == ("Moved", "Done")
    assert rest.get(f"/work-items/{item['key']}") == moved, "its former key leads to it"
    wrong = {"team_id": str(team.pk), "status_id": moved["status"]["id"]}
    refused = rest.patch(f"/work-items/{item['id']}", wrong, status=422)
    assert "Choose one of the team's statuses" in str(refused)


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        pytest.param({"title": "New"}, "title", "New", id="a title"),
        pytest.param({"status": "Done"}, ("status", "name"), "Done", id="a status by its name"),
        pytest.param({"assignee_id": None}, "assignee", None, id="nobody"),
        pytest.param({"labels": []}, "labels", [], id="no labels"),
        pytest.param({"components": ["API"]}, "components", ["API"], id="a component"),
        pytest.param({"fix_versions": ["2.0"]}, "fix_versions", ["2.0"], id="a fix version"),
        pytest.param({"remaining_seconds": 60}, "remaining_seconds", 60, id="what remains"),
        pytest.param({"reporter_id": None}, "reporter", None, id="no reporter"),
        pytest.param({"due_on": None}, "due_on", None, id="no due date"),
        pytest.param({"priority": "urgent"}, "priority", "urgent", id="a priority"),
    ],
)
def test_a_patch_changes_only_what_it_names(
    rest: Rest, team: Team, changes: dict[str, object], field: Any, value: object
) -> None:
    before = _made(
        rest, team, labels=["x"], due_on="2027-01-31", assignee_id=rest.get("/me")["id"],
        estimate_seconds=3600,
    )  # fmt: skip
    after = rest.patch(f"/work-items/{before['id']}", changes)
    outer, inner = field if isinstance(field, tuple) else (field, None)
    assert (after[outer][inner] if inner else after[outer]) == value
    assert after["version"] == before["version"] + 1
    same = SHAPE - {outer, "version", "updated_at"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"title": ""}, "title", id="an empty title"),
        pytest.param({"title": "a\nb"}, "title", id="a title of two lines"),
        pytest.param({"title": "x", "status": "Nowhere"}, "status_id", id="an unknown status"),
        pytest.param({"title": "x", "assignee_id": "999999"}, "assignee_id", id="a stranger"),
        pytest.param({"title": "x", "parent_id": "999999"}, "parent_id", id="an unknown parent"),
        pytest.param({"title": "x", "due_on": "tomorrow"}, "due_on", id="a date in words"),
        pytest.param({"title": "x", "type": "poem"}, "type", id="an unknown type"),
        pytest.param({"title": "x", "prioritty": "high"}, "prioritty", id="a misspelt field"),
        pytest.param({}, "title", id="nothing at all"),
    ],
)
def test_what_cannot_be_stored_is_named_by_field(
    rest: Rest, team: Team, body: dict[str, object], field: str
) -> None:
    problem = rest.post("/work-items", {"team_id": str(team.pk), **body}, status=422)
    assert [error["field"] for error in problem["errors"]] == [field]
    assert all(error["message"] for error in problem["errors"])
    assert rest.get("/work-items")["items"] == []


def test_a_list_is_read_page_by_page(rest: Rest, team: Team) -> None:
    made = [_made(rest, team, title=f"Item {number}")["id"] for number in range(5)]
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        page = rest.get(f"/work-items?team={team.pk}&limit=2&cursor={cursor}")
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"] or ""
    assert seen == made
    assert cursor == ""


def test_lists_are_narrowed(rest: Rest, team: Team) -> None:
    one = _made(rest, team, title="Rotate the keys")
    two = _made(rest, team, title="Cap the upload size")
    found = rest.get("/work-items?q=upl")["items"]
    assert [item["id"] for item in found] == [two["id"]]
    rest.patch(f"/work-items/{one['id']}", {"title": "Rotate all keys"})
    changed = rest.get(f"/work-items?updated_since={two['updated_at']}")["items"]
    assert [item["id"] for item in changed] == [two["id"], one["id"]]
    assert rest.get("/work-items?project=77")["items"] == []


def test_a_list_asks_no_more_for_more_rows(
    rest: Rest, team: Team, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        an_item(team, title=f"Item {number}", labels=["x"])
    with django_assert_max_num_queries(12):
        assert len(rest.get("/work-items")["items"]) == 12


@pytest.mark.parametrize(
    "query",
    ["cursor=nonsense", "limit=0", "limit=101", "updated_since=yesterday",
     "updated_since=2027-01-01T00:00:00", "team=abc"],
)  # fmt: skip
def test_a_wrong_query_is_refused(rest: Rest, query: str) -> None:
    answer = rest.ask("GET", f"/work-items?{query}")
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"]


def test_an_etag_guards_against_overwriting(rest: Rest, team: Team) -> None:
    item = _made(rest, team)
    path = f"/work-items/{item['id']}"
    seen = rest.ask("GET", path)["ETag"]
    assert seen == f'"{item["version"]}"'
    assert rest.patch(path, {"title": "First"}, If_Match=seen)["title"] == "First"
    stale = rest.ask("PATCH", path, {"title": "Second"}, If_Match=seen)
    assert stale.status_code == 412
    assert stale["ETag"] == rest.ask("GET", path)["ETag"]
    assert rest.ask("DELETE", path, If_Match=seen).status_code == 412
    assert rest.get(path)["title"] == "First"
    rest.patch(path, {"title": "Third"}, If_Match="*")
    rest.delete(path, If_Match=rest.ask("GET", path)["ETag"])


def test_a_deleted_item_is_gone_until_restored(rest: Rest, team: Team) -> None:
    item = _made(rest, team)
    path = f"/work-items/{item['id']}"
    rest.delete(path)
    assert rest.ask("GET", path).status_code == 404
    assert rest.post(f"{path}/restore", status=200)["title"] == "Mend it"
    assert rest.get(path)["id"] == item["id"]


@pytest.mark.parametrize("name", ["0", "999999999", "99999999999999999999", "a b", "PLAT", "%00"])
def test_no_item_has_such_a_name(rest: Rest, name: str) -> None:
    answer = rest.ask("GET", f"/work-items/{name}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_comments_are_written_edited_and_deleted(rest: Rest, team: Team) -> None:
    path = f"/work-items/{_made(rest, team)['id']}/comments"
    first = rest.post(path, {"body": "Who does it?"})
    answer = rest.post(path, {"body": "I do.", "parent_id": first["id"]})
    assert answer["parent_id"] == first["id"]
    assert rest.patch(f"{path}/{first['id']}", {"body": "Who will?"})["edited_at"]
    assert rest.get(f"{path}/{first['id']}")["body"] == "Who will?"
    rest.delete(f"{path}/{answer['id']}")
    assert [comment["body"] for comment in rest.get(path)["items"]] == ["Who will?"]
    assert rest.post(path, {"body": "x", "parent_id": "424242"}, status=422)["errors"] == [
        {"field": "parent_id", "message": "The comment you answer is no longer there."}
    ]


def test_an_etag_guards_a_comment_against_overwriting(rest: Rest, team: Team) -> None:
    comments = f"/work-items/{_made(rest, team)['id']}/comments"
    made = rest.ask("POST", comments, {"body": "As it was"})
    path = f"{comments}/{made.json()['id']}"
    seen = rest.ask("GET", path)["ETag"]
    assert seen == made["ETag"] == f'"{rest.get(comments)["items"][0]["version"]}"'
    changed = rest.ask("PATCH", path, {"body": "First"}, If_Match=seen)
    assert (changed.status_code, changed["ETag"]) == (200, rest.ask("GET", path)["ETag"])
    stale = rest.ask("PATCH", path, {"body": "Second"}, If_Match=seen)
    assert (stale.status_code, stale["ETag"]) == (412, changed["ETag"])
    assert "Look at it again" in stale.json()["detail"]
    assert rest.ask("DELETE", path, If_Match=seen).status_code == 412
    assert rest.get(path)["body"] == "First"
    rest.patch(path, {"body": "Third"}, If_Match="*")
    rest.patch(path, {"body": "Fourth"})
    rest.delete(path, If_Match=rest.ask("GET", path)["ETag"])
    assert rest.get(comments)["items"] == []


def test_a_comment_belongs_to_its_item(rest: Rest, team: Team) -> None:
    one, two = _made(rest, team)["id"], _made(rest, team)["id"]
    comment = rest.post(f"/work-items/{one}/comments", {"body": "Here"})
    assert rest.ask("GET", f"/work-items/{two}/comments/{comment['id']}").status_code == 404
    assert rest.ask("DELETE", f"/work-items/{two}/comments/{comment['id']}").status_code == 404


def test_activity_names_the_api_as_the_way(rest: Rest, team: Team) -> None:
    item = _made(rest, team)
    rest.patch(f"/work-items/{item['id']}", {"title": "Other"})
    page = rest.get(f"/work-items/{item['id']}/activity?limit=1")
    (latest,) = page["items"]
    assert (latest["field"], latest["before"], latest["after"]) == ("title", "Mend it", "Other")
    assert latest["cause"] == "api"
    older = rest.get(f"/work-items/{item['id']}/activity?cursor={page['next_cursor']}")
    assert [line["verb"] for line in older["items"]] == ["created"]
    assert older["next_cursor"] is None
