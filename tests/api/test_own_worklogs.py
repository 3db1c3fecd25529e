"""A person's own time in Jira over REST, with a worker beside it as in a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from helpers.builders import a_member
from helpers.jirasim import Jira
from helpers.own_writing import OwnTime, own_time
from helpers.rest import Rest, rest_of

from duolog.sync.handlers import HANDLERS
from duolog.worker.loop import Worker

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
NINE = "2026-03-02T09:00:00+01:00"
WEEK = "/worklogs?from=2026-03-02&to=2026-03-08&zone=Europe/Berlin"


@pytest.fixture
def time(jira: Jira) -> Iterator[OwnTime]:
    with own_time(jira) as time:
        worker = Worker(HANDLERS, 2, poll=0.05)
        worker.start()
        try:
            yield time
        finally:
            assert worker.stop()


@pytest.fixture
def mine(time: OwnTime) -> Rest:
    return rest_of(time.member)


def wish(time: OwnTime, **more: Any) -> dict[str, Any]:
    return {"connection_id": str(time.connection.pk), "issue": time.issue, "started": NINE,
            "time_spent": "1h 30m", **more}  # fmt: skip


def test_time_is_logged_listed_changed_moved_and_undone(time: OwnTime, mine: Rest) -> None:
    made = mine.post("/worklogs", wish(time, comment="A *talk*"), Idempotency_Key="one")
    assert (made["state"], made["time_spent_seconds"], made["day"]) == ("saved", 5400, "2026-03-02")
    assert mine.post("/worklogs", wish(time, comment="A *talk*"), Idempotency_Key="one") == made
    (there,) = time.there()
    assert (there["id"], made["issue_key"] in made["issue_url"]) == (made["jira_id"], True)
    listed = mine.get(WEEK)
    assert (listed["items"], listed["complete"]) == ([made], True)
    assert listed["time_spent_seconds"] == 5400
    one = f"/worklogs/{made['id']}"
    assert mine.get(one) == made
    changed = mine.patch(one, {"time_spent_seconds": 1200}, If_Match=f'"{made["version"]}"')
    assert (changed["time_spent"], changed["comment"]) == ("20m", "A *talk*")
    assert mine.patch(one, {"comment": ""}, status=412, If_Match=f'"{made["version"]}"')
    moved = mine.post(f"{one}/move", {"issue": time.other}, status=200)
    assert (moved["issue_id"], time.there()) == (time.other, [])
    halves = mine.post(f"{one}/split", {"time_spent": "5m", "comment": "Rest"})["items"]
    assert [each["time_spent_seconds"] for each in halves] == [900, 300]
    assert len(mine.post(f"{one}/undo", status=200)["items"]) == 2
    assert time.seconds_there(time.other) == [1200]
    mine.delete(one)
    assert mine.ask("GET", one).status_code == 404
    assert [each["state"] for each in mine.post(f"{one}/undo", status=200)["items"]] == ["saved"]
    assert time.seconds_there(time.other) == [1200]
    copied = mine.post("/worklogs/copy", {"day": "2026-03-02", "to": "2026-03-04"})["items"]
    assert [each["day"] for each in copied] == ["2026-03-04"]


def test_what_cannot_be_is_said_by_field_and_nothing_is_kept(time: OwnTime, mine: Rest) -> None:
    for more, field in (
        ({"time_spent": "soon"}, "time_spent"),
        ({"time_spent": None, "time_spent_seconds": 90}, "time_spent_seconds"),
        ({"time_spent": None}, "time_spent"),
        ({"issue": "NONE-1"}, "issue"),
        ({"estimate": {"mode": "new"}}, "estimate"),
    ):
        refused = mine.post("/worklogs", wish(time, **more), status=422)
        assert refused["errors"][0]["field"] == field
    assert mine.get(WEEK)["items"] == []
    assert mine.ask("GET", "/worklogs?zone=Nowhere").status_code == 422
    assert mine.ask("GET", "/worklogs?from=2026-03-02&to=2026-03-01").status_code == 422
    for year in ("0001", "9999"):
        far = f"/worklogs?from={year}-12-31&to={year}-12-31"
        assert "between 1970 and 2200" in mine.ask("GET", far).json()["detail"]
        copying = {"day": f"{year}-12-31", "to": "2026-03-04", "week": True}
        assert mine.post("/worklogs/copy", copying, status=422)["errors"][0]["field"] == "day"
    made = mine.post("/worklogs", wish(time))
    assert mine.patch(f"/worklogs/{made['id']}", {"day": "0001-01-01"}, status=422)
    assert time.seconds_there() == [5400]


def test_nobody_else_sees_or_touches_it(time: OwnTime, mine: Rest) -> None:
    made = mine.post("/worklogs", wish(time))
    other = rest_of(a_member(time.workplace, name="Owen Other"))
    one = f"/worklogs/{made['id']}"
    assert other.ask("GET", one).status_code == 404
    assert other.ask("PATCH", one, {"comment": "x"}).status_code == 404
    assert other.ask("DELETE", one).status_code == 404
    for act in ("undo", "retry", "discard"):
        assert other.ask("POST", f"{one}/{act}").status_code == 404
    assert other.ask("POST", f"{one}/move", {"issue": time.other}).status_code == 404
    assert other.ask("POST", "/worklogs", wish(time)).status_code == 404
    assert other.get(WEEK)["items"] == []


def test_what_is_refused_stays_failed_until_it_is_tried_again(time: OwnTime, mine: Rest) -> None:
    time.jira.sim("POST", "settings", {"time_tracking": False})
    try:
        made = mine.post("/worklogs", wish(time))
    finally:
        time.jira.sim("POST", "settings", {"time_tracking": True})
    assert (made["state"], "disabled" in made["problem"]) == ("failed", True)
    assert mine.ask("POST", f"/worklogs/{made['id']}/undo").status_code == 409
    assert mine.post(f"/worklogs/{made['id']}/retry", status=200)["state"] == "saved"
    assert time.seconds_there() == [5400]


def test_jira_that_is_busy_is_waited_for_behind(time: OwnTime, mine: Rest) -> None:
    headers = {"Retry-After": "30"}
    time.fault("POST", "*/worklog", "status_before", status=429, headers=headers)
    made = mine.post("/worklogs", wish(time), status=202)
    assert made["state"] == "pending"
    assert 20 < made["waiting_seconds"] <= 30


def test_one_timer_runs_and_becomes_a_worklog(time: OwnTime, mine: Rest) -> None:
    assert mine.ask("GET", "/timer").status_code == 404
    wish = {"connection_id": str(time.connection.pk), "issue": time.issue, "comment": "Thought"}
    started = mine.post("/timer", wish)
    assert mine.get("/timer") == started
    again = mine.post("/timer", wish, status=409)
    assert started["issue_key"] in again["detail"]
    stopped = mine.delete("/timer", status=200)
    assert (stopped["time_spent_seconds"], stopped["rounded_up"]) == (60, True)
    assert (stopped["comment"], time.seconds_there()) == ("Thought", [60])
    mine.post("/timer", wish)
    mine.post("/timer/discard", status=204)
    assert mine.delete("/timer", status=404)
    assert time.seconds_there() == [60]
