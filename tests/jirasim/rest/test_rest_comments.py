"""Comments: writing, editing, deleting, restricting, and what they do to the issue (jira.md 6.6)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.events import Event
from jirasim.site.model import User
from jirasim.site.state import Site

Make = Callable[..., dict[str, Any]]
AT = "/issue/FHP-1/comment"


def updated(api: Api) -> str:
    stamp: str = api.get("/issue/FHP-1", fields="updated").json["fields"]["updated"]
    return stamp


def test_a_comment_is_answered_with_201_and_its_place(api: Api, make: Make) -> None:
    make()
    reply = api.post(AT, {"body": doc("Hello")})
    assert (reply.status, reply.headers["location"]) == (201, reply.json["self"])
    assert reply.json["author"]["displayName"] == "Duolog Sync"
    assert reply.json["jsdPublic"] is True
    assert api.get(f"{AT}/{reply.json['id']}").json == reply.json


def test_pages_go_either_way(api: Api, make: Make) -> None:
    make()
    ids = [api.post(AT, {"body": doc(str(number))}).json["id"] for number in range(5)]
    page = api.get(AT, startAt=1, maxResults=2).json
    assert [one["id"] for one in page["comments"]] == ids[1:3]
    assert (page["startAt"], page["maxResults"], page["total"]) == (1, 2, 5)
    newest = api.get(AT, orderBy="-created", maxResults=1).json["comments"]
    assert [one["id"] for one in newest] == ids[-1:]


def test_version_two_takes_and_gives_wiki_text(api: Api, make: Make) -> None:
    make()
    old = "/rest/api/2" + AT
    made = api.post(old, {"body": "*loud*"}).json
    assert made["body"] == "*loud*"
    assert api.get(f"{AT}/{made['id']}").json["body"]["type"] == "doc"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"body": "text"}, id="text where ADF is due"),
        pytest.param(
            {"body": {"type": "doc", "version": 1, "content": []}}, id="an empty document"
        ),
    ],
)
def test_a_comment_is_refused_with(api: Api, make: Make, body: dict[str, Any]) -> None:
    make()
    reply = api.post(AT, body)
    assert (reply.status, list(reply.json["errors"])) == (400, ["comment"])
    assert api.get(AT).json["total"] == 0


def test_adding_and_editing_move_updated_but_deleting_does_not(api: Api, make: Make) -> None:
    make()
    stamps = [updated(api)]
    comment = api.post(AT, {"body": doc("One")}).json["id"]
    stamps.append(updated(api))
    api.put(f"{AT}/{comment}", {"body": doc("Two")})
    stamps.append(updated(api))
    assert stamps == sorted(set(stamps))
    assert api.delete(f"{AT}/{comment}").status == 204
    assert updated(api) == stamps[-1]


def test_the_switches_turn_that_round(api: Api, make: Make, site: Site) -> None:
    site.state.settings = replace(
        site.state.settings,
        comment_add_moves_updated=False,
        comment_edit_moves_updated=False,
        comment_delete_moves_updated=True,
    )
    make()
    before = updated(api)
    comment = api.post(AT, {"body": doc("One")}).json["id"]
    api.put(f"{AT}/{comment}", {"body": doc("Two")})
    assert updated(api) == before
    api.delete(f"{AT}/{comment}")
    assert updated(api) > before


def test_everybody_edits_their_own_and_administrators_all(
    api: Api, make: Make, people: list[User]
) -> None:
    make()
    aiko, jonas = api.as_user(people[1]), api.as_user(people[2])
    comment = aiko.post(AT, {"body": doc("Aiko's")}).json["id"]
    assert jonas.put(f"{AT}/{comment}", {"body": doc("Jonas'")}).status == 400
    assert jonas.delete(f"{AT}/{comment}").status == 400
    edited = api.put(f"{AT}/{comment}", {"body": doc("Corrected")}).json
    assert edited["author"]["displayName"] == "Aiko Tanabe"
    assert edited["updateAuthor"]["displayName"] == "Duolog Sync"
    assert aiko.delete(f"{AT}/{comment}").status == 204


def test_a_restricted_comment_does_not_exist_for_others(
    api: Api, make: Make, people: list[User]
) -> None:
    make()
    only = {"visibility": {"type": "role", "value": "Administrator"}}
    comment = api.post(AT, {"body": doc("Secret"), **only}).json
    assert comment["visibility"]["value"] == "Administrator"
    aiko = api.as_user(people[1])
    assert aiko.get(AT).json["total"] == 0
    assert aiko.get(f"{AT}/{comment['id']}").status == 404
    assert aiko.post("/comment/list", {"ids": [int(comment["id"])]}).json["values"] == []
    assert aiko.get("/issue/FHP-1").json["fields"]["comment"]["total"] == 0
    assert api.get(AT).json["total"] == 1


def test_properties_are_kept_with_the_comment(api: Api, make: Make) -> None:
    make()
    given = {"properties": [{"key": "origin", "value": {"id": 7}}]}
    comment = api.post(AT, {"body": doc("One"), **given}).json["id"]
    base = f"/comment/{comment}/properties"
    assert api.get(f"{base}/origin").json == {"key": "origin", "value": {"id": 7}}
    assert api.put(f"{base}/more", [1]).status == 201
    assert api.put(f"{base}/more", [2]).status == 200
    listed = api.post("/comment/list", {"ids": [int(comment)]}, expand="properties").json
    assert {one["key"] for one in listed["values"][0]["properties"]} == {"origin", "more"}
    assert api.delete(f"{base}/more").status == 204
    assert api.get(f"{base}/more").status == 404


def test_events_carry_the_comment(api: Api, make: Make, events: list[Event]) -> None:
    make()
    events.clear()
    comment = api.post(AT, {"body": doc("One")}).json["id"]
    api.put(f"{AT}/{comment}", {"body": doc("Two")})
    api.delete(f"{AT}/{comment}")
    kinds = ["comment_created", "comment_updated", "comment_deleted"]
    assert [one.kind for one in events] == kinds
    assert {one.comment.id for one in events if one.comment is not None} == {comment}
