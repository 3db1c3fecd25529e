"""Views that ask Jira pass one gate, and say its failures in words."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from duolog.connections.gate import Gate, GateFull
from duolog.core.errors import Refused, Retryable, SyncError
from duolog.people.models import Member
from duolog.web.asking import asks_jira

AT_ONCE = 0.0
REQUEST = RequestFactory().get("/")
NOBODY = Member()


def test_as_many_pass_as_there_are_places_and_each_leaves_its_own_behind() -> None:
    gate = Gate(2, patience_seconds=AT_ONCE)
    with gate.passed(), gate.passed(), pytest.raises(GateFull), gate.passed():
        pytest.fail("a third came in")
    with gate.passed(), gate.passed():
        pass


def test_a_place_is_given_back_by_whoever_fails() -> None:
    gate = Gate(1, patience_seconds=AT_ONCE)
    with pytest.raises(ValueError, match="broken"), gate.passed():
        raise ValueError("broken")
    with gate.passed():
        pass


def test_who_waits_gets_the_place_that_becomes_free() -> None:
    gate = Gate(1, patience_seconds=10)
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with gate.passed():
            inside.set()
            leave.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert inside.wait(10)
    leave.set()
    with gate.passed():
        pass
    holder.join(10)


def test_a_full_gate_answers_503_and_when_to_come_again() -> None:
    gate = Gate(1, patience_seconds=AT_ONCE)
    view = asks_jira(_fine, gate)
    with gate.passed():
        answer: Any = view(REQUEST, NOBODY)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "try again in 5 seconds" in answer.content.decode()
    assert view(REQUEST, NOBODY).status_code == 200


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(Retryable("Jira <is> busy.", hint="Wait."), 503, id="what passes by itself"),
        pytest.param(Refused("Jira <is> busy.", hint="Wait."), 422, id="what a person must change"),
    ],
)
def test_a_failure_of_jira_is_said_with_its_hint_escaped(error: SyncError, status: int) -> None:
    def fail(_request: HttpRequest, _member: Member) -> HttpResponse:
        raise error

    answer: Any = asks_jira(fail, Gate())(REQUEST, NOBODY)
    assert answer.status_code == status
    assert "Jira &lt;is&gt; busy. Wait." in answer.content.decode()


def _fine(_request: HttpRequest, _member: Member) -> HttpResponse:
    return HttpResponse("fine")
