"""Relations and web links over REST, as each end tells them."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.builders import a_team, an_item
from helpers.rest import Rest

from duolog.workplace.models import Relation, Team, WebLink, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def item(team: Team) -> WorkItem:
    return an_item(team)


@pytest.fixture
def other(team: Team) -> WorkItem:
    return an_item(team, title="The other one")


def at(item: WorkItem, rest: str = "relations") -> str:
    return f"/work-items/{item.pk}/{rest}"


def test_a_relation_is_told_from_both_ends(rest: Rest, item: WorkItem, other: WorkItem) -> None:
    made = rest.post(at(item), {"type": "is_blocked_by", "work_item_id": str(other.pk)})
    assert set(made) == {"id", "type", "words", "work_item_id", "work_item", "created_at"}
    assert (made["type"], made["work_item_id"]) == ("is_blocked_by", str(other.pk))
    assert made["work_item"]["key"] == other.key
    assert made["work_item"]["status"]["stage"] == "to_do"
    assert rest.get(at(item))["items"] == [made]
    (mirrored,) = rest.get(at(other))["items"]
    assert (mirrored["id"], mirrored["type"]) == (made["id"], "blocks")
    assert mirrored["work_item_id"] == str(item.pk)
    assert rest.get(f"{at(item)}/{made['id']}") == made
    again = rest.post(at(other), {"type": "blocks", "work_item_id": item.pk})
    assert again == mirrored
    rest.delete(f"{at(other)}/{made['id']}")
    assert rest.get(at(item))["items"] == []
    rest.delete(f"{at(item)}/{made['id']}", status=404)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        pytest.param({"type": "blocks"}, 422, "work_item_id", id="nothing at the other end"),
        pytest.param({"type": "likes", "work_item_id": "{other}"}, 422, "type", id="a new type"),
        pytest.param(
            {"type": "blocks", "work_item_id": "{item}"}, 422, "work_item_id", id="itself"
        ),
        pytest.param({"type": "blocks", "work_item_id": "999999"}, 404, None, id="nobody's item"),
        pytest.param({"type": "blocks", "work_item_id": "{foreign}"}, 404, None, id="a stranger's"),
    ],
)
def test_what_cannot_be_related_is_refused(
    rest: Rest, item: WorkItem, other: WorkItem, body: dict[str, str], status: int, field: Any
) -> None:
    foreign = an_item(a_team(key_prefix="FAR"))
    ids = {"item": item.pk, "other": other.pk, "foreign": foreign.pk}
    asked = {name: value.format(**ids) for name, value in body.items()}
    problem = rest.post(at(item), asked, status=status)
    assert [error["field"] for error in problem["errors"]] == ([field] if field else [])
    assert not Relation.objects.exists()


def test_two_items_do_not_block_each_other(rest: Rest, item: WorkItem, other: WorkItem) -> None:
    rest.post(at(item), {"type": "blocks", "work_item_id": other.pk})
    problem = rest.post(at(other), {"type": "blocks", "work_item_id": item.pk}, status=422)
    assert f"{other.key} is blocked by {item.key} already" in problem["detail"]


def test_a_relation_belongs_to_its_own_items(rest: Rest, item: WorkItem, other: WorkItem) -> None:
    made = rest.post(at(item), {"type": "blocks", "work_item_id": other.pk})
    third = an_item(item.team)
    assert rest.ask("GET", f"{at(third)}/{made['id']}").status_code == 404
    rest.delete(f"{at(third)}/{made['id']}", status=404)
    assert rest.get(at(item))["items"] == [made]


def test_a_web_link_is_added_once_and_removed(rest: Rest, item: WorkItem) -> None:
    here = at(item, "web-links")
    made = rest.post(here, {"url": "https://example.com/plan"})
    assert (made["url"], made["title"]) == ("https://example.com/plan", "example.com/plan")
    assert rest.post(here, {"url": made["url"]}) == made
    named = rest.post(here, {"url": made["url"], "title": "The plan"})
    assert named == made | {"title": "The plan"}
    assert rest.get(here)["items"] == [named]
    problem = rest.post(here, {"url": "javascript:alert(1)"}, status=422)
    assert [error["field"] for error in problem["errors"]] == ["url"]
    assert (
        rest.ask("DELETE", f"{at(an_item(item.team), 'web-links')}/{made['id']}").status_code == 404
    )
    rest.delete(f"{here}/{made['id']}")
    assert not WebLink.objects.exists()
