"""The same Idempotency-Key creates once and answers the same, also when requests race."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from helpers.builders import a_member
from helpers.jirasim import Jira
from helpers.rest import Rest, rest_of
from helpers.threads import all_at_once

from duolog.api.models import RememberedAnswer
from duolog.workplace.models import Team, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _body(team: Team, title: str = "Mend it") -> dict[str, str]:
    return {"team_id": str(team.pk), "title": title}


def test_repeating_creates_nothing_and_answers_the_same(rest: Rest, team: Team) -> None:
    first = rest.ask("POST", "/work-items", _body(team), Idempotency_Key="k")
    again = rest.ask("POST", "/work-items", _body(team), Idempotency_Key="k")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first["ETag"] == again["ETag"] == '"1"'
    assert WorkItem.objects.count() == 1


def test_without_a_key_each_request_creates(rest: Rest, team: Team) -> None:
    for _ in range(2):
        rest.post("/work-items", _body(team))
    assert WorkItem.objects.count() == 2


def test_a_key_stands_for_one_request(rest: Rest, team: Team) -> None:
    rest.post("/work-items", _body(team), Idempotency_Key="k")
    problem = rest.post("/work-items", _body(team, "Other"), status=422, Idempotency_Key="k")
    assert problem["errors"][0]["field"] == "Idempotency-Key"


def test_a_key_belongs_to_one_member(rest: Rest, team: Team) -> None:
    colleague = rest_of(a_member(team.workplace, name="Cleo Cole"))
    one = rest.post("/work-items", _body(team), Idempotency_Key="k")
    two = colleague.post("/work-items", _body(team), Idempotency_Key="k")
    assert one["id"] != two["id"]


def test_a_refusal_is_not_remembered(rest: Rest, team: Team) -> None:
    rest.post("/work-items", _body(team, ""), status=422, Idempotency_Key="k")
    assert rest.post("/work-items", _body(team), Idempotency_Key="k")["title"] == "Mend it"


def test_a_day_later_the_key_is_new(rest: Rest, team: Team) -> None:
    rest.post("/work-items", _body(team), Idempotency_Key="k")
    _age(timedelta(days=1, minutes=1))
    rest.post("/work-items", _body(team), Idempotency_Key="k")
    assert WorkItem.objects.count() == 2


@pytest.mark.parametrize("key", ["x" * 201], ids=["a key that is too long"])
def test_a_key_that_cannot_be_kept_is_refused(rest: Rest, team: Team, key: str) -> None:
    rest.post("/work-items", _body(team), status=422, Idempotency_Key=key)


def test_requests_that_race_create_once(rest: Rest, team: Team) -> None:
    def post() -> Any:
        return rest.ask("POST", "/work-items", _body(team), Idempotency_Key="k")

    answers = all_at_once([post] * 4)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert WorkItem.objects.count() == 1


def test_a_link_that_is_told_once_is_not_kept_in_the_clear(rest: Rest) -> None:
    made = rest.post("/invitations", {"email": "new@example.com"}, Idempotency_Key="k")
    kept = bytes(RememberedAnswer.objects.get().sealed_body or b"")
    assert made["url"].rpartition("/")[2].encode() not in kept
    again = rest.post("/invitations", {"email": "new@example.com"}, Idempotency_Key="k")
    assert again == made


def test_a_failed_connection_is_not_remembered(rest: Rest, team: Team) -> None:
    body = {"address": "http://127.0.0.1:9", "email": "a@example.com", "secret": "x"}
    for _ in range(2):
        rest.post("/connections", body, status=422, Idempotency_Key="k")
    assert RememberedAnswer.objects.count() == 0


def test_a_request_under_way_keeps_others_waiting_until_it_must_have_died(
    rest: Rest, jira: Jira
) -> None:
    body = {"address": jira.url, "email": jira.service.email, "secret": jira.service.api_token}
    made = rest.post("/connections", body, Idempotency_Key="k")
    assert rest.post("/connections", body, Idempotency_Key="k") == made
    RememberedAnswer.objects.update(sealed_body=None)  # as if the first were still asking Jira
    waiting = rest.ask("POST", "/connections", body, Idempotency_Key="k")
    assert (waiting.status_code, waiting["Retry-After"]) == (409, "2")
    _age(timedelta(minutes=3))
    taken_over = rest.post("/connections", body, status=422, Idempotency_Key="k")
    assert "connected already" in taken_over["detail"]


def _age(by: timedelta) -> None:
    for row in RememberedAnswer.objects.all():
        row.claimed_at -= by
        row.save()
