"""Issue links: direction, repetition, rights, and what the issues tell of them (jira.md 6.7)."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.events import Event
from jirasim.site.links import MOST_LINKS
from jirasim.site.model import IssueLink, User
from jirasim.site.state import Site

Make = Callable[..., dict[str, Any]]


def tie(api: Api, source: str = "FHP-1", target: str = "FHP-2", **more: Any) -> int:
    body = {
        "type": {"name": "Blocks"},
        "inwardIssue": {"key": source},
        "outwardIssue": {"key": target},
        **more,
    }
    return api.post("/issueLink", body).status


def links(api: Api, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/issue/{key}").json["fields"]["issuelinks"]
    return found


@pytest.fixture
def two(make: Make) -> None:
    """FHP-1 and FHP-2."""
    make("First")
    make("Second")


@pytest.mark.usefixtures("two")
def test_the_inward_issue_of_the_request_blocks_the_outward_one(api: Api) -> None:
    body = {
        "type": {"name": "Blocks"},
        "inwardIssue": {"key": "FHP-1"},
        "outwardIssue": {"key": "FHP-2"},
    }
    reply = api.post("/issueLink", body)
    assert (reply.status, reply.content) == (201, b"")
    [here], [there] = links(api, "FHP-1"), links(api, "FHP-2")
    assert here["type"]["outward"] == "blocks"
    assert (here["outwardIssue"]["key"], "inwardIssue" in here) == ("FHP-2", False)
    assert (there["inwardIssue"]["key"], "outwardIssue" in there) == ("FHP-1", False)
    assert here["id"] == there["id"]
    shown = here["outwardIssue"]["fields"]
    assert shown.keys() == {"summary", "status", "priority", "issuetype"}
    whole = api.get(f"/issueLink/{here['id']}").json
    assert (whole["inwardIssue"]["key"], whole["outwardIssue"]["key"]) == ("FHP-1", "FHP-2")


@pytest.mark.usefixtures("two")
def test_repeating_a_link_makes_no_second_one(api: Api, events: list[Event]) -> None:
    assert tie(api) == 201
    events.clear()
    assert tie(api, type={"id": "10000"}) == 201
    assert (len(links(api, "FHP-1")), events) == (1, [])
    assert tie(api, "FHP-2", "FHP-1") == 201
    assert tie(api, type={"name": "relates"}) == 201
    assert len(links(api, "FHP-1")) == 3


@pytest.mark.usefixtures("two")
def test_both_issues_move_and_tell_of_it(api: Api, events: list[Event]) -> None:
    before = [api.get(f"/issue/{key}").json["fields"]["updated"] for key in ("FHP-1", "FHP-2")]
    events.clear()
    tie(api)
    after = [api.get(f"/issue/{key}").json["fields"]["updated"] for key in ("FHP-1", "FHP-2")]
    assert all(old < new for old, new in zip(before, after, strict=True))
    api.delete(f"/issueLink/{links(api, 'FHP-1')[0]['id']}")

    def told(key: str) -> list[tuple[Any, Any]]:
        rows = api.get(f"/issue/{key}/changelog").json["values"]
        items = [item for row in rows for item in row["items"]]
        return [(one["fromString"], one["toString"]) for one in items if one["field"] == "Link"]

    forth, back = "This issue blocks FHP-2", "This issue is blocked by FHP-1"
    assert told("FHP-1") == [(None, forth), (forth, None)]
    assert told("FHP-2") == [(None, back), (back, None)]
    assert [one.kind for one in events if one.link is not None] == [
        "issuelink_created",
        "issuelink_deleted",
    ]


@pytest.mark.usefixtures("two")
def test_a_link_is_deleted_once(api: Api) -> None:
    tie(api)
    place = f"/issueLink/{links(api, 'FHP-1')[0]['id']}"
    assert api.delete(place).status == 204
    assert links(api, "FHP-1") == links(api, "FHP-2") == []
    assert api.delete(place).status == 404
    assert api.get(place).status == 404


@pytest.mark.usefixtures("two")
def test_a_remark_is_written_at_the_source_or_nothing_is_done(api: Api) -> None:
    assert tie(api, comment={"body": "text"}) == 400
    assert links(api, "FHP-1") == []
    assert tie(api, comment={"body": doc("Because")}) == 201
    assert api.get("/issue/FHP-1/comment").json["total"] == 1
    assert api.get("/issue/FHP-2/comment").json["total"] == 0


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("more", "status"),
    [
        pytest.param({"type": {"name": "Adores"}}, 404, id="an unknown type"),
        pytest.param({"type": {}}, 404, id="no type"),
        pytest.param({"outwardIssue": {"key": "FHP-9"}}, 404, id="an issue that is not there"),
        pytest.param({"inwardIssue": {}}, 404, id="one end only"),
        pytest.param({"outwardIssue": {"key": "FHP-1"}}, 400, id="an issue with itself"),
    ],
)
def test_a_link_is_refused_with(api: Api, more: dict[str, Any], status: int) -> None:
    assert tie(api, **more) == status
    assert links(api, "FHP-1") == []


@pytest.mark.usefixtures("two")
def test_without_the_right_to_link_nothing_is_found(
    api: Api, people: list[User], site: Site
) -> None:
    fields = {"project": {"key": "READ"}, "issuetype": {"name": "Task"}, "summary": "Look"}
    maya = api.as_user(people[0])
    assert maya.post("/issue", {"fields": fields}).status == 201
    assert tie(api, "READ-1", "FHP-1") == 404
    assert tie(maya, "READ-1", "FHP-1") == 201
    [link] = site.state.links.values()
    assert api.delete(f"/issueLink/{link.id}").status == 204


@pytest.mark.usefixtures("two")
def test_deleting_an_issue_unties_it_later_and_quietly(api: Api, events: list[Event]) -> None:
    tie(api)
    history = api.get("/issue/FHP-2/changelog").json["total"]
    events.clear()
    api.delete("/issue/FHP-1")
    assert [(one.kind, one.cascade) for one in events] == [
        ("jira:issue_deleted", False),
        ("issuelink_deleted", True),
    ]
    assert links(api, "FHP-2") == []
    assert api.get("/issue/FHP-2/changelog").json["total"] == history


@pytest.mark.usefixtures("two")
def test_an_issue_has_a_limit_of_links(api: Api, site: Site) -> None:
    for number in range(MOST_LINKS):
        site.tie(IssueLink(str(number), "10003", "10000", "10001"))
    assert tie(api) == 413


def test_types_are_found_by_id(api: Api) -> None:
    names = [one["name"] for one in api.get("/issueLinkType").json["issueLinkTypes"]]
    assert names == ["Blocks", "Cloners", "Duplicate", "Relates"]
    assert api.get("/issueLinkType/10001").json["inward"] == "is cloned by"
    assert api.get("/issueLinkType/99").status == 404
