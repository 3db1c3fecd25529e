"""A binding over REST is not overwritten by who read it before somebody else changed it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.jirasim import Jira
from helpers.rest import rest_of

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        yield bound


def test_an_etag_guards_a_binding_against_overwriting(bound: Bound) -> None:
    boss = rest_of(bound.owner)
    wish = {
        "scope": {"team_id": str(bound.team.pk)},
        "connection_id": str(bound.connection.pk),
        "jira_project_key": bound.jira.project_key,
        "direction": "two_way",
        "start": "everything",
    }
    made = boss.ask("POST", "/bindings", wish)
    path = f"/bindings/{made.json()['id']}"
    bound.run()
    seen = boss.ask("GET", path)["ETag"]
    assert seen == made["ETag"] == f'"{boss.get("/bindings")["items"][0]["version"]}"'
    changed = boss.ask("PATCH", path, {"direction": "one_way"}, If_Match=seen)
    assert (changed.status_code, changed["ETag"]) == (200, boss.ask("GET", path)["ETag"])
    empty = {"mapping": {"users": {"out": {}, "in": {}}}}
    for body in ({"conflict_policy": "jira_wins"}, empty):
        stale = boss.ask("PATCH", path, body, If_Match=seen)
        assert (stale.status_code, stale["ETag"]) == (412, changed["ETag"])
        assert "Look at it again" in stale.json()["detail"]
    assert boss.get(path)["conflict_policy"] == "ask"
    boss.patch(path, empty | {"conflict_policy": "jira_wins"}, If_Match=changed["ETag"])
    assert boss.ask("PATCH", path, empty, If_Match=changed["ETag"]).status_code == 412
    boss.patch(path, {"conflict_policy": "ask"})
    boss.patch(path, {"direction": "two_way"}, If_Match="*")
    assert boss.ask("GET", path)["ETag"] != changed["ETag"]
    assert boss.ask("DELETE", path, If_Match=seen).status_code == 412
    boss.delete(path, If_Match=boss.ask("GET", path)["ETag"])
