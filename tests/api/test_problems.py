"""Every refusal is application/problem+json in words, whatever refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.test import Client
from helpers.builders import a_member, a_team
from helpers.rest import Rest, rest_of

from duolog.api.limits import AT_ONCE, PER_SECOND, Limits
from duolog.connections.gate import GATE, PLACES
from duolog.people.models import Member
from duolog.people.services import add_member
from duolog.workplace.models import Team

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def _is_problem(answer: Any, status: int) -> None:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/nowhere", 404, id="an address that is not there"),
        pytest.param("GET", "/teams/abc", 404, id="an id that is none"),
        pytest.param("GET", "/teams/99999999999999999999999", 404, id="an id beyond all ids"),
        pytest.param("PUT", "/teams", 405, id="a method that is not taken"),
        pytest.param("GET", "/projects/99", 404, id="a project that is not there"),
        pytest.param("GET", "/journal?cursor=x", 404, id="a cursor of nowhere"),
        pytest.param("GET", "/inbox/hold-9", 404, id="an entry that is settled"),
        pytest.param("GET", "/inbox?kind=x", 422, id="an unknown kind"),
    ],
)
def test_refusals_are_problems(rest: Rest, method: str, path: str, status: int) -> None:
    _is_problem(rest.ask(method, path), status)


@pytest.mark.parametrize(
    "body",
    ["{", "nonsense", '{"title": "\\u0000", "team_id": 1}', '{"title": "\\ud800", "team_id": 1}',
     '{"title": "x", "team_id": 1, "rank": NaN}'],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_a_problem(rest: Rest, body: str) -> None:
    client = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {rest.token}"}
    answer = client.generic(
        "POST", "/api/v1/work-items", body, content_type="application/json", headers=headers
    )
    _is_problem(answer, 400)


def test_a_body_beyond_all_measure_is_a_problem(rest: Rest, team: Team, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    _is_problem(rest.ask("POST", "/work-items", {"team_id": team.pk, "title": "x" * 2000}), 413)


def test_who_may_not_is_told_who_may(team: Team) -> None:
    answer = rest_of(a_member(team.workplace)).ask(
        "POST", "/teams", {"name": "A", "key_prefix": "AA"}
    )
    _is_problem(answer, 403)
    assert "Olive Owner" in answer.json()["detail"]


def test_signing_in_is_explained() -> None:
    answer = Rest().ask("GET", "/me")
    _is_problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.fixture
def full_gate() -> Iterator[None]:
    """As many requests as may wait for Jira are waiting."""
    taken = [GATE.passed() for _ in range(PLACES)]
    for place in taken:
        place.__enter__()
    yield
    for place in taken:
        place.__exit__(None, None, None)


def test_a_full_gate_asks_to_come_back(rest: Rest, full_gate: None) -> None:
    body = {"address": "http://127.0.0.1:9", "email": "a@example.com", "secret": "x"}
    answer = rest.ask("POST", "/connections", body)
    _is_problem(answer, 503)
    assert int(answer["Retry-After"]) >= 1


def _signed_in(member: Member) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_database_that_cannot_be_reached_is_told_as_such(owner: Member) -> None:
    rest = rest_of(owner)

    def cut(*_: object) -> None:
        raise OperationalError("the connection is closed")

    with connection.execute_wrapper(cut):
        answer = rest.ask("GET", "/me")
    _is_problem(answer, 503)
    assert answer["Retry-After"] == "5"
    assert "database cannot be reached" in answer.json()["detail"]


def test_a_session_reads_and_writes_with_the_csrf_token(owner: Member) -> None:
    client = _signed_in(owner)
    assert client.get("/api/v1/me").json()["email"] == owner.user.email
    body = {"name": "New", "key_prefix": "NEW"}
    _is_problem(client.post("/api/v1/teams", body, content_type="application/json"), 403)
    client.cookies[django_settings.CSRF_COOKIE_NAME] = "a" * 32
    made = client.post(
        "/api/v1/teams", body, content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert made.status_code == 201


def test_a_session_in_several_workplaces_names_one(owner: Member) -> None:
    other = a_team().workplace
    add_member(other, owner.user)
    client = _signed_in(owner)
    _is_problem(client.get("/api/v1/me"), 422)
    named = client.get("/api/v1/me", headers={"X-Workplace": other.slug})
    assert named.json()["workplace"]["slug"] == other.slug
    _is_problem(client.get("/api/v1/me", headers={"X-Workplace": "nowhere"}), 404)


def test_who_asks_too_often_waits_and_goes_on() -> None:
    now = [1000.0]
    limits = Limits(lambda: now[0])
    assert [limits.take("a") for _ in range(int(AT_ONCE))] == [None] * int(AT_ONCE)
    assert limits.take("a") == timedelta(seconds=1 / PER_SECOND)
    assert limits.take("b") is None
    now[0] += 1.0
    assert [limits.take("a") for _ in range(int(PER_SECOND))] == [None] * int(PER_SECOND)
    assert limits.take("a") is not None
